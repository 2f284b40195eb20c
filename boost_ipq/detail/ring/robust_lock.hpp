// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_ROBUST_LOCK_HPP
#define BOOST_IPQ_DETAIL_RING_ROBUST_LOCK_HPP

// A lock whose word names its owner, so that it can be recovered from an owner
// that is dead according to the kernel, and from no other.
//
// Recovery is a compare-and-swap from the dead incarnation, made after its
// death was seen. Of several processes that see the death, one succeeds. A word
// that has changed in the meantime stays as it is. The process that recovers
// the lock sees the stores of the dead owner: the kernel released the owner's
// slot after them.

#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <algorithm>
#include <cstdint>

namespace boost_ipq {
namespace detail {

enum class lock_outcome
{
    acquired,
    recovered, // its owner died inside: the owner's work may be half done
    given_up
};

class robust_lock
{
public:
    explicit robust_lock(atomic<std::uint32_t>& owner) noexcept : m_owner(owner)
    {
    }

    bool try_acquire(incarnation me) noexcept
    {
        incarnation unowned = 0;
        // acquire: pairs with release() of the previous owner
        return m_owner.compare_exchange_strong(
            unowned, me, std::memory_order_acquire, std::memory_order_relaxed);
    }

    void release() noexcept
    {
        // release: pairs with try_acquire() of the next owner
        m_owner.store(0, std::memory_order_release);
    }

    // Waits for the lock.
    BOOST_IPQ_DETAIL_NOINLINE lock_outcome acquire(
        incarnation me, const liveness& peers,
        give_up_condition give_up) noexcept
    {
        backoff pause_between;
        std::uint32_t step = 1; // pauses
        for (;;)
        {
            if (spin(me, step))
                return lock_outcome::acquired;
            incarnation owner = m_owner.load(std::memory_order_relaxed);
            if (owner == 0)
                continue;
            // A query costs a system call, so it is made after each round of
            // spinning, not within one.
            if (!peers.alive(owner))
            {
                // acquire: as in try_acquire(). The kernel's answer orders what
                // the owner did, too, so this is only for other witnesses.
                if (!m_owner.compare_exchange_strong(
                        owner, me, std::memory_order_acquire,
                        std::memory_order_relaxed))
                    continue;
                peers.note_recovered();
                return lock_outcome::recovered;
            }
            if (give_up(pause_between.waited()))
                return lock_outcome::given_up;
            pause_between.wait();
        }
    }

private:
    // The looks become rarer: each one slows the owner down, which may be about
    // to take the lock again.
    bool spin(incarnation me, std::uint32_t& step) noexcept
    {
        for (std::uint32_t paused = 0; paused < lock_pauses;)
        {
            if (m_owner.load(std::memory_order_relaxed) == 0 && try_acquire(me))
                return true;
            platform::pause(step);
            paused += step;
            step = (std::min)(2 * step, max_lock_pause);
        }
        return false;
    }

    atomic<std::uint32_t>& m_owner;
};

} // namespace detail
} // namespace boost_ipq

#endif
