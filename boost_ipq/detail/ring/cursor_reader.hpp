// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_READER_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_READER_HPP

// Reads a broadcast through one cursor.
//
// Copying: cursor_copy.hpp. In place: held_records.hpp; a mutex protects that
// from the other threads of the handle.

#include <boost_ipq/detail/core/brief_mutex.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/ring/cursor_copy.hpp>
#include <boost_ipq/detail/ring/cursor_purge.hpp>
#include <boost_ipq/detail/ring/cursor_state.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/held_records.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/own_cursor.hpp>
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

namespace boost_ipq {
namespace detail {

class cursor_reader : public claim_holder, private room_notifier
{
public:
    explicit cursor_reader(const ring_view& ring) : m_state(ring, *this) {}

    cursor_reader(const cursor_reader&) = delete;
    cursor_reader& operator=(const cursor_reader&) = delete;

    const ring_view& ring() const noexcept { return m_state.ring(); }

    // As cursor_state::join().
    status join(std::size_t history, give_up_condition give_up)
    {
        return m_state.join(history, give_up);
    }

    // In a forked child, joins, unless it has done so.
    status join_here(give_up_condition give_up)
    {
        return m_state.enter(give_up);
    }

    // The handle is closed. Deliveries keep the cursor. `self` owns it.
    void close(const std::shared_ptr<void>& self) noexcept
    {
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        m_closed = true;
        // A forked child has copies of its parent's deliveries, and cannot know
        // when the last one is gone.
        if (m_state.inherited || m_state.held.any())
            m_keeper = self;
        if (!m_state.held.any())
            m_state.mine.leave();
    }

    // As ring_reader::try_take().
    template <class Target>
    BOOST_FORCEINLINE status
    try_take(Target& target, give_up_condition give_up = {})
    {
        return cursor_copy(m_state).try_take(target, give_up);
    }

    // As try_take(), but takes the newest message and drops the older ones.
    template <class Target>
    status try_take_latest(Target& target, give_up_condition give_up = {})
    {
        return cursor_copy(m_state).try_take_latest(target, give_up);
    }

    // Is there a record that may be taken, or one of a dead publisher? Takes no
    // lock of the ring. `true` is a hint.
    bool something() const
    {
        if (!m_state.mine.is_mine())
            return false;
        position at;
        if (has_returned(at) || !ring().holds(at))
            return true;
        const record_header header(platform::load_hint(ring().header(at)));
        if (header.state() == record_state::reserved)
            return m_state.search.is_due_and_dead(header.owner());
        return header.word() != 0;
    }

    // Does a process hold up the next message?
    bool held_up() const
    {
        position at;
        if (!m_state.mine.is_mine() || has_returned(at))
            return false;
        return ring().holds(at) &&
               record_header(platform::load_hint(ring().header(at))).state() ==
                   record_state::reserved;
    }

    // Holds the oldest message for a caller, who reads it in place.
    status try_claim(claim& result, give_up_condition give_up = {})
    {
        if (is_at_end())
            return status::would_block;
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        position at;
        record_header header;
        const status held = m_state.hold_next(at, header, give_up);
        if (held == status::done)
            fill(result, at, header);
        return held;
    }

    // As try_claim(), but holds the newest message and drops the older ones.
    status try_claim_latest(claim& result, give_up_condition give_up = {})
    {
        const status first = try_claim(result, give_up);
        if (first != status::done)
            return first;
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        const walked_records behind = walk_records(ring(), m_state.held.next());
        if (behind.messages == 0)
            return first;
        m_state.held.pass_up_to(behind.newest);
        position at;
        record_header header;
        claim newest;
        const status held = m_state.hold_next(at, header, give_up);
        if (held != status::done)
            return first; // the oldest is the newest then
        fill(newest, at, header);
        m_state.held.settle(result.offset, true);
        result = newest;
        return held;
    }

    // Holds the oldest messages, up to max_run of them.
    status try_hold_run(held_run& result, give_up_condition give_up = {})
    {
        if (is_at_end())
            return status::would_block;
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        position at;
        record_header header;
        const status held = m_state.hold_next(at, header, give_up);
        if (held == status::done)
            m_state.held.hold_run(result, at, header);
        return held;
    }

    // The records of a run before `at` were read. The rest stays held.
    void advance(held_run& run, position at) noexcept
    {
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        m_state.held.advance(run, at);
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
        if (held.header.owner() == ring().self())
            settle(held.offset, acknowledged);
    }

    // Messages that were dropped before this subscriber read them.
    std::uint64_t missed() const noexcept
    {
        return m_state.mine.is_mine() ? m_state.mine.missed() : 0;
    }

    // What waits for this subscriber. A hint.
    ring_contents contents() const
    {
        ring_contents result;
        if (!m_state.mine.is_mine())
            return result;
        const cursor_word word = m_state.mine.load();
        position from = word.at();
        if (word.is_reading())
        {
            const std::lock_guard<brief_mutex> guard(m_state.mutex);
            if (m_state.held.active())
                from = m_state.held.next();
            result.messages = m_state.held.count_returned();
        }
        // acquire: not older than the cursor
        const position head(
            ring().control->publishers.head.load(std::memory_order_acquire));
        const auto ahead =
            static_cast<std::int32_t>(head.count() - from.count());
        // A process that was killed may have left `head` behind.
        if (ahead > 0)
            result.messages += static_cast<std::size_t>(ahead);
        if (ahead >= 0 && ring().holds(word.at()) && ring().holds(head))
            result.bytes =
                (std::min)(distance(ring(), word.at(), head), ring().capacity);
        return result;
    }

    // Skips the messages that wait, and adds their number to `count`.
    status purge(std::size_t& count, give_up_condition give_up)
    {
        return cursor_purge(m_state).run(count, give_up);
    }

    // The next message that is delivered.
    position next() const
    {
        if (!m_state.mine.is_mine())
            return position(std::uint64_t(0));
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        return m_state.held.active() ? m_state.held.next()
                                     : m_state.mine.load().at();
    }

protected:
    ~cursor_reader() = default;

private:
    // A look that takes no mutex.
    bool is_at_end() noexcept
    {
        return m_state.mine.is_mine() && m_state.search.is_at_end();
    }

    // Is a message to be delivered again? Else `at` is where the next one is.
    bool has_returned(position& at) const
    {
        cursor_word word = m_state.mine.load();
        if (word.is_reading())
        {
            const std::lock_guard<brief_mutex> guard(m_state.mutex);
            word = m_state.mine.load();
            if (m_state.held.active())
            {
                at = m_state.held.next();
                return m_state.held.count_returned() != 0;
            }
        }
        at = word.at();
        return false;
    }

    // What follows is called with the mutex held.

    void fill(claim& result, position at, record_header header) noexcept
    {
        result.offset = at.offset();
        result.header = header.with(record_state::committed, ring().self());
        result.deliveries = 1 + m_state.held.times_given_back(at);
        result.holder = this;
        result.count = at.count();
    }

    // Without the mutex.
    void settle(std::size_t offset, bool acknowledged) noexcept
    {
        std::shared_ptr<void> keeper; // destroyed after the guard
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        m_state.held.settle(offset, acknowledged);
        if (m_closed && !m_state.held.any())
        {
            m_state.mine.leave();
            if (!m_state.inherited)
                keeper = std::move(m_keeper);
        }
    }

    cursor_state m_state;
    bool m_closed = false;
    std::shared_ptr<void> m_keeper{}; // of this object, by its deliveries
};

} // namespace detail
} // namespace boost_ipq

#endif
