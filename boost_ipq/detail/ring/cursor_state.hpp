// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_STATE_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_STATE_HPP

// What the calls of a subscriber of a broadcast share: its cursor, and what it
// reads in place.

#include <boost_ipq/detail/core/brief_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/cursor_search.hpp>
#include <boost_ipq/detail/ring/held_records.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/own_cursor.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <mutex>

namespace boost_ipq {
namespace detail {

struct cursor_state
{
    cursor_state(const ring_view& ring, room_notifier& publishers)
        : mine(ring, publishers)
    {
    }

    cursor_state(const cursor_state&) = delete;
    cursor_state& operator=(const cursor_state&) = delete;

    const ring_view& ring() const noexcept { return mine.ring(); }

    // Takes a cursor, in front of the newest `history` messages.
    status join(std::size_t history, give_up_condition give_up)
    {
        const std::lock_guard<brief_mutex> guard(mutex);
        return join_locked(history, give_up);
    }

    // Joins in a forked child: it gets what is sent from then on.
    status enter(give_up_condition give_up)
    {
        if (BOOST_IPQ_DETAIL_LIKELY(mine.is_mine()))
            return status::done;
        if (ring().self() == 0)
            return status::detached;
        const std::lock_guard<brief_mutex> guard(mutex);
        return enter_locked(give_up);
    }

    status enter_locked(give_up_condition give_up)
    {
        if (mine.is_mine())
            return status::done;
        return ring().self() == 0 ? status::detached : join_locked(0, give_up);
    }

    status join_locked(std::size_t history, give_up_condition give_up)
    {
        const status taken = mine.take(history, give_up);
        if (taken == status::done)
        {
            inherited = inherited || held.any();
            held.clear();
        }
        return taken;
    }

    // With the mutex held: finds the next message and holds it.
    status
    hold_next(position& at, record_header& header, give_up_condition give_up)
    {
        const status entered = enter_locked(give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(entered != status::done))
            return entered;
        return BOOST_IPQ_DETAIL_LIKELY(held.hold_first(at, header))
                   ? status::done
                   : held.hold_next(at, header);
    }

    own_cursor mine;
    cursor_search search{mine};
    mutable brief_mutex mutex{}; // of the rest
    held_records held{mine, search};
    bool inherited = false; // deliveries of the parent of this process
};

} // namespace detail
} // namespace boost_ipq

#endif
