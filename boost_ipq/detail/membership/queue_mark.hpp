// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_QUEUE_MARK_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_QUEUE_MARK_HPP

// The mark in a queue's lock file describes the queue: everything that a
// process must know before it accesses the segment, such as the layout, and the
// ABI of Boost's segment manager, which changed in 1.87 and 1.91.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost/version.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

enum class mark_state : std::uint32_t
{
    making, // or no mark at all
    ready
};

// The beginning of the lock file.
struct queue_mark
{
    std::uint64_t magic = 0;
    mark_state state = mark_state::making;
    std::uint32_t layout = 0;       // layout_version
    std::uint32_t abi = 0;          // segment_abi()
    std::uint32_t lifetime = 0;     // as boost_ipq::lifetime
    std::uint64_t capacity = 0;     // bytes, as asked for
    std::uint64_t alignment = 0;    // bytes
    std::uint64_t segment_size = 0; // bytes
    std::uint64_t root = 0;         // offset of the queue's root object
    std::uint64_t type_size = 0;    // bytes of a typed queue's messages; 0: any
    std::uint64_t type_alignment = 0;
    std::uint32_t segment_word = 0;     // the first bytes of a finished segment
    char name[max_queue_name + 4] = {}; // of the queue, zero-terminated
};

static_assert(offsetof(queue_mark, state) == 8, "the mark changed");
static_assert(offsetof(queue_mark, segment_word) == 72, "the mark changed");
static_assert(sizeof(queue_mark) == 280, "the mark changed");

// Segment managers of Boost versions with the same number can share a segment.
constexpr std::uint32_t segment_abi() noexcept
{
    return BOOST_VERSION < 108700 ? 1 : BOOST_VERSION < 109100 ? 2 : 3;
}

} // namespace detail
} // namespace boost_ipq

#endif
