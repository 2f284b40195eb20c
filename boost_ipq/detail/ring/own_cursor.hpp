// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_OWN_CURSOR_HPP
#define BOOST_IPQ_DETAIL_RING_OWN_CURSOR_HPP

// The cursor of a subscriber, as its own process uses it: taken, moved, and
// given up. Publishers that wait for room wait for the slowest cursor.

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_seat.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Publishers wait for room.
class room_notifier
{
public:
    // A cursor that was the slowest one has moved.
    virtual void room_made() noexcept = 0;

protected:
    ~room_notifier() = default;
};

class own_cursor
{
public:
    own_cursor(const ring_view& ring, room_notifier& publishers)
        : m_ring(ring),
          m_publishers(publishers)
    {
    }

    own_cursor(const own_cursor&) = delete;
    own_cursor& operator=(const own_cursor&) = delete;

    const ring_view& ring() const noexcept { return m_ring; }

    // False: closed, or in a forked child, whose cursor this is not.
    BOOST_FORCEINLINE bool is_mine() const noexcept
    {
        const incarnation me = m_ring.self();
        // acquire: pairs with take(), for m_cursor
        return BOOST_IPQ_DETAIL_LIKELY(
            me == m_owner.load(std::memory_order_acquire) && me != 0);
    }

    // Takes a cursor in front of the newest `history` messages.
    status take(std::size_t history, give_up_condition give_up) noexcept
    {
        status result = status::busy;
        const publishers_lock lock(m_ring, give_up);
        if (!lock)
            return result;
        cursor* const taken = cursor_seat(m_ring, lock).join(history, result);
        if (!taken)
            return result == status::done ? status::too_many : result;
        m_cursor = taken;
        // release: pairs with is_mine()
        m_owner.store(m_ring.self(), std::memory_order_release);
        return status::done;
    }

    void leave() noexcept
    {
        if (!is_mine())
            return;
        m_owner.store(0, std::memory_order_relaxed);
        free_cursor(*m_cursor);
        m_publishers.room_made();
    }

    // What follows: is_mine().

    BOOST_FORCEINLINE cursor_word load() const noexcept
    {
        return m_cursor->load();
    }

    // Before damage is reported: what looks like it may be the body of a newer
    // record, although load() still returned the word from before.
    bool stands_at(cursor_word seen) const noexcept
    {
        // Pairs with the fence in broadcast_room: a publisher may have moved
        // the cursor, and a different one have written the body, which releases
        // nothing.
        platform::full_fence();
        return load() == seen;
    }

    // On failure `seen` is the word that was found.
    BOOST_FORCEINLINE bool replace(cursor_word& seen, cursor_word by) noexcept
    {
        return m_cursor->replace(seen, by);
    }

    // Not while records are read in place.
    BOOST_FORCEINLINE bool move(cursor_word& seen, position to) noexcept
    {
        const position from = seen.at();
        if (!replace(seen, seen.moved(to)))
            return false;
        moved_from(from);
        return true;
    }

    // While records are read in place, only this process moves the cursor.
    // `ends`: they no longer are.
    void move_reading(position to, bool ends) noexcept
    {
        const cursor_word now = load();
        if (!now.is_live())
            return; // damage
        // release: what was read comes before; pairs with cursor::load()
        m_cursor->word.store(
            (ends ? cursor_word(now.word() & ~cursor_word::reading) : now)
                .moved(to)
                .word(),
            std::memory_order_release);
        // Also where only the bit is cleared: it keeps its room from dropping.
        if (now.at() != to || ends)
            moved_from(now.at());
    }

    // Where the next message will be sent.
    position head() const noexcept
    {
        // acquire: the sentinel there, and the headers before it; pairs with
        // advance_head(). write_padding() moves only a head that all cursors
        // have reached.
        return position(
            m_ring.control->publishers.head.load(std::memory_order_acquire));
    }

    // Behind what was sent: a publisher that died may have left `head` behind.
    position sent() const noexcept { return walk_records(m_ring, head()).end; }

    // For a subscriber that is overtaken whenever it copies: moves on to the
    // newest `bytes` of the records, and counts what it misses.
    //
    // Without a lock: while the cursor stands where it was seen, all records
    // from there to `head` are whole, and a publisher that needs their room
    // moves it first. If this process is killed between the move and the count,
    // no process depends on the count any more.
    void skip_to_newest(std::size_t bytes) noexcept
    {
        cursor_word word = load();
        for (int overtaken = 0; overtaken != max_overtaken; ++overtaken)
        {
            const position from = word.at();
            const position to = newest_part(from, bytes);
            if (!word.is_live() || word.is_reading() || to == from)
                return;
            if (!move(word, to))
                continue;
            // A cursor that is not ours any more counts for a different one.
            // relaxed: read by this process
            if (is_mine())
                m_cursor->skipped.fetch_add(
                    to.count() - from.count(), std::memory_order_relaxed);
            return;
        }
    }

    // Messages that were dropped before this subscriber read them.
    std::uint64_t missed() const noexcept
    {
        cursor_word word = load();
        for (int overtaken = 0;; ++overtaken)
        {
            const std::uint64_t result = m_cursor->missed(word);
            const cursor_word now = load();
            // A count that is being replaced is that of the next move.
            if (now == word || overtaken == max_overtaken)
                return result;
            word = now;
        }
    }

private:
    // Where the newest `bytes` of the records behind `from` begin, or `from`.
    // Valid only if the cursor still stands there.
    position newest_part(position from, std::size_t bytes) const noexcept
    {
        const position end = head();
        position result = end;
        // `head` may be behind: where no message is between, it may stand in
        // front of padding that the cursor has passed.
        if (!m_ring.holds(from) || !m_ring.holds(end) ||
            !is_before(from, end) || distance(m_ring, from, end) <= bytes)
            return from;
        // Publishers write marks meanwhile. A mark that is missed costs
        // messages; one in between is the beginning of a record, or `from` is
        // no longer where the cursor stands.
        for_each_mark(m_ring, from, end, [&](position mark) {
            if (distance(m_ring, mark, end) > bytes)
                return true;
            result = mark;
            return false;
        });
        return result;
    }

    // Called after the cursor was moved.
    BOOST_FORCEINLINE void moved_from(position at) noexcept
    {
        platform::asymmetric_fence_light();
        // relaxed: as event_count::notify_needed()
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                (m_ring.control->attention.load(std::memory_order_relaxed) |
                 m_ring.control->room.count.load(std::memory_order_relaxed)) !=
                0))
            tell_publishers(at);
    }

    // Publishers wait for the slowest cursor. Only its subscriber wakes them:
    // with others that are as slow, or were when it moved, each does.
    BOOST_IPQ_DETAIL_NOINLINE void tell_publishers(position at) noexcept
    {
        platform::full_fence();
        if (m_ring.control->room.count.load(std::memory_order_relaxed) == 0)
            return;
        const position head(
            m_ring.control->publishers.head.load(std::memory_order_relaxed));
        const cursor_table& table = *m_ring.cursors;
        const std::uint32_t end = cursors_in_use(table);
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const cursor_word word = table.cursors[i].load();
            if (word.is_live() && m_ring.holds(word.at()) &&
                static_cast<std::int32_t>(at.count() - word.at().count()) > 0 &&
                distance(m_ring, word.at(), head) >
                    distance(m_ring, at, head) &&
                !is_settled(m_ring, word.at()))
                return;
        }
        m_publishers.room_made();
    }

    const ring_view m_ring;
    room_notifier& m_publishers;
    atomic<incarnation> m_owner{0}; // this process, or its parent
    cursor* m_cursor = nullptr;
};

} // namespace detail
} // namespace boost_ipq

#endif
