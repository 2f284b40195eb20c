// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_PEEK_IPP
#define BOOST_IPQ_IMPL_RING_PEEK_IPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/peek.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL peeker::peeker(const ring_view& ring, position next) noexcept
    : m_ring(ring),
      m_next(next),
      // acquire: pairs with advance_head()
      m_head(ring.control->publishers.head.load(std::memory_order_acquire))
{
}

BOOST_IPQ_DECL bool peeker::begin() noexcept
{
    const subscriber_line& line = m_ring.control->subscribers;
    // acquire: pairs with advance_free() and advance_read(). In this order:
    // `read` is never behind `free`.
    m_from = position(line.free.load(std::memory_order_acquire));
    m_read = m_ring.cursors
                 ? m_next
                 : position(line.read.load(std::memory_order_acquire));
    m_at = m_from;
    m_lost = false;
    // Each part begins behind the one before it, unless `free` is damaged.
    return m_ring.holds(m_at) && ++m_begun <= m_ring.size / unit + 2;
}

// What is sent after the call began is left out. If `head` has not moved, what
// lies behind it was sent by a process that was stopped or killed.
BOOST_IPQ_DECL bool peeker::at_end() const noexcept
{
    return static_cast<std::int32_t>(m_at.count() - m_head.count()) >= 0 &&
           m_ring.control->publishers.head.load(std::memory_order_acquire) !=
               m_head.word();
}

BOOST_IPQ_DECL bool peeker::waits(record_header header) const noexcept
{
    const bool is_taken =
        static_cast<std::int32_t>(m_at.count() - m_read.count()) < 0;
    switch (header.state())
    {
    case record_state::committed:
    case record_state::claimed: // a claim at or after `read` took nothing yet
        return !is_taken;
    case record_state::returned:
        return true;
    default:
        return false;
    }
}

// Was the record at m_at, or what is in front of it, freed since it was read?
BOOST_IPQ_DECL bool peeker::was_passed() const noexcept
{
    // The reads of the record come before the load of `free`. Pairs with the
    // release of `free` and its acquire by the publisher that overwrites.
    platform::full_fence();
    const position free(
        m_ring.control->subscribers.free.load(std::memory_order_acquire));
    const auto ahead = static_cast<std::int32_t>(m_at.count() - free.count());
    // With the same number, there is padding between the two.
    return free != m_from && (ahead < 0 || (ahead == 0 && free != m_at));
}

BOOST_IPQ_DECL bool peeker::skip(record_header header) noexcept
{
    if (header.state() > record_state::span || !m_ring.holds(m_at, header))
        return false;
    m_walked += m_ring.extent(header);
    m_at = m_ring.behind(m_at, header);
    return m_ring.holds(m_at) && m_walked <= 2 * m_ring.size;
}

BOOST_IPQ_DECL status
peeker::next(void* buffer, std::size_t room, std::size_t& size) noexcept
{
    for (;;)
    {
        if (m_lost && !begin())
            return status::corrupt;
        if (at_end())
            return status::would_block;
        const record_header header(platform::load_hint(m_ring.header(m_at)));
        const bool found = m_ring.holds(m_at, header) && waits(header);
        size = m_ring.message_size(header);
        if (found && size <= room)
            platform::copy_hint(buffer, m_ring.message(m_at.offset()), size);
        m_lost = was_passed();
        if (m_lost)
            continue;
        if (found && size > room)
            return status::declined;
        if (header.state() == record_state::none)
            return header.word() == 0 ? status::would_block : status::corrupt;
        if (!skip(header))
            return status::corrupt;
        if (found)
            return status::done;
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
