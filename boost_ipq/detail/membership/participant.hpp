// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_PARTICIPANT_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_PARTICIPANT_HPP

// This process's membership of a queue, and its eye on the others.
//
// A member holds the kernel lock on its slot's byte of the queue's file. Dead
// is whose byte is not locked, or whose slot has another generation by now. A
// slot is taken in this order: raise its generation, lock its byte, use it. So
// the last owner is dead for good before the byte is locked again, and whoever
// sees the generation of an incarnation and then an unlocked byte knows that
// it is dead: it was used only while the byte was locked.

#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace boost_ipq {
namespace detail {

class participant final : public liveness
{
public:
    participant(lock_file& file) noexcept : m_file(file)
    {
        m_file.clear_in_child(m_self);
    }

    participant(const participant&) = delete;
    participant& operator=(const participant&) = delete;

    // Zero when this process is no member: before join(), after leave(), and
    // in a forked child.
    const std::atomic<incarnation>& self() const noexcept { return m_self; }

    // Takes a slot that its last owner left cleanly, else one of a dead
    // process, and calls `enter(slot)` before other threads see that this
    // process is a member. The structure lock is held.
    //
    // Returns whether it was a dead one's. Then all that the dead hold is to be
    // recovered before this slot is left: its generations come round.
    template <class Enter>
    bool join(participant_table& table, Enter enter)
    {
        m_table = &table;
        for (const bool dead : {false, true})
            for (std::uint32_t i = 0; i < slot_count; ++i)
            {
                participant_slot& slot = table.slots[i];
                const bool used =
                    slot.used.load(std::memory_order_relaxed) != 0;
                if (used == dead && !m_file.slot_locked_elsewhere(i))
                {
                    take(slot, i, enter);
                    return dead;
                }
            }
        throw_error(errc::too_many_processes);
    }

    // Nothing of this incarnation is in use any more.
    void leave() noexcept
    {
        const incarnation me = m_self.exchange(0, std::memory_order_relaxed);
        if (me == 0)
            return;
        free_slot(m_table->slots[slot_of(me)], slot_of(me));
    }

    // Tells of each dead process that was asleep. The structure lock is held:
    // nobody takes its slot meanwhile, to sleep in it.
    template <class Function>
    void for_each_dead_sleeper(Function function) const
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        for (std::uint32_t i = 0; i < end; ++i)
        {
            participant_slot& other = m_table->slots[i];
            if (i != slot_of(me) &&
                other.used.load(std::memory_order_relaxed) != 0 &&
                (other.asleep_for_messages.load(std::memory_order_relaxed) |
                 other.asleep_for_room.load(std::memory_order_relaxed)) != 0 &&
                !m_file.slot_locked_elsewhere(i))
                function(other);
        }
    }

    // Who is dead. The structure lock is held: nobody has just raised a slot's
    // generation, and not locked it yet.
    std::vector<incarnation> dead() const
    {
        std::vector<incarnation> result;
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const participant_slot& slot = m_table->slots[i];
            if (i != slot_of(me) &&
                slot.used.load(std::memory_order_relaxed) != 0 &&
                !m_file.slot_locked_elsewhere(i))
                result.push_back(make_incarnation(i, generation_now(slot)));
        }
        return result;
    }

    // Frees the slots of those dead, whose all has been recovered, unless
    // somebody has taken them. The structure lock is held. Returns how many.
    std::size_t strike_off(const std::vector<incarnation>& dead) noexcept
    {
        std::size_t result = 0;
        for (const incarnation who : dead)
        {
            participant_slot& slot = m_table->slots[slot_of(who)];
            if (generation_now(slot) == generation_of(who) &&
                slot.used.load(std::memory_order_relaxed) != 0 &&
                m_file.try_lock_slot(slot_of(who)))
            {
                free_slot(slot, slot_of(who));
                ++result;
            }
        }
        return result;
    }

    bool alive(incarnation who) const noexcept override
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        if (who == me)
            return true;
        const std::uint32_t slot = slot_of(who);
        // acquire: the kernel is asked after the generation was read
        return m_table->slots[slot].generation.load(
                   std::memory_order_acquire) == generation_of(who) &&
               (me != 0 && slot == slot_of(me)
                    ? false
                    : m_file.slot_locked_elsewhere(slot));
    }

    std::uint64_t deaths() const noexcept override
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        std::uint64_t result = 1;
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const participant_slot& other = m_table->slots[i];
            if (other.used.load(std::memory_order_relaxed) == slot_free ||
                (me != 0 && i == slot_of(me)))
                continue;
            // acquire, twice: the use is read after the generation, and the
            // kernel asked after both. A joiner that has not locked its byte
            // yet looks dead; its use tells it from a member that died since.
            const std::uint32_t generation =
                other.generation.load(std::memory_order_acquire);
            const std::uint32_t use =
                other.used.load(std::memory_order_acquire);
            const bool dead = !m_file.slot_locked_elsewhere(i);
            // One step of FNV-1a.
            result = (result ^
                      (std::uint64_t(i) << 35 | std::uint64_t(generation) << 3 |
                       std::uint64_t(use & 3) << 1 | dead)) *
                     1099511628211u;
        }
        return result | 1;
    }

    // A forked child has its handles before it has a slot to show them in.
    void add_role(std::uint32_t role) noexcept
    {
        // seq_cst: pairs with show_roles() after another thread joined, or
        // added a role: the last to store has seen them all
        m_roles.fetch_add(role, std::memory_order_seq_cst);
        show_roles();
    }

private:
    // Relaxed: who takes a slot behind it meanwhile is met the next time.
    std::uint32_t slots_end() const noexcept
    {
        return (std::min)(
            m_table->end.load(std::memory_order_relaxed), slot_count);
    }

    static std::uint32_t generation_now(const participant_slot& slot) noexcept
    {
        return slot.generation.load(std::memory_order_relaxed) &
               generation_mask;
    }

    void show_roles() noexcept
    {
        // seq_cst: pairs with take() and add_role()
        const incarnation me = m_self.load(std::memory_order_seq_cst);
        if (me == 0)
            return;
        auto& shown = m_table->slots[slot_of(me)].roles;
        std::uint32_t roles = m_roles.load(std::memory_order_seq_cst), before;
        do
        {
            before = roles;
            shown.store(roles, std::memory_order_seq_cst);
            roles = m_roles.load(std::memory_order_seq_cst);
        } while (roles != before);
    }

    void free_slot(participant_slot& slot, std::uint32_t index) noexcept
    {
        slot.roles.store(0, std::memory_order_relaxed);
        slot.asleep_for_messages.store(0, std::memory_order_relaxed);
        slot.asleep_for_room.store(0, std::memory_order_relaxed);
        slot.used.store(slot_free, std::memory_order_release);
        m_file.unlock_slot(index);
    }

    // Nobody else takes slots meanwhile: the structure lock is held.
    template <class Enter>
    void take(participant_slot& slot, std::uint32_t index, Enter enter)
    {
        const std::uint32_t generation = next_generation(generation_now(slot));
        // Relaxed: the structure lock is held. First, so that a death here
        // leaves no slot behind it.
        if (index >= m_table->end.load(std::memory_order_relaxed))
            m_table->end.store(index + 1, std::memory_order_relaxed);
        slot.used.store(slot_joining, std::memory_order_relaxed);
        slot.pid.store(
            static_cast<std::uint32_t>(platform::process_id()),
            std::memory_order_relaxed);
        slot.roles.store(0, std::memory_order_relaxed);
        // release: pairs with alive()
        slot.generation.store(generation, std::memory_order_release);
        if (!m_file.try_lock_slot(index))
            throw_error(
                boost::system::errc::make_error_code(
                    boost::system::errc::no_lock_available),
                "joining the queue");
        // release: who sees it asks the kernel after we had the lock
        slot.used.store(slot_taken, std::memory_order_release);
        enter(slot);
        // release: whoever sees it sees what enter() did; seq_cst: pairs with
        // show_roles()
        m_self.store(
            make_incarnation(index, generation), std::memory_order_seq_cst);
        show_roles();
    }

    lock_file& m_file;
    participant_table* m_table = nullptr;
    std::atomic<incarnation> m_self{0};
    std::atomic<std::uint32_t> m_roles{0}; // of this process's handles
};

} // namespace detail
} // namespace boost_ipq

#endif
