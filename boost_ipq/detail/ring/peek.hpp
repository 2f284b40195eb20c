// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_PEEK_HPP
#define BOOST_IPQ_DETAIL_RING_PEEK_HPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Copies the messages that wait, oldest first, without taking them and without
// a lock.
//
// Meanwhile, others may take a message, and publishers may overwrite it. They
// do that only in front of `free`. So what was read is right if `free` has not
// passed the record afterwards. If it has, the record waits no longer, and the
// walk goes on at `free`.
class peeker
{
public:
    // `next`: of a broadcast's subscriber, the next message that it gets.
    explicit peeker(
        const ring_view& ring,
        position next = position(std::uint64_t(0))) noexcept;

    // Copies the next message into a buffer of `room` bytes. Returns `declined`
    // if it is too small, and does not move on then; `would_block` at the end.
    status next(void* buffer, std::size_t room, std::size_t& size) noexcept;

private:
    // Begins at the oldest record that is in use.
    bool begin() noexcept;
    bool at_end() const noexcept;
    bool waits(record_header header) const noexcept;
    bool was_passed() const noexcept;
    bool skip(record_header header) noexcept;

    const ring_view& m_ring;
    position m_next;   // of a broadcast's subscriber
    position m_head;   // when the walk began
    position m_from{}; // `free` when this part of the walk began
    position m_read{}; // `read` at that time
    position m_at{};   // the next record
    std::size_t m_walked = 0;
    std::size_t m_begun = 0; // number of parts
    bool m_lost = true;      // the record at m_at was freed
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/peek.ipp>
#endif

#endif
