// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_PURGE_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_PURGE_HPP

// Skips the messages that wait for a subscriber of a broadcast.

#include <boost_ipq/detail/core/brief_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_state.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/held_records.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <cstddef>
#include <mutex>

namespace boost_ipq {
namespace detail {

class cursor_purge
{
public:
    explicit cursor_purge(cursor_state& state) noexcept : m_state(state) {}

    // Adds the number of messages to `count`.
    status run(std::size_t& count, give_up_condition give_up)
    {
        const status entered = m_state.enter(give_up);
        // What is sent from now on stays: a faster publisher does not keep this
        // call. Each time that it moves the cursor meanwhile, less is left.
        const position goal = m_state.mine.sent();
        while (entered == status::done)
        {
            cursor_word word = m_state.mine.load();
            if (!word.is_live())
                return status::corrupt;
            if (word.is_reading())
            {
                const std::lock_guard<brief_mutex> guard(m_state.mutex);
                if (!m_state.held.active())
                {
                    if (m_state.mine.load().is_reading())
                        return status::corrupt; // only damage sets the bit
                    continue;
                }
                count += purge_held(goal);
                return status::done;
            }
            if (!is_before(word.at(), goal))
                return status::done;
            const walked_records passed =
                walk_records(m_state.ring(), word.at(), goal);
            if (m_state.mine.load() == word &&
                (passed.end == word.at() ||
                 m_state.mine.move(word, passed.end)))
            {
                count += passed.messages;
                return status::done;
            }
        }
        return entered;
    }

private:
    std::size_t purge_held(position goal)
    {
        held_records& held = m_state.held;
        const position next = held.next();
        walked_records passed;
        passed.end = next;
        if (is_before(next, goal))
            passed = walk_records(m_state.ring(), next, goal);
        const std::size_t result = passed.messages + held.count_returned();
        held.pass_up_to(passed.end);
        return result;
    }

    cursor_state& m_state;
};

} // namespace detail
} // namespace boost_ipq

#endif
