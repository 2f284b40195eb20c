// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_PARTICIPANT_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_PARTICIPANT_HPP

// This process as a participant of a queue, and its view of the others.
//
// A participant holds the kernel lock on its slot's byte of the lock file. An
// incarnation is dead if its byte is not locked, or if its slot now has a
// different generation. A process takes a slot in this order: it increments the
// generation, locks the byte, then uses the incarnation. So the last owner
// counts as dead before the byte is locked again. An incarnation that a process
// has seen was used while its byte was locked. So if the process finds the byte
// unlocked, the incarnation is dead; if it finds the byte locked, the
// generation that it loads then tells whether by a later incarnation.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/fnv.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/error.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace boost_ipq {
namespace detail {

static_assert(slot_count == 1024, "the text of errc::too_many_processes");

class participant final : public liveness
{
public:
    explicit participant(lock_file& file) noexcept : m_file(file)
    {
        m_file.clear_in_child(m_self);
    }

    participant(const participant&) = delete;
    participant& operator=(const participant&) = delete;

    // Zero when this process is not a participant: before join(), after
    // leave(), and in a forked child.
    const atomic<incarnation>& self() const noexcept { return m_self; }

    // Takes a slot that its last owner left cleanly, or else the slot of a dead
    // process, and calls `enter(slot)` before other threads see that this
    // process is a participant. The caller holds the structure lock.
    //
    // Returns whether the last owner is dead. Then everything that dead
    // processes hold must be recovered before this slot is left, because its
    // generations repeat.
    template <class Enter>
    bool join(participant_table& table, Enter enter)
    {
        m_table = &table;
        for (std::uint32_t pass = 0;; ++pass)
        {
            bool tried = false;
            for (const bool dead : {false, true})
                for (std::uint32_t i = 0; i < slot_count; ++i)
                {
                    participant_slot& slot = table.entries[i];
                    const bool used =
                        slot.used.load(std::memory_order_relaxed) != 0;
                    if (used != dead || m_file.slot_locked_elsewhere(i))
                        continue;
                    if (take(slot, i, enter))
                        return dead;
                    tried = true;
                    if (!platform::looking_locks)
                        fail_to_join();
                }
            if (!tried)
                throw_error(errc::too_many_processes);
            if (pass == max_join_passes)
                fail_to_join();
            std::this_thread::sleep_for(join_pause);
        }
    }

    // Frees the slot. This incarnation must hold no lock and no record any
    // more. If what the slot's earlier owners hold was not recovered, the slot
    // is left as that of a dead process: the next process that takes it
    // recovers that.
    void leave(bool recovered = true) noexcept
    {
        const incarnation me = m_self.exchange(0, std::memory_order_relaxed);
        if (me == 0)
            return;
        const std::uint32_t index = slot_of(me);
        free_slot(
            m_table->entries[index], index, recovered ? slot_free : slot_taken);
    }

    // Calls function(slot) for each process that died asleep. The caller holds
    // the structure lock, so no process takes such a slot and sleeps meanwhile.
    template <class Function>
    void for_each_dead_sleeper(Function function) const
    {
        for_each_other_slot([&](std::uint32_t i, participant_slot& other) {
            if ((other.asleep_for_messages.load(std::memory_order_relaxed) |
                 other.asleep_for_room.load(std::memory_order_relaxed) |
                 other.sets_asleep_for_messages.load(
                     std::memory_order_relaxed) |
                 other.sets_asleep_for_room.load(std::memory_order_relaxed)) !=
                    0 &&
                !m_file.slot_locked_elsewhere(i))
                function(other);
        });
    }

    // The incarnations that are dead. The caller holds the structure lock, so
    // no process has incremented a slot's generation without having locked its
    // byte.
    std::vector<incarnation> dead() const
    {
        std::vector<incarnation> result;
        for_each_other_slot([&](std::uint32_t i, participant_slot& other) {
            if (!m_file.slot_locked_elsewhere(i))
                result.push_back(make_incarnation(i, generation_now(other)));
        });
        return result;
    }

    // Frees the slots of dead incarnations, unless they have been taken again.
    // Everything that these incarnations held has been recovered. The caller
    // holds the structure lock. Returns the number of slots.
    std::size_t release_slots(const std::vector<incarnation>& dead) noexcept
    {
        std::size_t result = 0;
        for (const incarnation who : dead)
        {
            participant_slot& slot = m_table->entries[slot_of(who)];
            if (generation_now(slot) == generation_of(who) &&
                slot.used.load(std::memory_order_relaxed) != 0 &&
                m_file.try_lock_slot(slot_of(who)))
            {
                free_slot(slot, slot_of(who), slot_free);
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
        if (me != 0 && slot == slot_of(me))
            return false;
        // The kernel first: the process that has locked the byte has stored its
        // generation before, and the kernel's answer makes this thread see
        // that. Loaded before, the generation might be older than `who`.
        // acquire: not loaded before.
        return m_file.slot_locked_elsewhere(slot) &&
               m_table->entries[slot].generation.load(
                   std::memory_order_acquire) == generation_of(who);
    }

    std::uint64_t deaths() const noexcept override
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        std::uint64_t result = 1;
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const participant_slot& other = m_table->entries[i];
            if (other.used.load(std::memory_order_relaxed) == slot_free ||
                (me != 0 && i == slot_of(me)))
                continue;
            // acquire, twice: reads `used` after the generation, and asks the
            // kernel after both. A joining process that has not locked its byte
            // yet looks dead; `used` distinguishes it from a participant that
            // has died since.
            const std::uint32_t generation =
                other.generation.load(std::memory_order_acquire);
            const std::uint32_t use =
                other.used.load(std::memory_order_acquire);
            const bool dead = !m_file.slot_locked_elsewhere(i);
            result = fnv_step(
                result, std::uint64_t(i) << 35 |
                            std::uint64_t(generation) << 3 |
                            std::uint64_t(use & 3) << 1 | dead);
        }
        return result | 1;
    }

    // The number of processes whose handles count, the dead ones included whose
    // death no process has noticed. Looks only at memory.
    std::uint32_t
    count_slots(std::uint32_t (*handles_in)(std::uint32_t)) const noexcept
    {
        std::uint32_t result = 0;
        const std::uint32_t end = slots_end();
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const participant_slot& slot = m_table->entries[i];
            result += slot.used.load(std::memory_order_relaxed) != slot_free &&
                      handles_in(slot.roles.load(std::memory_order_relaxed));
        }
        return result;
    }

    // See attachment::any_alive().
    bool any_alive(std::uint32_t (*handles_in)(std::uint32_t)) const noexcept
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        for (std::uint32_t i = 0; i < end; ++i)
        {
            const participant_slot& slot = m_table->entries[i];
            const std::uint32_t use = slot.used.load(std::memory_order_relaxed);
            if (use == slot_free)
                continue;
            const std::uint32_t roles =
                slot.roles.load(std::memory_order_relaxed);
            if (roles != 0 ? handles_in(roles) == 0 : use == slot_idle)
                continue;
            const bool own = me != 0 && i == slot_of(me);
            if (own ? handles_in(roles) != 0 : m_file.slot_locked_elsewhere(i))
                return true;
        }
        return false;
    }

    // Counts handles. A forked child has handles before it has a slot that
    // shows their number.
    void add_role(std::uint32_t role) noexcept
    {
        // seq_cst: pairs with show_roles() after another thread joined or added
        // a role: the last thread to store has seen all roles
        m_roles.fetch_add(role, std::memory_order_seq_cst);
        show_roles();
        // Deliveries or wait sets keep it. Relaxed: see any_alive(), which
        // looks at the roles first.
        const incarnation me = m_self.load(std::memory_order_relaxed);
        if (me != 0 && m_roles.load(std::memory_order_relaxed) == 0)
            m_table->entries[slot_of(me)].used.store(
                slot_idle, std::memory_order_relaxed);
    }

private:
    // Relaxed: a process that takes a slot beyond the end meanwhile is seen the
    // next time.
    std::uint32_t slots_end() const noexcept
    {
        return (std::min)(
            m_table->end.load(std::memory_order_relaxed), slot_count);
    }

    // Calls function(index, slot) for each slot in use except this process's
    // own.
    template <class Function>
    void for_each_other_slot(Function function) const
    {
        const incarnation me = m_self.load(std::memory_order_relaxed);
        const std::uint32_t end = slots_end();
        for (std::uint32_t i = 0; i < end; ++i)
        {
            participant_slot& slot = m_table->entries[i];
            if (i != slot_of(me) &&
                slot.used.load(std::memory_order_relaxed) != slot_free)
                function(i, slot);
        }
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
        auto& shown = m_table->entries[slot_of(me)].roles;
        std::uint32_t roles = m_roles.load(std::memory_order_seq_cst), before;
        do
        {
            before = roles;
            shown.store(roles, std::memory_order_seq_cst);
            roles = m_roles.load(std::memory_order_seq_cst);
        } while (roles != before);
    }

    void free_slot(
        participant_slot& slot, std::uint32_t index, std::uint32_t use) noexcept
    {
        slot.roles.store(0, std::memory_order_relaxed);
        slot.asleep_for_messages.store(0, std::memory_order_relaxed);
        slot.asleep_for_room.store(0, std::memory_order_relaxed);
        slot.sets_asleep_for_messages.store(0, std::memory_order_relaxed);
        slot.sets_asleep_for_room.store(0, std::memory_order_relaxed);
        slot.used.store(use, std::memory_order_release);
        m_file.unlock_slot(index);
    }

    [[noreturn]] static void fail_to_join()
    {
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::no_lock_available),
            "joining the queue");
    }

    // The caller holds the structure lock: no other process takes slots
    // meanwhile. Returns false if the slot's byte cannot be locked: where
    // looking at a byte locks it, another process may look at that moment.
    template <class Enter>
    bool take(participant_slot& slot, std::uint32_t index, Enter enter)
    {
        const std::uint32_t used = slot.used.load(std::memory_order_relaxed);
        const std::uint32_t generation = next_generation(generation_now(slot));
        // Relaxed: the structure lock is held. Before `used`, so that a death
        // leaves no used slot beyond the end.
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
        {
            // As it was: the slot of a dead process is still one.
            slot.used.store(used, std::memory_order_relaxed);
            return false;
        }
        // release: pairs with deaths(), which then asks the kernel after the
        // byte was locked
        slot.used.store(slot_taken, std::memory_order_release);
        enter(slot);
        // seq_cst: pairs with show_roles(). Also a release: a thread that sees
        // the incarnation sees the effects of enter().
        m_self.store(
            make_incarnation(index, generation), std::memory_order_seq_cst);
        show_roles();
        return true;
    }

    lock_file& m_file;
    participant_table* m_table = nullptr;
    atomic<incarnation> m_self{0};
    atomic<std::uint32_t> m_roles{0}; // the handles of this process
};

} // namespace detail
} // namespace boost_ipq

#endif
