// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_HELD_RECORDS_HPP
#define BOOST_IPQ_DETAIL_RING_HELD_RECORDS_HPP

// What a subscriber of a broadcast reads in place.
//
// While the bit `reading` is set, only this process moves the cursor, which
// stays at the oldest record that is held; the next one to deliver, and what is
// held, is known only here. The owner of this object has a mutex against the
// other threads of the handle: it is held in all of these calls.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_search.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/own_cursor.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace boost_ipq {
namespace detail {

// Consecutive records that are read in place together.
struct held_run
{
    position begin{}; // of the first record that is still held
    position end{};
    incarnation owner = 0;
    std::uint32_t count = 0;
    bool last = false; // there was nothing after them
    std::uint32_t lengths[max_run];
};

class held_records
{
public:
    held_records(own_cursor& mine, cursor_search& search)
        : m_mine(mine),
          m_search(search)
    {
        m_held.reserve(usual_held);
        m_given_back.reserve(usual_held);
    }

    // Is the bit `reading` set?
    bool active() const noexcept { return m_holding; }

    // active(): the next message to deliver that was not delivered yet.
    position next() const noexcept { return m_next; }

    // The cursor was taken: nothing is held.
    void clear() noexcept
    {
        m_held.clear();
        m_given_back.clear();
        m_holding = false;
    }

    // Holds the message at the cursor, if nothing is held and it is ready. As
    // hold_next(), which else finds out why not.
    BOOST_FORCEINLINE bool hold_first(position& at, record_header& header)
    {
        if (m_holding || !m_given_back.empty())
            return false;
        cursor_word word = m_mine.load();
        at = word.at();
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                (word.word() & (cursor_word::live | cursor_word::reading)) !=
                    cursor_word::live ||
                !read_record(ring(), at, header) ||
                header.state() != record_state::committed ||
                // It also validates the header.
                !m_mine.replace(
                    word, cursor_word(word.word() | cursor_word::reading))))
            return false;
        begin_holding(at, header);
        return true;
    }

    // Finds the next message and holds it.
    status hold_next(position& at, record_header& header)
    {
        m_held.reserve(m_held.size() + 2);
        // Each that is held may be given back, which must not throw.
        m_given_back.reserve(m_given_back.size() + m_held.size() + 2);
        for (int overtaken = 0; !m_holding; ++overtaken)
        {
            if (overtaken == max_overtaken)
                return status::would_block;
            cursor_word word;
            const status result = m_search.find(word, header);
            if (result != status::done)
                // Only damage sets the bit now.
                return result == status::other ? status::corrupt : result;
            at = word.at();
            if (!m_mine.replace(
                    word, cursor_word(word.word() | cursor_word::reading)))
                continue;
            forget_before(at); // publishers may have dropped some
            begin_holding(at, header);
            return status::done;
        }
        for (std::size_t i = 0; i != m_held.size(); ++i)
            if (m_held[i].state == held_range::returned)
                return hold_again(i, at, header);
        return hold_new(at, header);
    }

    // hold_next() has returned this record. Holds the messages behind it, too,
    // as far as they are ready and lie before the end of the buffer.
    void hold_run(held_run& run, position at, record_header header) noexcept
    {
        run.begin = at;
        run.end = ring().behind_message(at, header);
        run.owner = ring().self();
        run.count = 1;
        run.lengths[0] = static_cast<std::uint32_t>(header.length());
        run.last = false;
        if (run.end == m_next)
            extend(run, header);
    }

    // The records of a run before `at` were read. The rest stays held.
    void advance(held_run& run, position at) noexcept
    {
        const auto held = find(run.begin.offset());
        if (held == m_held.end())
            return;
        held->begin = at;
        run.begin = at;
        store_oldest();
    }

    // A delivery has ended.
    void settle(std::size_t offset, bool acknowledged) noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(
                acknowledged && m_held.size() == 1 && m_given_back.empty() &&
                m_held.front().begin.offset() == offset && m_mine.is_mine() &&
                m_held.front().state == held_range::held))
        {
            clear();
            m_mine.move_reading(m_next, true);
            return;
        }
        const auto held = find(offset);
        if (held == m_held.end())
            return;
        // Of a run that an exception has ended, only the first was delivered.
        if (!acknowledged)
            count_given_back(held->begin);
        end(*held, acknowledged);
    }

    // As settle(), but it was a copy, which does not count as a delivery.
    void end_copy(std::size_t offset, bool taken) noexcept
    {
        const auto held = find(offset);
        if (held != m_held.end())
            end(*held, taken);
    }

    // active(). Drops what was not delivered before `at`, and what was given
    // back.
    void pass_up_to(position at)
    {
        m_held.reserve(m_held.size() + 1);
        m_held.push_back({m_next, at, held_range::done});
        m_next = at;
        for (held_range& each : m_held)
            if (each.state == held_range::returned)
                each.state = held_range::done;
        store_oldest();
    }

    std::size_t count_returned() const noexcept
    {
        std::size_t result = 0;
        for (const held_range& each : m_held)
            if (each.state == held_range::returned)
                result += each.end.count() - each.begin.count();
        return result;
    }

    bool any() const noexcept
    {
        return std::any_of(
            m_held.begin(), m_held.end(), [](const held_range& each) {
                return each.state == held_range::held;
            });
    }

    // How often was the message given back?
    std::uint32_t times_given_back(position at) const noexcept
    {
        for (const given_back& each : m_given_back)
            if (each.message == at.count())
                return each.times;
        return 0;
    }

private:
    static constexpr std::size_t usual_held = 16;

    // Records from `begin` to `end` that were delivered in place, oldest first.
    // Together they reach from the cursor's position to m_next.
    struct held_range
    {
        enum state_type
        {
            held,
            returned, // not acknowledged: to be delivered again
            done
        };

        position begin, end;
        state_type state;
    };

    // A message that waits to be delivered again.
    struct given_back
    {
        std::uint32_t message; // the count of its position
        std::uint32_t times;
    };

    const ring_view& ring() const noexcept { return m_mine.ring(); }

    // The bit `reading` was set. Nothing was held, so there is room.
    void begin_holding(position at, record_header header)
    {
        m_holding = true;
        m_next = ring().behind_message(at, header);
        m_held.push_back({at, m_next, held_range::held});
    }

    void end(held_range& held, bool taken) noexcept
    {
        held.state = taken ? held_range::done : held_range::returned;
        store_oldest();
    }

    // hold_next() has reserved the room.
    void count_given_back(position at) noexcept
    {
        for (given_back& each : m_given_back)
            if (each.message == at.count())
            {
                ++each.times;
                return;
            }
        m_given_back.push_back({at.count(), 1});
    }

    // The messages before the cursor are not delivered any more.
    void forget_before(position cursor) noexcept
    {
        m_given_back.erase(
            std::remove_if(
                m_given_back.begin(), m_given_back.end(),
                [&](const given_back& each) {
                    return static_cast<std::int32_t>(
                               cursor.count() - each.message) > 0;
                }),
            m_given_back.end());
    }

    // Holds the first message of a range that was given back.
    status hold_again(std::size_t number, position& at, record_header& header)
    {
        held_range& range = m_held[number];
        at = range.begin;
        if (look_at(ring(), at, header) != found_record::message)
            return status::corrupt;
        const position next = ring().behind_message(at, header);
        if (next == range.end)
        {
            range.state = held_range::held;
            return status::done;
        }
        range.begin = next;
        m_held.insert(
            m_held.begin() + static_cast<std::ptrdiff_t>(number),
            {at, next, held_range::held});
        return status::done;
    }

    status hold_new(position& at, record_header& header)
    {
        const bool removed = ring().is_removed();
        const position begin = m_next;
        for (std::size_t bytes = 0; bytes <= 2 * ring().size;) // as in find()
        {
            at = m_next;
            const found_record what = look_at(ring(), at, header);
            if (what == found_record::reserved &&
                m_search.abandon_if_dead(at, header, removed))
            {
                bytes += unit;
                continue;
            }
            const bool is_message = what == found_record::message;
            if (!is_message && what != found_record::passable)
                return m_search.nothing_at(at, what, header, removed);
            bytes += ring().span(header.length());
            m_next = ring().behind(at, header);
            m_held.push_back(
                {at, m_next, is_message ? held_range::held : held_range::done});
            if (is_message)
                return status::done;
            m_held.reserve(m_held.size() + 1);
        }
        m_next = begin;
        return status::corrupt;
    }

    // As mark_run_claimed(), and as fast. What is held is not overwritten.
    //
    // A subscriber that never had others beside it writes each header back, as
    // one of a queue does. It changes nothing, but the next publisher to write
    // there then takes the line from this processor only. A line that several
    // have read takes it longer (doc/benchmarks.md). With other subscribers,
    // the write would take the line from them.
    void extend(held_run& run, record_header header) noexcept
    {
        const bool writes_back = cursors_in_use(*ring().cursors) == 1;
        // Local copies: the compiler knows that no store changes them.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment, size = ring().size;
        const std::size_t first = span_of(run.lengths[0], alignment);
        std::size_t offset = run.begin.offset() + first;
        const auto write_back = [&](std::size_t at) {
            // release: for a subscriber that joins and reads this store instead
            // of the publisher's
            if (writes_back)
                header_at(data, at).store(
                    header.word(), std::memory_order_release);
        };
        write_back(run.begin.offset());
        bool uniform = true; // all messages so far are of one size
        std::uint32_t count = 1;
        while (offset != size)
        {
            // acquire: pairs with the publisher's release of the header
            header = record_header(
                header_at(data, offset).load(std::memory_order_acquire));
            const std::size_t span = span_of(header.length(), alignment);
            run.last = header.word() == 0;
            if (header.state() != record_state::committed || count == max_run ||
                span > size - offset)
                break;
            write_back(offset);
            run.lengths[count] = static_cast<std::uint32_t>(header.length());
            ++count;
            // See mark_run_claimed().
            if (BOOST_IPQ_DETAIL_LIKELY(uniform && span == first))
                offset += platform::opaque(first);
            else
            {
                uniform = false;
                offset += span;
            }
        }
        run.count = count;
        run.end = ring().wrapped(run.begin.count() + count, offset);
        m_next = run.end;
        m_held.back().end = run.end;
    }

    std::vector<held_range>::iterator find(std::size_t offset) noexcept
    {
        // A forked child does not hold what its parent does.
        return m_mine.is_mine()
                   ? std::find_if(
                         m_held.begin(), m_held.end(),
                         [&](const held_range& each) {
                             return each.state == held_range::held &&
                                    each.begin.offset() == offset;
                         })
                   : m_held.end();
    }

    // Moves the cursor to the oldest record that is not done.
    void store_oldest() noexcept
    {
        auto oldest = m_held.begin();
        while (oldest != m_held.end() && oldest->state == held_range::done)
            ++oldest;
        m_held.erase(m_held.begin(), oldest);
        const position to = m_held.empty() ? m_next : m_held.front().begin;
        // If all are to be delivered again, that is as if none was delivered.
        const bool ends = std::all_of(
            m_held.begin(), m_held.end(), [](const held_range& each) {
                return each.state == held_range::returned;
            });
        if (ends)
        {
            m_held.clear();
            m_holding = false;
        }
        m_mine.move_reading(to, ends);
        if (!m_given_back.empty())
            forget_before(to);
    }

    own_cursor& m_mine;
    cursor_search& m_search;
    std::vector<held_range> m_held{};
    std::vector<given_back> m_given_back{};
    position m_next{};
    bool m_holding = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
