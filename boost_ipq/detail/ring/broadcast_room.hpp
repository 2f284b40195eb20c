// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_BROADCAST_ROOM_HPP
#define BOOST_IPQ_DETAIL_RING_BROADCAST_ROOM_HPP

// Makes room in the ring of a broadcast, with the publishers' lock held.
//
// `free` is always the beginning of a record, from there to `head` all is
// whole, and only publishers write it. They move it in chunks: the rest is the
// history. First they choose a target: the oldest mark that gains enough, or,
// if a record may be reserved there, as far as the headers lead. Then they look
// at the cursors behind the target. Overflow `block`: such a cursor holds the
// target up. `drop_oldest`: it is moved to the target, and what it misses is
// counted, unless its subscriber reads in place.
//
// A publisher that dies in here has not moved `free`, and the next one begins
// again. Cursors that it moved stay where they are.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/room_maker.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Moves a cursor to `target` and counts what it misses, in one step. Called
// with the publishers' lock held: no other process writes the counts.
inline bool
drop_up_to(cursor& moved, cursor_word& seen, position target) noexcept
{
    const unsigned other = 1 - seen.selected();
    const std::uint32_t missed = target.count() - seen.at().count();
    // relaxed: replace() releases it
    moved.dropped[other].store(
        moved.dropped[seen.selected()].load(std::memory_order_relaxed) + missed,
        std::memory_order_relaxed);
    return moved.replace(
        seen,
        cursor_word(
            target, cursor_word::live | (other != 0 ? cursor_word::which : 0)));
}

class broadcast_room final : public room_maker
{
public:
    result make_room(
        const ring_view& ring, std::size_t span,
        rate_limiter& limiter) const noexcept override
    {
        return attempt(ring, limiter).make(span);
    }

    bool may_make_room(const ring_view& ring) const noexcept override
    {
        const cursor_table& table = *ring.cursors;
        const std::uint32_t slowest =
            table.slowest.load(std::memory_order_relaxed) % cursor_count;
        const cursor_word word = table.cursors[slowest].load();
        const position free(
            ring.control->subscribers.free.load(std::memory_order_relaxed));
        return !word.is_live() || word.at() != free ||
               (drops(ring) && !word.is_reading()) ||
               is_settled(ring, word.at());
    }

    std::uint64_t room_word(const ring_view& ring) const noexcept override
    {
        const cursor_table& table = *ring.cursors;
        const cursor& slowest =
            table.cursors
                [table.slowest.load(std::memory_order_relaxed) % cursor_count];
        const cursor_word word = slowest.load();
        const bool dead =
            word.is_live() &&
            !ring.peers->alive(slowest.owner.load(std::memory_order_acquire));
        return dead ? ~word.word() : word.word();
    }

    void
    note_reserved(const ring_view& ring, position head) const noexcept override
    {
        // relaxed: read with the lock held
        ring.cursors->last_reserved.store(
            head.word(), std::memory_order_relaxed);
    }

    static bool drops(const ring_view& ring) noexcept
    {
        return ring.control->overflow == overflow_drops;
    }

private:
    class attempt
    {
    public:
        attempt(const ring_view& ring, rate_limiter& limiter) noexcept
            : m_ring(ring),
              m_table(*ring.cursors),
              m_limiter(limiter),
              m_head(ring.control->publishers.head.load(
                  std::memory_order_relaxed)),
              m_free(ring.control->subscribers.free.load(
                  std::memory_order_relaxed)),
              m_drops(drops(ring))
        {
        }

        result make(std::size_t span) noexcept
        {
            if (!m_ring.holds(m_head) || !m_ring.holds(m_free))
                return result::corrupt;
            if (is_held_up() && !is_due())
                return result::full;
            remember_mark();
            if (!choose_target(span))
                return result::corrupt;
            if (m_target != m_free)
            {
                hold_up_target();
                if (m_drops)
                    move_cursors();
            }
            if (m_due == due::now)
                m_limiter.finished(rate_limiter::clock::now());
            if (m_target == m_free)
                return result::full;
            // The cursors before the bodies that are overwritten: pairs with
            // own_cursor::move(), which releases a subscriber's copy. And the
            // bodies after the subscribers' reads of them.
            platform::full_fence();
            // release: pairs with free_now(), and with inspection
            m_ring.control->subscribers.free.store(
                m_target.word(), std::memory_order_release);
            return result::made;
        }

    private:
        enum class due
        {
            unknown,
            now,
            later
        };

        // May the kernel be asked which processes are alive? Only calls that
        // a process holds up need to know, and look at the clock.
        bool is_due() noexcept
        {
            if (m_due == due::unknown)
                m_due = m_limiter.due() ? due::now : due::later;
            return m_due == due::now;
        }

        std::size_t behind_head(position at) const noexcept
        {
            return distance(m_ring, at, m_head);
        }

        // The cursor that held publishers up the last time: where it still
        // does, there is no need to look at all the others.
        bool is_held_up() const noexcept
        {
            const cursor_word word = slowest().load();
            return word.is_live() && word.at() == m_free && m_free != m_head &&
                   (!m_drops || word.is_reading()) &&
                   !is_settled(m_ring, word.at());
        }

        cursor& slowest() const noexcept
        {
            return m_table.cursors
                [m_table.slowest.load(std::memory_order_relaxed) %
                 cursor_count];
        }

        void remember_mark() noexcept
        {
            const std::uint32_t count =
                m_table.mark_count.load(std::memory_order_relaxed);
            const position last(m_table.marks[(count - 1) % mark_slots].load(
                std::memory_order_relaxed));
            if (is_mark_between(m_ring, last, m_free, m_head) &&
                behind_head(last) < chunk_of(m_ring) / 2)
                return;
            m_table.marks[count % mark_slots].store(
                m_head.word(), std::memory_order_relaxed);
            m_table.mark_count.store(count + 1, std::memory_order_relaxed);
        }

        // False: damage.
        bool choose_target(std::size_t span) noexcept
        {
            m_target = m_free;
            const position reserved(
                m_table.last_reserved.load(std::memory_order_relaxed));
            // Noted is where the padding in front of a record stands, which may
            // be free already, and does not count. A publisher that died has
            // noted the head: an older record may be reserved then.
            const bool may_be_reserved =
                is_between(m_ring, reserved, m_free, m_head) ||
                reserved.count() == m_free.count();
            if (!may_be_reserved)
            {
                const std::size_t used = behind_head(m_free);
                // Where marks are far apart, the history would be lost.
                const std::size_t most = 2 * (std::max)(span, chunk_of(m_ring));
                for_each_mark(m_ring, m_free, m_head, [&](position mark) {
                    const std::size_t gained = used - behind_head(mark);
                    if (gained < span)
                        return true;
                    if (gained <= most)
                        m_target = mark;
                    return false;
                });
            }
            return m_target != m_free || walk(span);
        }

        // Follows the headers, up to a record that a living process fills.
        bool walk(std::size_t span) noexcept
        {
            const std::size_t enough = (std::max)(span, chunk_of(m_ring));
            for (std::size_t walked = 0; m_target != m_head && walked < enough;)
            {
                record_header header;
                if (!read_record(m_ring, m_target, header) ||
                    header.state() == record_state::none)
                    return false;
                if (header.state() == record_state::reserved)
                {
                    if (!is_due() || m_ring.peers->alive(header.owner()))
                        return true;
                    abandon_dead(m_ring, m_target, header);
                    walked += unit; // damage may come back
                    continue;
                }
                walked += m_ring.span(header.length());
                m_target = m_ring.behind(m_target, header);
            }
            return true;
        }

        bool is_behind_target(cursor_word word) const noexcept
        {
            return behind_head(word.at()) > behind_head(m_target);
        }

        // Moves the target back to the slowest of the cursors that may not be
        // moved. Frees those of dead processes, and damaged ones.
        void hold_up_target() noexcept
        {
            const std::uint32_t end = cursors_in_use(m_table);
            for (std::uint32_t i = 0; i < end; ++i)
            {
                cursor& each = m_table.cursors[i];
                cursor_word word = each.load();
                if (word.is_live() && is_gone(each, word))
                    continue;
                if (!word.is_live() || !is_behind_target(word) ||
                    (m_drops && !word.is_reading()))
                    continue;
                pass_settled(each, word);
                hold_up_target(i, word);
            }
        }

        void hold_up_target(std::uint32_t number, cursor_word word) noexcept
        {
            if (!word.is_live() || !is_behind_target(word))
                return;
            m_target = word.at();
            m_table.slowest.store(number, std::memory_order_relaxed);
        }

        // Has the cursor no subscriber any more? Then it is freed.
        bool is_gone(cursor& each, cursor_word word) noexcept
        {
            if (!is_between(m_ring, word.at(), m_free, m_head))
            {
                // Damage, or it has left: its subscriber finds out.
                each.replace(word, cursor_word());
                return true;
            }
            if (!is_behind_target(word) || !is_due() ||
                m_ring.peers->alive(each.owner.load(std::memory_order_acquire)))
                return false;
            free_cursor(each);
            m_ring.peers->note_recovered();
            return true;
        }

        // A subscriber that sleeps in front of padding, or of records that are
        // never delivered, does not wake up to pass them.
        void pass_settled(cursor& each, cursor_word& word) const noexcept
        {
            for (std::size_t walked = 0;
                 walked < m_ring.size && word.is_live() && !word.is_reading() &&
                 word.at() != m_head && is_settled(m_ring, word.at());)
            {
                const record_header header(
                    platform::load_hint(m_ring.header(word.at())));
                walked += m_ring.span(header.length());
                const cursor_word next =
                    word.moved(m_ring.behind(word.at(), header));
                if (each.replace(word, next))
                    word = next;
            }
        }

        // Moves all cursors to the target that are behind it. A subscriber that
        // has begun to read in place meanwhile holds the target up.
        void move_cursors() noexcept
        {
            const std::uint32_t end = cursors_in_use(m_table);
            for (std::uint32_t i = 0; i < end && m_target != m_free; ++i)
            {
                cursor& each = m_table.cursors[i];
                cursor_word word = each.load();
                while (word.is_live() && is_behind_target(word) &&
                       !word.is_reading() && !drop_up_to(each, word, m_target))
                {
                }
                if (word.is_reading())
                    hold_up_target(i, word);
            }
        }

        const ring_view& m_ring;
        cursor_table& m_table;
        rate_limiter& m_limiter;
        const position m_head, m_free;
        const bool m_drops;
        due m_due = due::unknown;
        position m_target{};
    };
};

// As recover_cursors().
inline const room_maker& make_broadcast_room() noexcept
{
    static const broadcast_room value{};
    return value;
}

} // namespace detail
} // namespace boost_ipq

#endif
