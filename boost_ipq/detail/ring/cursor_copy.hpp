// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_COPY_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_COPY_HPP

// Copies messages of a broadcast.
//
// A copy is optimistic: nothing keeps publishers from overwriting the record
// meanwhile, but they move the cursor first. So a copy counts only if a
// compare-and-swap then moves the cursor from where it was, and a subscriber
// that is stopped while it copies holds no process up. For the same reason
// nothing of a header is used before the cursor was seen to be unchanged after
// it.

#include <boost_ipq/detail/core/brief_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_state.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/held_records.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace boost_ipq {
namespace detail {

class cursor_copy
{
public:
    explicit cursor_copy(cursor_state& state) noexcept : m_state(state) {}

    // Copies the oldest message to a target, and takes it. As
    // ring_reader::try_take().
    template <class Target>
    BOOST_FORCEINLINE status
    try_take(Target& target, give_up_condition give_up = {})
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(!m_state.mine.is_mine()))
            return take_slowly(target, give_up);
        const ring_view& ring = m_state.ring();
        std::byte* const data = ring.data;
        cursor_word word = m_state.mine.load();
        const position at = word.at();
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                (word.word() & (cursor_word::live | cursor_word::reading)) !=
                    cursor_word::live ||
                !ring.holds(at)))
            return take_slowly(target, give_up);
        prefetch_body(data, at);
        const record_header header(
            platform::load_hint(header_at(data, at.offset())));
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                header.state() != record_state::committed ||
                !ring.holds(at, header) || m_state.mine.load() != word))
            return take_slowly(target, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(!target.may_take(header.length())))
            return status::declined;
        target.take(data + at.offset() + unit, header.length());
        // The move releases the copy: it fails if a publisher moved the cursor
        // before it overwrote the body.
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !m_state.mine.move(word, ring.behind_message(at, header))))
            return take_slowly(target, give_up);
        return status::done;
    }

    // As try_take(), but takes the newest message and drops the older ones.
    template <class Target>
    status try_take_latest(Target& target, give_up_condition give_up = {})
    {
        const position goal = m_state.mine.sent();
        return take_any(target, give_up, newest{m_state, goal});
    }

private:
    static void prefetch_body(std::byte* data, position at) noexcept
    {
        if (platform::fetches_lines)
            platform::prefetch(data + at.offset() + prefetched_line);
    }

    // Which message a call takes: moves a position forward to it.
    struct oldest
    {
        static constexpr bool skips = false;
        void operator()(position&) const noexcept {}
    };

    struct newest
    {
        static constexpr bool skips = true;
        const cursor_state& state;
        position goal; // where the head was when the call began

        // Once publishers have dropped all that was there then, the oldest one
        // was the newest while the call ran. So it ends, however fast they are.
        void operator()(position& at) const noexcept
        {
            if (is_before(at, goal))
                at = walk_records(state.ring(), at).newest;
        }
    };

    template <class Target>
    BOOST_IPQ_DETAIL_NOINLINE status
    take_slowly(Target& target, give_up_condition give_up)
    {
        return take_any(target, give_up, oldest());
    }

    template <class Target, class Choice>
    status take_any(Target& target, give_up_condition give_up, Choice choose)
    {
        const status entered = m_state.enter(give_up);
        if (entered != status::done)
            return entered;
        for (int discards = 0; discards < 3 * max_discards;)
        {
            const int before = discards;
            cursor_word word;
            record_header header;
            status result = m_state.search.find(word, header);
            if (result == status::done)
                result = copy_and_move(target, word, choose, discards);
            else if (result == status::other)
                result = take_while_holding(target, give_up, choose);
            if (result != status::other)
                return result;
            if (discards != before && discards % max_discards == 0)
                // First to the newest half, then past all messages.
                m_state.mine.skip_to_newest(
                    discards == max_discards ? m_state.ring().size / 2 : 0);
        }
        return status::would_block;
    }

    // `other`: the cursor was moved meanwhile.
    template <class Target, class Choice>
    status copy_and_move(
        Target& target, cursor_word word, Choice choose, int& discards)
    {
        const ring_view& ring = m_state.ring();
        const std::uint64_t before = m_state.mine.missed();
        position at = word.at();
        choose(at);
        record_header header;
        const bool valid = look_at(ring, at, header) == found_record::message;
        if (m_state.mine.load() != word)
            return status::other;
        if (!valid)
            return m_state.mine.stands_at(word) ? status::corrupt
                                                : status::other;
        if (!target.may_take(header.length()))
            return status::declined;
        // The older ones are dropped first: so the copy has nearly a lap.
        if (Choice::skips && at != word.at())
        {
            if (!m_state.mine.move(word, at))
                return status::other;
            word = word.moved(at);
        }
        target.take(ring.body(at.offset()), header.length());
        // As in try_take().
        if (m_state.mine.move(word, ring.behind_message(at, header)))
            return status::done;
        // Moved by a publisher, not by another thread of this handle.
        discards += m_state.mine.missed() != before;
        return status::other;
    }

    // `other`: nothing is held any more.
    template <class Target, class Choice>
    status
    take_while_holding(Target& target, give_up_condition give_up, Choice choose)
    {
        const std::lock_guard<brief_mutex> guard(m_state.mutex);
        held_records& held = m_state.held;
        if (!held.active())
            // With the mutex held, only damage sets the bit.
            return m_state.mine.load().is_reading() ? status::corrupt
                                                    : status::other;
        const ring_view& ring = m_state.ring();
        position at = held.next();
        record_header header;
        choose(at);
        if (at != held.next())
        {
            if (look_at(ring, at, header) != found_record::message)
                return status::corrupt;
            if (!target.may_take(header.length()))
                return status::declined;
            held.pass_up_to(at);
        }
        const status result = m_state.hold_next(at, header, give_up);
        if (result != status::done)
            return result;
        struct end_of_copy
        {
            held_records& held;
            std::size_t offset;
            bool taken;
            ~end_of_copy() { held.end_copy(offset, taken); }
        };
        end_of_copy end{held, at.offset(), false};
        if (!target.may_take(header.length()))
            return status::declined;
        target.take(ring.body(at.offset()), header.length());
        end.taken = true;
        return status::done;
    }

    cursor_state& m_state;
};

} // namespace detail
} // namespace boost_ipq

#endif
