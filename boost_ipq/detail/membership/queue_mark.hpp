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
#include <boost_ipq/detail/membership/fnv.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost/version.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace boost_ipq {
namespace detail {

// What a lock file holds.
enum class mark_state
{
    none,     // nothing: no queue
    making,   // its creator has not finished, or was killed
    ready,    // the mark of a queue
    removing, // of a queue that exists as long as its segment
    damaged,  // anything else
    foreign   // the mark of a queue with a different layout
};

// The beginning of the lock file, see doc/layout.md.
struct queue_mark
{
    std::uint64_t magic = mark_magic;
    std::uint32_t one = 1; // programs with layout 3 read on then
    std::uint32_t layout = layout_version;
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
    std::uint64_t ready = 0;            // 0, or the checksum of the rest
    std::uint64_t epoch = 0;            // random, new for each creation
    std::uint32_t kind = 0;
    std::uint32_t overflow = 0;
    std::uint32_t max_deliveries = 0;
    std::uint32_t special_pages = 0; // huge ones, or of one node
    char dead_letter[max_queue_name + 4] = {};
    char type_name[max_type_name + 1] = {};
    std::uint64_t buffer = 0;  // offset of the ring's buffer
    std::uint64_t type = 0;    // 0, or the checksum of the type
    std::uint64_t manager = 0; // offset of Boost's segment manager
    char unused[232] = {};

    static constexpr std::uint64_t mark_magic = 0x316b72616d717069; // ipqmark1
};

static_assert(offsetof(queue_mark, segment_word) == 72, "see doc/layout.md");
static_assert(offsetof(queue_mark, ready) == 280, "see doc/layout.md");
static_assert(offsetof(queue_mark, dead_letter) == 312, "see doc/layout.md");
static_assert(offsetof(queue_mark, type_name) == 516, "see doc/layout.md");
static_assert(offsetof(queue_mark, buffer) == 768, "see doc/layout.md");
static_assert(offsetof(queue_mark, type) == 776, "see doc/layout.md");
static_assert(sizeof(queue_mark) == 1024, "see doc/layout.md");

// What a queue's messages are: a size of 0 and an empty name stand for any.
inline void clear_type(queue_mark& mark) noexcept
{
    mark.type_size = 0;
    mark.type_alignment = 0;
    std::memset(mark.type_name, 0, sizeof mark.type_name);
    mark.type = 0;
}

// Never 0, the value of a mark that is not ready. The type has a checksum of
// its own: the first process that has one may record it later.
inline std::uint64_t checksum(queue_mark mark) noexcept
{
    mark.ready = 0;
    clear_type(mark);
    return fnv_hash(&mark, sizeof mark) | 1;
}

// Never 0, the value of a queue for messages of any type.
inline std::uint64_t type_checksum(const queue_mark& mark) noexcept
{
    std::uint64_t hash = fnv_hash(&mark.type_size, sizeof mark.type_size);
    hash = fnv_hash(&mark.type_alignment, sizeof mark.type_alignment, hash);
    return fnv_hash(mark.type_name, sizeof mark.type_name, hash) | 1;
}

inline bool has_type(const queue_mark& mark) noexcept
{
    return mark.type != 0;
}

// In place of the checksum while a queue is removed. Never 0.
inline std::uint64_t removing_word(const queue_mark& mark) noexcept
{
    return checksum(mark) ^ 2;
}

// What `size` bytes from the beginning of a lock file are.
inline mark_state state_of(const queue_mark& mark, std::size_t size) noexcept
{
    constexpr std::uint64_t magic = queue_mark::mark_magic;
    if (size == 0)
        return mark_state::none;
    if (std::memcmp(&mark.magic, &magic, (std::min)(size, sizeof magic)) != 0)
        return mark_state::damaged;
    // Of a creator that was killed while it wrote.
    if (size < offsetof(queue_mark, ready))
        return mark_state::making;
    if (mark.layout != layout_version)
        return mark_state::foreign;
    if (size < sizeof mark || mark.ready == 0)
        return mark_state::making;
    return mark.ready == checksum(mark)        ? mark_state::ready
           : mark.ready == removing_word(mark) ? mark_state::removing
                                               : mark_state::damaged;
}

// Segment managers of Boost versions with the same number can share a segment.
constexpr std::uint32_t segment_abi() noexcept
{
    return BOOST_VERSION < 108700 ? 1 : BOOST_VERSION < 109100 ? 2 : 3;
}

} // namespace detail
} // namespace boost_ipq

#endif
