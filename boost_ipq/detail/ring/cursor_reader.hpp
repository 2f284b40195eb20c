// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_READER_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_READER_HPP

// Reads a broadcast through one cursor.
//
// A copy is optimistic: nothing keeps publishers from overwriting the record
// meanwhile, but they move the cursor first. So a copy counts only if a
// compare-and-swap then moves the cursor from where it was, and a subscriber
// that is stopped while it copies holds no process up. For the same reason
// nothing of a header is used before the cursor was seen to be unchanged after
// it.
//
// To read in place, the subscriber sets the bit `reading`. From then on only
// this process moves the cursor, which stays at the oldest record that is held;
// the next one to deliver, and what is held, is known only here. A mutex
// protects that from the other threads of the handle.

#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/broadcast_room.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/ring/cursor_seat.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost/config.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
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

class cursor_reader : public claim_holder
{
public:
    explicit cursor_reader(const ring_view& ring) : m_ring(ring)
    {
        m_held.reserve(usual_held);
    }

    cursor_reader(const cursor_reader&) = delete;
    cursor_reader& operator=(const cursor_reader&) = delete;

    const ring_view& ring() const noexcept { return m_ring; }

    // Takes a cursor, in front of the newest `history` messages.
    status join(std::size_t history, give_up_condition give_up)
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        return join_locked(history, give_up);
    }

    // In a forked child, joins, unless it has done so.
    status join_here(give_up_condition give_up) { return enter(give_up); }

    // The handle is closed. Deliveries keep the cursor. `self` owns it.
    void close(const std::shared_ptr<void>& self) noexcept
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        m_closed = true;
        // A forked child has copies of its parent's deliveries, and cannot know
        // when the last one is gone.
        if (m_inherited || holds_any())
            m_keeper = self;
        if (!holds_any())
            leave();
    }

    // Copies the oldest message to a target, and takes it. As
    // ring_reader::try_take().
    template <class Target>
    BOOST_FORCEINLINE status
    try_take(Target& target, give_up_condition give_up = {})
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(!is_mine()))
            return take_slowly(target, give_up);
        cursor& mine = *m_cursor;
        std::byte* const data = m_ring.data;
        cursor_word word = mine.load();
        const position at = word.at();
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                (word.word() & (cursor_word::live | cursor_word::reading)) !=
                    cursor_word::live ||
                !m_ring.holds(at)))
            return take_slowly(target, give_up);
        prefetch_body(data, at);
        const record_header header(
            platform::load_hint(header_at(data, at.offset())));
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                header.state() != record_state::committed ||
                !m_ring.holds(at, header) || mine.load() != word))
            return take_slowly(target, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(!target.may_take(header.length())))
            return status::declined;
        target.take(data + at.offset() + unit, header.length());
        // acquire: pairs with the fence of a publisher that has moved the
        // cursor and then overwrites the body
        std::atomic_thread_fence(std::memory_order_acquire);
        const cursor_word next = word.moved(m_ring.behind_message(at, header));
        if (BOOST_IPQ_DETAIL_UNLIKELY(!mine.replace(word, next)))
            return take_slowly(target, give_up);
        moved_from(at);
        return status::done;
    }

    // As try_take(), but takes the newest message and drops the older ones.
    template <class Target>
    status try_take_latest(Target& target, give_up_condition give_up = {})
    {
        return take_any(
            target, give_up, [this](position& at) { at = walk(at).newest; });
    }

    // Is there a record that may be taken, or one of a dead publisher? Takes no
    // lock of the ring. `true` is a hint.
    bool something() const
    {
        if (!is_mine())
            return false;
        position at;
        if (has_returned(at) || !m_ring.holds(at))
            return true;
        const record_header header(platform::load_hint(m_ring.header(at)));
        if (header.state() == record_state::reserved)
            return is_due_and_dead(header.owner());
        return header.word() != 0;
    }

    // Does a process hold up the next message?
    bool held_up() const
    {
        position at;
        if (!is_mine() || has_returned(at))
            return false;
        return m_ring.holds(at) &&
               record_header(platform::load_hint(m_ring.header(at))).state() ==
                   record_state::reserved;
    }

    // Holds the oldest message for a caller, who reads it in place.
    status try_claim(claim& result, give_up_condition give_up = {})
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        position at;
        record_header header;
        const status held = hold_next(at, header, give_up);
        if (held != status::done)
            return held;
        fill(result, at, header);
        return status::done;
    }

    // As try_claim(), but holds the newest message and drops the older ones.
    status try_claim_latest(claim& result, give_up_condition give_up = {})
    {
        const status first = try_claim(result, give_up);
        if (first != status::done)
            return first;
        const std::lock_guard<fork_mutex> guard(m_mutex);
        const walked behind = walk(m_next);
        if (behind.messages == 0)
            return first;
        pass_up_to(behind.newest);
        position at;
        record_header header;
        claim newest;
        const status held = hold_next(at, header, give_up);
        if (held != status::done)
            return first; // the oldest is the newest then
        fill(newest, at, header);
        settle_locked(result.offset, true);
        result = newest;
        return held;
    }

    // Holds the oldest messages, up to max_run of them.
    status try_hold_run(held_run& result, give_up_condition give_up = {})
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        position at;
        record_header header;
        const status held = hold_next(at, header, give_up);
        if (held != status::done)
            return held;
        result.begin = at;
        result.end = m_ring.behind_message(at, header);
        result.owner = m_ring.self();
        result.count = 1;
        result.lengths[0] = static_cast<std::uint32_t>(header.length());
        result.last = false;
        if (result.end == m_next)
            extend(result);
        return status::done;
    }

    // The records of a run before `at` were read. The rest stays held.
    void advance(held_run& run, position at) noexcept
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        const auto held = find(run.begin.offset());
        if (held == m_held.end())
            return;
        held->begin = at;
        run.begin = at;
        store_oldest();
    }

    // The records of a run before `at` were read, and the others are given
    // back.
    void finish(held_run& run, position at) noexcept
    {
        if (at != run.end)
            advance(run, at);
        settle(run.begin.offset(), at == run.end);
    }

    // claim_holder: a delivery has ended.
    void settle(const claim& held, bool acknowledged) noexcept override
    {
        // A forked child does not own the deliveries of its parent.
        if (held.header.owner() == m_ring.self())
            settle(held.offset, acknowledged);
    }

    // Messages that were dropped before this subscriber read them.
    std::uint64_t missed() const noexcept
    {
        if (!is_mine())
            return 0;
        for (;;)
        {
            const cursor_word word = m_cursor->load();
            const std::uint64_t result =
                m_cursor->dropped[word.selected()].load(
                    std::memory_order_acquire);
            if (m_cursor->load() == word)
                return result;
        }
    }

    // What waits for this subscriber. A hint.
    ring_contents contents() const
    {
        ring_contents result;
        if (!is_mine())
            return result;
        const cursor_word word = m_cursor->load();
        position from = word.at();
        if (word.is_reading())
        {
            const std::lock_guard<fork_mutex> guard(m_mutex);
            if (m_holding)
                from = m_next;
            result.messages = count_returned();
        }
        // acquire: not older than the cursor
        const position head(
            m_ring.control->publishers.head.load(std::memory_order_acquire));
        const auto ahead =
            static_cast<std::int32_t>(head.count() - from.count());
        // A process that was killed may have left `head` behind.
        if (ahead > 0)
            result.messages += static_cast<std::size_t>(ahead);
        if (ahead >= 0 && m_ring.holds(word.at()) && m_ring.holds(head))
            result.bytes = distance(m_ring, word.at(), head);
        return result;
    }

    // Skips the messages that wait, and adds their number to `count`.
    status purge(std::size_t& count, give_up_condition give_up)
    {
        const status entered = enter(give_up);
        while (entered == status::done)
        {
            cursor_word word = m_cursor->load();
            if (!word.is_live())
                return status::corrupt;
            if (word.is_reading())
            {
                const std::lock_guard<fork_mutex> guard(m_mutex);
                if (!m_holding)
                {
                    if (m_cursor->load().is_reading())
                        return status::corrupt; // only damage sets the bit
                    continue;
                }
                count += purge_held();
                return status::done;
            }
            const walked passed = walk(word.at());
            if (m_cursor->load() == word &&
                (passed.end == word.at() || replace_and_tell(word, passed.end)))
            {
                count += passed.messages;
                return status::done;
            }
        }
        return entered;
    }

    // The next message that is delivered.
    position next() const
    {
        if (!is_mine())
            return position(std::uint64_t(0));
        const std::lock_guard<fork_mutex> guard(m_mutex);
        return m_holding ? m_next : m_cursor->load().at();
    }

protected:
    ~cursor_reader() = default;

    // This subscriber was the slowest one, and publishers wait.
    virtual void room_made() noexcept = 0;

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

    // False: closed, or in a forked child, whose cursor this is not.
    BOOST_FORCEINLINE bool is_mine() const noexcept
    {
        const incarnation me = m_ring.self();
        // acquire: pairs with join_locked(), for m_cursor
        return BOOST_IPQ_DETAIL_LIKELY(
            me == m_owner.load(std::memory_order_acquire) && me != 0);
    }

    // Joins in a forked child: it gets what is sent from then on.
    status enter(give_up_condition give_up)
    {
        if (BOOST_IPQ_DETAIL_LIKELY(is_mine()))
            return status::done;
        if (m_ring.self() == 0)
            return status::detached;
        const std::lock_guard<fork_mutex> guard(m_mutex);
        return enter_locked(give_up);
    }

    status enter_locked(give_up_condition give_up)
    {
        if (is_mine())
            return status::done;
        return m_ring.self() == 0 ? status::detached : join_locked(0, give_up);
    }

    status join_locked(std::size_t history, give_up_condition give_up)
    {
        status result = status::busy;
        const publishers_lock lock(m_ring, give_up);
        if (!lock)
            return result;
        cursor* const taken = cursor_seat(m_ring, lock).join(history, result);
        if (!taken)
            return result == status::done ? status::too_many : result;
        m_inherited = m_inherited || holds_any();
        m_held.clear();
        m_holding = false;
        m_any_seen = false;
        m_cursor = taken;
        // release: pairs with is_mine()
        m_owner.store(m_ring.self(), std::memory_order_release);
        return status::done;
    }

    // With the mutex held.
    void leave() noexcept
    {
        if (!is_mine())
            return;
        m_owner.store(0, std::memory_order_relaxed);
        free_cursor(*m_cursor);
        room_made();
    }

    static void prefetch_body(std::byte* data, position at) noexcept
    {
        if (platform::fetches_lines)
            platform::prefetch(data + at.offset() + prefetched_line);
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
                !broadcast_room::is_settled(m_ring, word.at()))
                return;
        }
        room_made();
    }

    // Without the mutex: not while records are read in place.
    bool replace_and_tell(cursor_word& word, position to) noexcept
    {
        const position from = word.at();
        if (!m_cursor->replace(word, word.moved(to)))
            return false;
        moved_from(from);
        return true;
    }

    // What stands at a position.
    enum class found
    {
        message,
        passable, // padding, or abandoned
        nothing,
        reserved,
        damage
    };

    found look_at(position at, record_header& header) const noexcept
    {
        if (!read_record(m_ring, at, header))
            return found::damage;
        switch (header.state())
        {
        case record_state::committed:
            return found::message;
        case record_state::padding:
        case record_state::abandoned:
            return found::passable;
        case record_state::none:
            // At the end of the messages stands a zero word.
            return header.word() == 0 ? found::nothing : found::damage;
        case record_state::reserved:
            return found::reserved;
        default:
            return found::damage;
        }
    }

    struct walked
    {
        position newest{}; // message; where it began, if there is none
        position end{};    // behind the last one
        std::size_t messages = 0;
    };

    // Follows the records from `at` as far as they can be delivered. The result
    // is valid only if the cursor is still where it was.
    walked walk(position at) const noexcept
    {
        walked result;
        result.newest = result.end = at;
        for (std::size_t bytes = 0; bytes <= m_ring.size;)
        {
            record_header header;
            const found what = look_at(at, header);
            if (what != found::message && what != found::passable)
                break;
            bytes += m_ring.span(header.length());
            if (what == found::message)
            {
                result.newest = at;
                ++result.messages;
            }
            at = m_ring.behind(at, header);
            result.end = at;
        }
        return result;
    }

    // Where there is no message to deliver. In a removed queue: is none left?
    // Records behind one that a living process fills are left.
    status nothing_at(
        position at, found what, record_header header,
        bool removed) const noexcept
    {
        if (what == found::damage)
            return status::corrupt;
        if (what == found::reserved &&
            walk(m_ring.behind(at, header)).messages != 0)
            return status::would_block;
        return removed ? status::removed : status::would_block;
    }

    // Is a message to be delivered again? Else `at` is where the next one is.
    bool has_returned(position& at) const
    {
        cursor_word word = m_cursor->load();
        if (word.is_reading())
        {
            const std::lock_guard<fork_mutex> guard(m_mutex);
            word = m_cursor->load();
            if (m_holding)
            {
                at = m_next;
                return count_returned() != 0;
            }
        }
        at = word.at();
        return false;
    }

    // Does not keep the next call from asking.
    bool is_due_and_dead(incarnation owner) const noexcept
    {
        if (!m_limiter.due())
            return false;
        const auto begin = rate_limiter::clock::now();
        const bool dead = !m_ring.peers->alive(owner);
        if (!dead)
            m_limiter.finished(begin);
        return dead;
    }

    // Its publisher may be dead. The kernel is asked only now and then.
    bool abandon_if_dead(position at, record_header header, bool now) noexcept
    {
        if (!now && !m_limiter.due())
            return false;
        const bool dead = !m_ring.peers->alive(header.owner());
        if (dead)
            abandon_dead(m_ring, at, header);
        else
            m_limiter.finished(rate_limiter::clock::now());
        return dead;
    }

    // Finds the message at the cursor, past what is not delivered. `done`: it
    // stood there while the cursor had this word. `other`: records are read in
    // place.
    status find_message(cursor_word& word, record_header& header) noexcept
    {
        // Before the search: it finds all that was sent before the removal.
        const bool removed = m_ring.is_removed();
        std::size_t bytes = 0;
        word = m_cursor->load();
        while (bytes <= m_ring.size)
        {
            if (!word.is_live())
                return status::corrupt;
            if (word.is_reading())
                return status::other;
            const position at = word.at();
            const found what = look_at(at, header);
            const cursor_word now = m_cursor->load();
            if (now != word)
            {
                word = now;
                continue;
            }
            if (what == found::message)
                return status::done;
            if (what == found::passable)
            {
                bytes += m_ring.span(header.length());
                replace_and_tell(word, m_ring.behind(at, header));
                word = m_cursor->load();
            }
            else if (
                what == found::reserved && abandon_if_dead(at, header, removed))
                bytes += unit; // damage may come back
            else if (what != found::nothing || !comes_soon(at))
                return nothing_at(at, what, header, removed);
        }
        return status::corrupt;
    }

    // See burst_backoff.hpp.
    bool comes_soon(position at) noexcept
    {
        return m_burst.wait(at.count(), [&] {
            return platform::load_hint(m_ring.header(at)) != 0;
        });
    }

    template <class Target>
    BOOST_IPQ_DETAIL_NOINLINE status
    take_slowly(Target& target, give_up_condition give_up)
    {
        return take_any(target, give_up, [](position&) {});
    }

    // `choose` may move a position forward to the message that is to be taken.
    template <class Target, class Choose>
    status take_any(Target& target, give_up_condition give_up, Choose choose)
    {
        const status entered = enter(give_up);
        if (entered != status::done)
            return entered;
        for (int discards = 0;; discards %= max_discards)
        {
            cursor_word word;
            record_header header;
            status result = find_message(word, header);
            if (result == status::done)
                result = copy_and_move(target, word, choose, discards);
            else if (result == status::other)
                result = take_while_holding(target, give_up, choose);
            if (result != status::other)
                return result;
            if (discards == max_discards && !skip_to_newest_half(give_up))
                return status::busy;
        }
    }

    // `other`: the cursor was moved meanwhile.
    template <class Target, class Choose>
    status copy_and_move(
        Target& target, cursor_word word, Choose choose, int& discards)
    {
        position at = word.at();
        const std::uint64_t before = missed();
        choose(at);
        record_header header;
        const bool valid = look_at(at, header) == found::message;
        if (m_cursor->load() != word)
            return status::other;
        if (!valid)
            return status::corrupt;
        if (!target.may_take(header.length()))
            return status::declined;
        target.take(m_ring.body(at.offset()), header.length());
        // acquire: as in try_take()
        std::atomic_thread_fence(std::memory_order_acquire);
        if (replace_and_tell(word, m_ring.behind_message(at, header)))
            return status::done;
        // Moved by a publisher, not by another thread of this handle.
        discards += missed() != before;
        return status::other;
    }

    bool skip_to_newest_half(give_up_condition give_up) noexcept
    {
        const publishers_lock lock(m_ring, give_up);
        if (lock)
            cursor_seat(m_ring, lock).skip_to_newest_half(*m_cursor);
        return bool(lock);
    }

    void fill(claim& result, position at, record_header header) noexcept
    {
        result.offset = at.offset();
        result.header = header.with(record_state::committed, m_ring.self());
        result.deliveries = was_delivered(at) ? 2 : 1;
        result.holder = this;
        result.count = at.count();
    }

    // What follows is called with the mutex held, except
    // take_while_holding().

    // `other`: nothing is held any more.
    template <class Target, class Choose>
    status
    take_while_holding(Target& target, give_up_condition give_up, Choose choose)
    {
        const std::lock_guard<fork_mutex> guard(m_mutex);
        if (!m_holding)
            // With the mutex held, only damage sets the bit.
            return m_cursor->load().is_reading() ? status::corrupt
                                                 : status::other;
        position chosen = m_next;
        choose(chosen);
        if (chosen != m_next)
            pass_up_to(chosen);
        position at;
        record_header header;
        const status result = hold_next(at, header, give_up);
        if (result != status::done)
            return result;
        struct settle_at_end
        {
            cursor_reader& self;
            std::size_t offset;
            bool taken;
            ~settle_at_end() { self.settle_locked(offset, taken); }
        };
        settle_at_end guard_of_record{*this, at.offset(), false};
        if (!target.may_take(header.length()))
            return status::declined;
        target.take(m_ring.body(at.offset()), header.length());
        guard_of_record.taken = true;
        return status::done;
    }

    // Drops what was not delivered before `at`, and what was given back.
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

    std::size_t purge_held()
    {
        const walked passed = walk(m_next);
        const std::size_t result = passed.messages + count_returned();
        pass_up_to(passed.end);
        return result;
    }

    std::size_t count_returned() const noexcept
    {
        std::size_t result = 0;
        for (const held_range& each : m_held)
            if (each.state == held_range::returned)
                result += each.end.count() - each.begin.count();
        return result;
    }

    // Finds the next message and holds it.
    status
    hold_next(position& at, record_header& header, give_up_condition give_up)
    {
        const status entered = enter_locked(give_up);
        if (entered != status::done)
            return entered;
        m_held.reserve(m_held.size() + 2);
        while (!m_holding)
        {
            cursor_word word;
            const status result = find_message(word, header);
            if (result != status::done)
                // Only damage sets the bit now.
                return result == status::other ? status::corrupt : result;
            at = word.at();
            if (!m_cursor->replace(
                    word, cursor_word(word.word() | cursor_word::reading)))
                continue;
            m_holding = true;
            m_next = m_ring.behind_message(at, header);
            m_held.push_back({at, m_next, held_range::held});
            return status::done;
        }
        for (std::size_t i = 0; i != m_held.size(); ++i)
            if (m_held[i].state == held_range::returned)
                return hold_again(i, at, header);
        return hold_new(at, header);
    }

    // Holds the first message of a range that was given back.
    status hold_again(std::size_t number, position& at, record_header& header)
    {
        held_range& range = m_held[number];
        at = range.begin;
        if (look_at(at, header) != found::message)
            return status::corrupt;
        const position next = m_ring.behind_message(at, header);
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
        const bool removed = m_ring.is_removed();
        const position begin = m_next;
        for (std::size_t bytes = 0; bytes <= m_ring.size;)
        {
            at = m_next;
            const found what = look_at(at, header);
            if (what == found::reserved && abandon_if_dead(at, header, removed))
            {
                bytes += unit;
                continue;
            }
            if (what != found::message && what != found::passable)
                return nothing_at(at, what, header, removed);
            bytes += m_ring.span(header.length());
            m_next = m_ring.behind(at, header);
            m_held.push_back(
                {at, m_next,
                 what == found::message ? held_range::held : held_range::done});
            if (what == found::message)
                return status::done;
            m_held.reserve(m_held.size() + 1);
        }
        m_next = begin;
        return status::corrupt;
    }

    // Holds the messages behind the first one, too, as far as they are ready
    // and lie before the end of the buffer.
    void extend(held_run& run) noexcept
    {
        for (;;)
        {
            record_header header;
            const found what = look_at(run.end, header);
            run.last = what == found::nothing;
            if (what != found::message || run.count == max_run ||
                run.end.offset() < run.begin.offset())
                break;
            run.lengths[run.count] =
                static_cast<std::uint32_t>(header.length());
            ++run.count;
            run.end = m_ring.behind_message(run.end, header);
        }
        m_next = run.end;
        m_held.back().end = run.end;
    }

    std::vector<held_range>::iterator find(std::size_t offset) noexcept
    {
        // A forked child does not hold what its parent does.
        return is_mine() ? std::find_if(
                               m_held.begin(), m_held.end(),
                               [&](const held_range& each) {
                                   return each.state == held_range::held &&
                                          each.begin.offset() == offset;
                               })
                         : m_held.end();
    }

    bool holds_any() const noexcept
    {
        return std::any_of(
            m_held.begin(), m_held.end(), [](const held_range& each) {
                return each.state == held_range::held;
            });
    }

    bool was_delivered(position at) const noexcept
    {
        return m_any_seen &&
               static_cast<std::int32_t>(m_seen.count() - at.count()) > 0;
    }

    void settle_locked(std::size_t offset, bool acknowledged) noexcept
    {
        const auto held = find(offset);
        if (held == m_held.end())
            return;
        held->state = acknowledged ? held_range::done : held_range::returned;
        // Of a run that an exception has ended, only the first was delivered.
        record_header header;
        if (!acknowledged && !was_delivered(held->begin) &&
            look_at(held->begin, header) == found::message)
        {
            m_seen = m_ring.behind_message(held->begin, header);
            m_any_seen = true;
        }
        store_oldest();
    }

    // Without the mutex.
    void settle(std::size_t offset, bool acknowledged) noexcept
    {
        std::shared_ptr<void> keeper; // destroyed after the guard
        const std::lock_guard<fork_mutex> guard(m_mutex);
        settle_locked(offset, acknowledged);
        if (m_closed && !holds_any())
        {
            leave();
            if (!m_inherited)
                keeper = std::move(m_keeper);
        }
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
        const cursor_word now = m_cursor->load();
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

    ring_view m_ring;
    atomic<incarnation> m_owner{0}; // this process, or its parent
    cursor* m_cursor = nullptr;
    mutable rate_limiter m_limiter{};
    burst_backoff m_burst{};
    mutable fork_mutex m_mutex{}; // of the rest
    std::vector<held_range> m_held{};
    position m_next{};      // the next message to deliver, while m_holding
    bool m_holding = false; // the bit `reading` is set
    bool m_any_seen = false;
    position m_seen{}; // messages before it were delivered and given back
    bool m_closed = false;
    bool m_inherited = false; // deliveries of the parent of this process
    std::shared_ptr<void> m_keeper{}; // of this object, by its deliveries
};

} // namespace detail
} // namespace boost_ipq

#endif
