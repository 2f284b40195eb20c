// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_SEARCH_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_SEARCH_HPP

// Finds the next message of a subscriber, past what is not delivered.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/own_cursor.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

class cursor_search
{
public:
    explicit cursor_search(own_cursor& mine) noexcept : m_mine(mine) {}

    // Finds the message at the cursor. `done`: it stood there while the cursor
    // had this word. `other`: records are read in place. `would_block`: there
    // is none, or publishers always moved the cursor meanwhile.
    status find(cursor_word& word, record_header& header) noexcept
    {
        const ring_view& ring = m_mine.ring();
        // Before the search: it finds all that was sent before the removal.
        const bool removed = ring.is_removed();
        std::size_t bytes = 0;
        int overtaken = 0;
        position head{}; // when the first record was passed
        const auto pass = [&](std::size_t size) {
            if (bytes == 0)
                head = m_mine.head();
            bytes += size;
        };
        word = m_mine.load();
        for (;;)
        {
            // Two laps: the head may be seen one record late, and a record may
            // fill the ring.
            if (bytes > 2 * ring.size)
            {
                // Publishers have used the room that this call gave back. If
                // they have not, there is damage.
                const position now = m_mine.head();
                if (now == head)
                    return status::corrupt;
                if (++overtaken == max_overtaken)
                    return status::would_block;
                head = now;
                bytes = 0;
            }
            if (!word.is_live())
                return status::corrupt;
            if (word.is_reading())
                return status::other;
            const position at = word.at();
            const found_record what = look_at(ring, at, header);
            const cursor_word now = m_mine.load();
            if (now != word ||
                (what == found_record::damage && !m_mine.stands_at(word)))
            {
                if (++overtaken == max_overtaken)
                    return status::would_block;
                word = m_mine.load();
                continue;
            }
            if (what == found_record::message)
                return status::done;
            if (what == found_record::passable)
            {
                pass(ring.span(header.length()));
                m_mine.move(word, ring.behind(at, header));
                word = m_mine.load();
            }
            else if (
                // What looks reserved may be the body of a newer record, too.
                what == found_record::reserved && m_mine.stands_at(word) &&
                abandon_if_dead(at, header, removed))
                pass(unit); // damage may come back
            else if (what != found_record::nothing || !comes_soon(at))
                return nothing_at(at, what, header, removed);
        }
    }

    // Without a search: is nothing held, and is there nothing at the cursor? A
    // publisher that is still writing gets a moment.
    bool is_at_end() noexcept
    {
        const ring_view& ring = m_mine.ring();
        if (ring.is_removed())
            return false; // find() knows whether it is empty
        const cursor_word word = m_mine.load();
        const position at = word.at();
        return word.is_live() && !word.is_reading() && ring.holds(at) &&
               platform::load_hint(ring.header(at)) == 0 &&
               m_mine.load() == word && !comes_soon(at);
    }

    // The publisher of a reserved record may be dead. The kernel is asked only
    // now and then, unless `now`.
    bool abandon_if_dead(position at, record_header header, bool now) noexcept
    {
        if (!now && !m_limiter.due())
            return false;
        const ring_view& ring = m_mine.ring();
        const bool dead = !ring.peers->alive(header.owner());
        if (dead)
            abandon_dead(ring, at, header);
        else
            m_limiter.finished(rate_limiter::clock::now());
        return dead;
    }

    // For a hint: does not keep the next call from asking.
    bool is_due_and_dead(incarnation owner) const noexcept
    {
        if (!m_limiter.due())
            return false;
        const auto begin = rate_limiter::clock::now();
        const bool dead = !m_mine.ring().peers->alive(owner);
        if (!dead)
            m_limiter.finished(begin);
        return dead;
    }

    // Where there is no message to deliver. In a removed queue: is none left?
    // Records behind one that a living process fills are left.
    status nothing_at(
        position at, found_record what, record_header header,
        bool removed) const noexcept
    {
        if (what == found_record::damage)
            return status::corrupt;
        // Without a look at what is behind: a publisher is about to write
        // there.
        if (!removed)
            return status::would_block;
        const ring_view& ring = m_mine.ring();
        if (what == found_record::reserved &&
            walk_records(ring, ring.behind(at, header)).messages != 0)
            return status::would_block;
        return status::removed;
    }

private:
    // See burst_backoff.hpp.
    bool comes_soon(position at) noexcept
    {
        return m_burst.wait(at, m_mine.ring().size, [&] {
            return platform::load_hint(m_mine.ring().header(at)) != 0;
        });
    }

    own_cursor& m_mine;
    mutable rate_limiter m_limiter{};
    burst_backoff m_burst{};
};

} // namespace detail
} // namespace boost_ipq

#endif
