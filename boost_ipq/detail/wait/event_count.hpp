// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_EVENT_COUNT_HPP
#define BOOST_IPQ_DETAIL_WAIT_EVENT_COUNT_HPP

// Sleeping until something changed in the ring, and waking who sleeps.
//
//   sleeper:  count + 1;  heavy barrier;  look at the ring again;  sleep
//   waker:    change the ring;  light barrier;  count > 0 ?  count - 1; post
//
// One of the two sees the other. The heavy barrier runs a full barrier in
// every thread of all processes that registered (membarrier), so the light
// one costs nothing; where a process cannot have that, the light one is a
// full fence.
//
// A token is posted for each one that is taken off the count, so tokens do not
// pile up, however many sleepers die. A waker may die in between: a sleep is
// bounded. A sleeper may die: its process's slot knows how many it had, and
// they are taken off the count when its death is noticed.

#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

class event_count
{
public:
    // Longest time asleep: survivors of a death go on within 100 ms.
    static constexpr std::chrono::milliseconds longest_sleep{50};

    event_count(
        sleeper_line& sleepers, std::atomic<std::uint32_t>& fence,
        std::unique_ptr<semaphore> semaphore)
        : m_sleepers(sleepers),
          m_fence(fence),
          m_semaphore(std::move(semaphore))
    {
    }

    // This process's threads will notify and sleep; `asleep` is its part of
    // the count. Again after a fork, before they can see that they may.
    void join(std::atomic<std::uint32_t>& asleep) noexcept
    {
        m_asleep.store(&asleep, std::memory_order_release);
        m_registered = platform::register_for_asymmetric_fence();
        if (!m_registered || !platform::asymmetric_fence_heavy())
            m_fence.store(1, std::memory_order_seq_cst);
    }

    // After a change of the ring: is a notification worth a call? The same as
    // somebody_sleeps(), or the notifier may have to fence.
    static bool
    worth(const ring_control& control, const sleeper_line& sleepers) noexcept
    {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        // relaxed: ordered by the barriers
        return BOOST_IPQ_DETAIL_UNLIKELY(
            (control.fence.load(std::memory_order_relaxed) |
             sleepers.count.load(std::memory_order_relaxed)) != 0);
    }

    // After a change of the ring: wakes one sleeper, if there is one.
    void notify_one() noexcept { notify(1); }

    // The same for so many changes at once.
    void notify(std::size_t changes) noexcept
    {
        if (somebody_sleeps())
            wake(changes);
    }

    // The same for all sleepers: where one alone might not be served by the
    // change, and another would.
    void notify_all() noexcept
    {
        if (somebody_sleeps())
            wake_all();
    }

    BOOST_IPQ_DETAIL_NOINLINE void wake(std::size_t most) noexcept
    {
        for (; most != 0 && take_one_off(); --most)
            post();
    }

    BOOST_IPQ_DETAIL_NOINLINE void wake_all() noexcept
    {
        platform::full_fence();
        auto sleeping = m_sleepers.count.exchange(0, std::memory_order_relaxed);
        // A damaged count is no reason to post for hours.
        for (sleeping = (std::min)(sleeping, most_sleepers); sleeping != 0;
             --sleeping)
            post();
    }

    // Takes dead sleepers off the count.
    void forget(std::uint32_t dead) noexcept
    {
        // A damaged slot is no reason to go on for hours.
        for (dead = (std::min)(dead, most_sleepers);
             dead != 0 && take_one_off(); --dead)
        {
        }
    }

    // A thread that is about to sleep: it looks at the ring once more between
    // construction and sleep().
    class prepared_wait
    {
    public:
        explicit prepared_wait(event_count& signal) noexcept : m_signal(signal)
        {
            m_signal.announce();
        }

        prepared_wait(const prepared_wait&) = delete;
        prepared_wait& operator=(const prepared_wait&) = delete;

        ~prepared_wait()
        {
            if (m_standing)
                m_signal.withdraw();
            m_signal.asleep().fetch_sub(1, std::memory_order_relaxed);
        }

        // True: it was woken.
        bool sleep(std::chrono::nanoseconds duration)
        {
            m_standing = !m_signal.m_semaphore->wait_for(duration);
            return !m_standing;
        }

    private:
        event_count& m_signal;
        bool m_standing = true;
    };

private:
    static constexpr std::uint32_t most_sleepers = 1u << 14;
    static constexpr int cancel_attempts = 100; // times 100 us

    bool somebody_sleeps() const noexcept
    {
        asymmetric_fence_light();
        // relaxed: ordered by the barriers
        return BOOST_IPQ_DETAIL_UNLIKELY(
            m_sleepers.count.load(std::memory_order_relaxed) != 0);
    }

    void announce() noexcept
    {
        // Pairs with the store of self behind join(): it has been seen, so
        // asleep() is of the slot that it names.
        platform::full_fence();
        // First: a sleeper that dies between the two is then taken off the
        // count though it was not on it. One too few is mended by the next
        // time-out, one too many would stay.
        asleep().fetch_add(1, std::memory_order_relaxed);
        m_sleepers.count.fetch_add(1, std::memory_order_seq_cst);
        if (!m_registered || !platform::asymmetric_fence_heavy())
            // The wakers fence, see join().
            platform::full_fence();
    }

    void withdraw() noexcept
    {
        // A waker may be faster: then its token is here or on the way, unless
        // another sleeper takes it, who then stays on the count for us; or
        // the waker died just now.
        for (int i = 0; i < cancel_attempts && !take_one_off() &&
                        !m_semaphore->wait_for(std::chrono::microseconds(100));
             ++i)
        {
        }
    }

    std::atomic<std::uint32_t>& asleep() const noexcept
    {
        return *m_asleep.load(std::memory_order_acquire);
    }

    void asymmetric_fence_light() const noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(
                m_fence.load(std::memory_order_relaxed) == 0))
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            platform::full_fence();
    }

    bool take_one_off() noexcept
    {
        auto count = m_sleepers.count.load(std::memory_order_relaxed);
        while (count != 0)
            if (m_sleepers.count.compare_exchange_weak(
                    count, count - 1, std::memory_order_relaxed))
                return true;
        return false;
    }

    void post() noexcept
    {
        try
        {
            m_semaphore->post();
        }
        catch (...)
        {
            // Overflow: as many tokens as anybody could want are there.
        }
    }

    sleeper_line& m_sleepers;
    std::atomic<std::uint32_t>& m_fence;
    const std::unique_ptr<semaphore> m_semaphore;
    std::atomic<std::atomic<std::uint32_t>*> m_asleep{nullptr};
    bool m_registered = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
