// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_PUT_IN_ORDER_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_PUT_IN_ORDER_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <atomic>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// An incarnation that never lives: generations start at 1.
constexpr incarnation long_dead = make_incarnation(1, 0);

// The next process that waits for the lock recovers it, and completes what the
// owner may have left half done.
inline void leave_to_recovery(std::atomic<std::uint32_t>& owner) noexcept
{
    if (owner.load(std::memory_order_relaxed) != 0)
        owner.store(long_dead, std::memory_order_relaxed);
}

inline void forget_all_sleepers(sleeper_line& sleepers) noexcept
{
    sleepers.count.store(0, std::memory_order_relaxed);
    sleepers.posts.store(0, std::memory_order_relaxed);
    sleepers.sets.store(0, std::memory_order_relaxed);
}

// Sets all words that depend on living processes, when there are none: whatever
// the dead left, or damage, no process must wait for an owner or search for
// sleepers that do not exist. The caller holds the structure lock, has not
// joined, and has seen that no process holds a slot.
//
// Relaxed: a process that joins later has taken the structure lock after this.
inline void put_in_order(
    ring_control& control, participant_table& participants,
    cursor_table* cursors) noexcept
{
    for (std::uint32_t i = 0; cursors && i < cursor_count; ++i)
        free_cursor(cursors->cursors[i]);
    leave_to_recovery(control.publishers.owner);
    leave_to_recovery(control.subscribers.owner);
    control.publishers.waiting.store(0, std::memory_order_relaxed);
    control.subscribers.span.store(0, std::memory_order_relaxed);
    // There may be returned records: one search finds out.
    control.subscribers.returned.store(1, std::memory_order_relaxed);
    forget_all_sleepers(control.messages);
    forget_all_sleepers(control.room);
    control.attention.store(0, std::memory_order_relaxed);
    std::uint32_t end = 0;
    for (std::uint32_t i = 0; i < slot_count; ++i)
    {
        participant_slot& slot = participants.entries[i];
        slot.roles.store(0, std::memory_order_relaxed);
        slot.asleep_for_messages.store(0, std::memory_order_relaxed);
        slot.asleep_for_room.store(0, std::memory_order_relaxed);
        slot.sets_asleep_for_messages.store(0, std::memory_order_relaxed);
        slot.sets_asleep_for_room.store(0, std::memory_order_relaxed);
        if (slot.used.load(std::memory_order_relaxed) != slot_free)
            end = i + 1;
    }
    participants.end.store(end, std::memory_order_relaxed);
}

} // namespace detail
} // namespace boost_ipq

#endif
