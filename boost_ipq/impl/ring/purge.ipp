// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_PURGE_IPP
#define BOOST_IPQ_IMPL_RING_PURGE_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/purge.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL status purger::run(std::size_t& count, give_up_condition give_up)
{
    const incarnation me = m_reader.ring().self();
    if (me == 0)
        return status::detached;
    // A publisher that died may have left `head` behind its messages.
    const auto end = write_end(m_reader.ring()).rolled_forward(give_up);
    if (!end)
        return status::busy;
    for (;;)
    {
        status entered = m_reader.enter(me, give_up);
        // Messages may lie behind a record that a living publisher fills.
        if (entered == status::would_block && m_reader.held_up())
            entered =
                m_reader.acquire(me, give_up) ? status::done : status::busy;
        if (entered == status::would_block || entered == status::removed)
            return status::done;
        if (entered != status::done)
            return entered;
        const status result = m_reader.leave(drop_some(count, *end, me));
        if (result != status::done)
            return result == status::would_block ? status::done : result;
    }
}

BOOST_IPQ_DECL status
purger::drop_some(std::size_t& count, position end, incarnation me) noexcept
{
    for (std::uint32_t i = 0; i != max_run; ++i)
    {
        oldest_record found;
        const status result =
            find_oldest(m_reader.m_end, m_reader.m_redelivery, found);
        if (result == status::corrupt || result == status::busy)
            return result;
        const bool is_later =
            static_cast<std::int32_t>(found.at.count() - end.count()) >= 0;
        if (result != status::done)
        {
            if (found.header.state() == record_state::reserved && !is_later)
                drop_behind(count, found.at, found.header, end);
            return status::would_block;
        }
        if (is_later)
            return status::would_block;
        m_reader.take(found, me);
        ++count;
    }
    return status::done;
}

// A living publisher fills the record at `at`, so `read` cannot move past it.
// The messages behind it become abandoned records.
BOOST_IPQ_DECL void purger::drop_behind(
    std::size_t& count, position at, record_header header,
    position end) noexcept
{
    const ring_view& ring = m_reader.ring();
    for (std::size_t walked = 0; walked < ring.size;)
    {
        walked += ring.extent(header);
        at = ring.behind(at, header);
        if (static_cast<std::int32_t>(at.count() - end.count()) >= 0 ||
            !m_reader.m_end.read_header(at, header) ||
            header.state() == record_state::none)
            return;
        if (header.state() != record_state::committed)
            continue;
        // Relaxed: only owners of this lock read and change it now.
        ring.header(at).store(
            header.with(record_state::abandoned).word(),
            std::memory_order_relaxed);
        ++count;
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
