// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_ROBUST_LOCK_HPP
#define BOOST_IPQ_DETAIL_RING_ROBUST_LOCK_HPP

// A lock whose word names its holder, so that it can be taken over from a
// holder that the kernel says is dead, and from nobody else.
//
// Taking over is a compare-and-swap from the dead incarnation, made after its
// death was seen: of several that see it one succeeds, and a word that has
// changed meanwhile is left alone. The stores of the dead holder are visible
// to whom takes over: the kernel gave up its lock on the slot after them.

#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <algorithm>
#include <atomic>
#include <cstdint>

namespace boost_ipq {
namespace detail {

enum class lock_outcome
{
    free,           // nobody had it
    recovered_lock, // its holder had died inside: its work may be half done
    given_up        // the caller's patience ended
};

// Never gives up.
struct persevere
{
    bool operator()() const noexcept { return false; }
};

class robust_lock
{
public:
    explicit robust_lock(std::atomic<std::uint32_t>& owner) noexcept
        : m_owner(owner)
    {
    }

    bool try_acquire(incarnation me) noexcept
    {
        incarnation unowned = 0;
        // acquire: pairs with release() of the holder before
        return m_owner.compare_exchange_strong(
            unowned, me, std::memory_order_acquire, std::memory_order_relaxed);
    }

    void release() noexcept
    {
        // release: pairs with try_acquire() of the next holder
        m_owner.store(0, std::memory_order_release);
    }

    // Waits for the lock. `give_up` is asked now and then.
    template <class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE lock_outcome
    acquire(incarnation me, const liveness& witness, GiveUp give_up) noexcept
    {
        backoff pause_between;
        // Every look slows the holder down, who may be about to take the lock
        // again, and again: looked at less and less often.
        std::uint32_t step = 1; // pauses
        for (;;)
        {
            std::uint32_t paused = 0;
            while (paused < pauses)
            {
                if (m_owner.load(std::memory_order_relaxed) == 0 &&
                    try_acquire(me))
                    return lock_outcome::free;
                platform::pause(step);
                paused += step;
                step = (std::min)(2 * step, most_pauses);
            }
            incarnation holder = m_owner.load(std::memory_order_relaxed);
            if (holder == 0)
                continue;
            // Asking the kernel costs a system call: after each step of
            // waiting, not in the spinning.
            if (!witness.alive(holder))
            {
                if (m_owner.compare_exchange_strong(
                        holder, me, std::memory_order_acquire,
                        std::memory_order_relaxed))
                {
                    witness.note_recovered();
                    return lock_outcome::recovered_lock;
                }
                continue;
            }
            if (give_up())
                return lock_outcome::given_up;
            pause_between.wait();
        }
    }

private:
    static constexpr std::uint32_t pauses = 128; // before the kernel is asked
    static constexpr std::uint32_t most_pauses = 32; // between two looks

    std::atomic<std::uint32_t>& m_owner;
};

} // namespace detail
} // namespace boost_ipq

#endif
