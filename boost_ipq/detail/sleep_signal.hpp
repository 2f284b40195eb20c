// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SLEEP_SIGNAL_HPP
#define BOOST_IPQ_DETAIL_SLEEP_SIGNAL_HPP

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
// bounded.

#include <boost_ipq/detail/layout.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <atomic>
#include <chrono>
#include <string>

namespace boost_ipq {
namespace detail {

class sleep_signal
{
public:
    // Longest time asleep: survivors of a death go on within 100 ms.
    static constexpr std::chrono::milliseconds longest_sleep{50};

    sleep_signal(
        sleeper_line& sleepers, std::atomic<std::uint32_t>& fence,
        const std::string& name)
        : m_sleepers(sleepers),
          m_fence(fence),
          m_semaphore(boost::interprocess::open_only, name.c_str()),
          m_wait(m_semaphore, name)
    {
        join();
    }

    // This process's threads will notify and sleep. Again after a fork.
    void join() noexcept
    {
        m_registered = platform::register_for_heavy_barrier();
        if (!m_registered || !platform::heavy_barrier())
            m_fence.store(1, std::memory_order_seq_cst);
    }

    // After a change of the ring: wakes one sleeper, if there is one.
    void notify() noexcept
    {
        light_barrier();
        // relaxed: ordered by the barriers
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                m_sleepers.count.load(std::memory_order_relaxed) != 0))
            wake_one();
    }

    BOOST_IPQ_DETAIL_NOINLINE void wake_one() noexcept
    {
        if (take_one_off())
            post();
    }

    BOOST_IPQ_DETAIL_NOINLINE void wake_all() noexcept
    {
        std::atomic_thread_fence(std::memory_order_seq_cst);
        for (auto n = m_sleepers.count.load(std::memory_order_relaxed);
             n != 0 && take_one_off(); --n)
            post();
    }

    // A thread that is about to sleep: it looks at the ring once more between
    // construction and sleep().
    class announcement
    {
    public:
        explicit announcement(sleep_signal& signal) noexcept : m_signal(signal)
        {
            m_signal.announce();
        }

        announcement(const announcement&) = delete;
        announcement& operator=(const announcement&) = delete;

        ~announcement()
        {
            if (m_standing)
                m_signal.withdraw();
        }

        // True: it was woken.
        bool sleep(std::chrono::nanoseconds duration)
        {
            m_standing = !m_signal.m_wait.wait_for(duration);
            return !m_standing;
        }

    private:
        sleep_signal& m_signal;
        bool m_standing = true;
    };

    std::uint32_t sleepers() const noexcept
    {
        return m_sleepers.count.load(std::memory_order_relaxed);
    }

private:
    void announce() noexcept
    {
        m_sleepers.count.fetch_add(1, std::memory_order_seq_cst);
        if (!m_registered || !platform::heavy_barrier())
            // The wakers fence, see join().
            std::atomic_thread_fence(std::memory_order_seq_cst);
    }

    void withdraw() noexcept
    {
        if (!take_one_off())
            // A waker was faster: its token is here, or will wake somebody
            // once for nothing.
            m_semaphore.try_wait();
    }

    void light_barrier() noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(
                m_fence.load(std::memory_order_relaxed) == 0))
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            std::atomic_thread_fence(std::memory_order_seq_cst);
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
            m_semaphore.post();
        }
        catch (...)
        {
            // Overflow: as many tokens as anybody could want are there.
        }
    }

    sleeper_line& m_sleepers;
    std::atomic<std::uint32_t>& m_fence;
    boost::interprocess::named_semaphore m_semaphore;
    platform::semaphore_wait m_wait;
    bool m_registered = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
