// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_EVENT_COUNT_HPP
#define BOOST_IPQ_DETAIL_WAIT_EVENT_COUNT_HPP

// Sleeping until something in the ring has changed, and waking the sleepers.
//
//   sleeper:  prepare: count + 1, heavy fence;  look at the ring;
//             commit: sleep  (or cancel: count - 1)
//   waker:    change the ring;
//             notify: light fence, if count > 0: count - 1, post
//
// One of the two sees the other. The heavy side of the asymmetric fence runs a
// full fence in every running thread of all registered processes (membarrier),
// so the light side costs nothing. If a process cannot use membarrier, the
// light side is a full fence.
//
// The waker takes a sleeper off the count before it posts. So posts do not pile
// up, however many sleepers die. A waker may die in between; that is why every
// sleep is bounded. A sleeper may die: the slot of its process says how many
// sleepers the process had, and they are taken off the count when the death is
// noticed.

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <boost_ipq/detail/wait/set_word.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

class lock_file;

class event_count
{
public:
    event_count(
        sleeper_line& sleepers, atomic<std::uint32_t>& attention,
        std::unique_ptr<semaphore> sleep_on)
        : m_sleepers(sleepers),
          m_attention(attention),
          m_semaphore(std::move(sleep_on))
    {
    }

    event_count(const event_count&) = delete;
    event_count& operator=(const event_count&) = delete;

    // Prepares for the threads of this process to notify and sleep. `asleep`
    // and `sets_asleep` are the process's parts of the counts. Called again
    // after a fork, before a thread can use the event count.
    void join(
        atomic<std::uint32_t>& asleep,
        atomic<std::uint32_t>& sets_asleep) noexcept;

    // Called after a change of the ring: is it worth calling notify? True if
    // there are sleepers, or if this process must execute the fence, or if the
    // queue is removed.
    static bool notify_needed(
        const ring_control& control, const sleeper_line& sleepers) noexcept
    {
        platform::asymmetric_fence_light();
        // relaxed: ordered by the asymmetric fence
        return BOOST_IPQ_DETAIL_UNLIKELY(
            (control.attention.load(std::memory_order_relaxed) |
             sleepers.count.load(std::memory_order_relaxed)) != 0);
    }

    // Called after a change of the ring: wakes a sleeper, if there is one.
    void notify_one() noexcept { notify(1); }

    // Called after several changes: wakes a sleeper for each.
    void notify(std::size_t changes) noexcept
    {
        if (has_sleepers())
            wake(changes);
    }

    // Wakes all sleepers: possibly only one of them can use the change.
    void notify_all() noexcept
    {
        if (has_sleepers())
            wake_all();
    }

    // As notify() and notify_all(), but do not look at the count first.
    void wake(std::size_t most) noexcept;
    void wake_all() noexcept;

    // As wake_all(), for signal handlers. Does nothing where the system's
    // semaphore cannot be used in one: the sleepers wake within max_sleep.
    void wake_all_in_handler() noexcept
    {
        if (m_semaphore->is_signal_safe())
            wake_all();
    }

    // Takes dead sleepers off the count, and all wait sets if some are dead:
    // the living ones join again.
    void forget(std::uint32_t dead, std::uint32_t dead_sets = 0) noexcept;

    // Wakers touch this file for wait sets that watch it.
    void touch(const lock_file& file) noexcept { m_file = &file; }

    // Wakes all wait sets, whether or not there is a mark.
    void wake_sets() noexcept;

    // A wait set that may sleep is added: one, or removed: minus one.
    void count_set(std::uint32_t change) noexcept;

    // Where wait sets sleep, see set_word.hpp.
    set_word sets() const noexcept { return set_word(m_sleepers); }

    // After set_word::join(), if the system could not execute the fence for all
    // queues at once.
    void heavy_fence() noexcept;

    // A thread that is about to sleep. It looks at the ring once more between
    // construction and commit(). The wait is canceled unless it was woken.
    class prepared_wait
    {
    public:
        explicit prepared_wait(event_count& events) noexcept : m_events(events)
        {
            m_events.prepare();
        }

        prepared_wait(const prepared_wait&) = delete;
        prepared_wait& operator=(const prepared_wait&) = delete;

        ~prepared_wait() { m_events.finish(m_counted); }

        // Sleeps. Returns whether it was woken.
        bool commit(std::chrono::nanoseconds duration)
        {
            m_counted = !m_events.m_semaphore->wait_for(duration);
            return !m_counted;
        }

    private:
        event_count& m_events;
        bool m_counted = true; // this thread is on the count of sleepers
    };

private:
    bool has_sleepers() const noexcept
    {
        light_fence();
        // relaxed: ordered by the asymmetric fence
        return BOOST_IPQ_DETAIL_UNLIKELY(
            m_sleepers.count.load(std::memory_order_relaxed) != 0);
    }

    void light_fence() const noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(
                (m_attention.load(std::memory_order_relaxed) & fence_needed) ==
                0))
            platform::asymmetric_fence_light();
        else
            platform::full_fence();
    }

    void wake_marked_sets() noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(sets().is_marked()))
        {
            sets().unmark();
            wake_sets();
        }
    }

    void prepare() noexcept;
    void finish(bool counted) noexcept;
    void cancel() noexcept;
    bool take_one_off() noexcept;
    void post() noexcept;

    atomic<std::uint32_t>& asleep() const noexcept
    {
        // acquire: pairs with join()
        return *m_asleep.load(std::memory_order_acquire);
    }

    sleeper_line& m_sleepers;
    atomic<std::uint32_t>& m_attention;
    const lock_file* m_file = nullptr; // of the queue; null: inside a process
    const std::unique_ptr<semaphore> m_semaphore;
    atomic<atomic<std::uint32_t>*> m_asleep{nullptr};
    atomic<atomic<std::uint32_t>*> m_sets_asleep{nullptr};
    // Relaxed: what it says about this process was true at any time before.
    atomic<bool> m_registered{false};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/wait/event_count.ipp>
#endif

#endif
