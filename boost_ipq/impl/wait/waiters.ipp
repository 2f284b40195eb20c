// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_WAIT_WAITERS_IPP
#define BOOST_IPQ_IMPL_WAIT_WAITERS_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL waiters::waiters()
{
    platform::fork_registry::instance().add(*this, [] { return 0; });
}

BOOST_IPQ_DECL waiters::~waiters()
{
    platform::fork_registry::instance().remove(*this, [] {});
}

// acq_rel: what the thread does with the handle comes between the two.
BOOST_IPQ_DECL waiters::ticket::ticket(waiters& all)
    : m_all(all),
      m_number(number_in(all.m_state.fetch_add(1, std::memory_order_acq_rel)))
{
}

BOOST_IPQ_DECL waiters::ticket::~ticket()
{
    std::uint64_t state = m_all.m_state.load(std::memory_order_relaxed);
    while (number_in(state) == m_number && present_in(state) != 0)
        if (m_all.m_state.compare_exchange_weak(
                state, state - 1, std::memory_order_acq_rel,
                std::memory_order_relaxed))
            return;
    std::lock_guard<std::mutex> guard(m_all.m_mutex);
    // In a forked child, the threads of the parent do not count.
    if (m_all.m_leaving != 0 && --m_all.m_leaving == 0)
        m_all.m_left.notify_all();
}

BOOST_IPQ_DECL bool waiters::ticket::canceled() const noexcept
{
    // seq_cst: pairs with cancel(). A thread that is about to sleep counts
    // itself, then looks here; cancel() changes the number, then wakes all that
    // are counted. So one of the two sees the other.
    return m_number != number_in(m_all.m_state.load(std::memory_order_seq_cst));
}

BOOST_IPQ_DECL void waiters::cancel(event_count& events)
{
    cancel_by([&] { events.wake_all(); });
}

BOOST_IPQ_DECL void waiters::stop(event_count& events) noexcept
{
    const int before = errno; // of the code that a signal interrupts
    // seq_cst: see stopped()
    m_stopped.store(true, std::memory_order_seq_cst);
    events.wake_all_in_handler();
    errno = before;
}

BOOST_IPQ_DECL std::uint32_t waiters::spins() const noexcept
{
    return m_spins.load(std::memory_order_relaxed);
}

BOOST_IPQ_DECL void waiters::spinning_paid(bool paid) noexcept
{
    const std::uint32_t now = spins();
    const std::uint32_t next = paid ? now * 2 : now / 2;
    m_spins.store(
        (std::min)((std::max)(next, min_spins), max_spins),
        std::memory_order_relaxed);
}

BOOST_IPQ_DECL void waiters::forked() noexcept
{
    // The waiting threads are the parent's and do not exist here.
    ::new (&m_mutex) std::mutex;
    ::new (&m_left) std::condition_variable;
    m_leaving = 0;
    m_state.store(
        make_state(number_in(m_state.load(std::memory_order_relaxed)), 0),
        std::memory_order_relaxed);
}

BOOST_IPQ_DECL wait_limit::~wait_limit() = default;

BOOST_IPQ_DECL bool wait_limit::reached() const
{
    return false;
}

BOOST_IPQ_DECL nanoseconds wait_limit::remaining() const
{
    return (nanoseconds::max)();
}

BOOST_IPQ_DECL status wait_limit::run(wait_loop& loop) const
{
    return loop.run();
}

BOOST_IPQ_DECL wait_loop::wait_loop(
    waiters& all, event_count& events, wait_task& task, const wait_limit& limit)
    : m_all(all),
      m_ticket(all),
      m_events(events),
      m_task(task),
      m_limit(limit),
      m_thread(std::this_thread::get_id())
{
}

BOOST_IPQ_DECL status wait_loop::run()
{
    // A canceled thread must leave the counts in order.
    const platform::no_thread_cancellation no_cancellation;
    struct leave_at_end
    {
        wait_loop& loop;
        ~leave_at_end() { loop.leave(); }
    };
    const leave_at_end guard{*this};
    m_late = over();
    for (;;)
    {
        if (m_all.stopped())
            return last_attempt();
        if (m_woken)
            if (const auto result = spin())
                return *result;
        if (const auto result = sleep())
            return *result;
    }
}

// If the stop was requested before, this thread calls it itself, and need not
// be woken.
BOOST_IPQ_DECL void wait_loop::wake() noexcept
{
    // Any order would do: the flag only ends this loop.
    while (m_present.load(std::memory_order_seq_cst) &&
           std::this_thread::get_id() != m_thread)
    {
        m_events.wake_all();
        std::this_thread::yield();
    }
}

// A wake-up takes much longer than an attempt: it may succeed before a sleep.
BOOST_IPQ_DECL std::optional<status> wait_loop::spin()
{
    const auto give_up = [this] { return over(); };
    const std::uint32_t spins = m_all.spins();
    for (std::uint32_t i = 0; i < spins; ++i)
    {
        if (m_task.may_succeed())
        {
            const status result = m_task.attempt(give_up);
            if (!is_unfinished(result))
            {
                if (!m_slept)
                    m_all.spinning_paid(true);
                return result;
            }
        }
        platform::pause();
        // The process on which this thread waits may need this processor.
        if (i % spins_before_yield == spins_before_yield - 1)
        {
            if (over() || m_all.stopped())
                break;
            std::this_thread::yield();
        }
    }
    return {};
}

BOOST_IPQ_DECL std::optional<status> wait_loop::sleep()
{
    if (m_slept && m_woken)
        m_task.woken_for_nothing();
    event_count::prepared_wait wait(m_events);
    m_slept = true;
    const auto give_up = [this] { return over(); };
    const status result = m_task.attempt(give_up);
    if (!is_unfinished(result))
        return result;
    if (over())
    {
        if (m_woken && !m_late)
            m_all.spinning_paid(false);
        return m_ticket.canceled() ? status::canceled : status::would_block;
    }
    if (m_all.stopped())
        return {}; // run() makes the last attempt
    const auto begin = std::chrono::steady_clock::now();
    m_woken = wait.commit(sleep_time());
    m_all.spinning_paid(
        m_woken && std::chrono::steady_clock::now() - begin < short_sleep);
    if (!m_woken)
        m_task.idle();
    return {};
}

// The flag was seen before this attempt, so it finds all that was sent before
// stop(). As a call that must not wait, it waits for a lock's holder only for a
// time.
BOOST_IPQ_DECL status wait_loop::last_attempt()
{
    const auto give_up = [this](nanoseconds waited) {
        return over() || waited >= m_task.busy_after();
    };
    const status result = m_task.attempt(give_up);
    if (!is_unfinished(result))
        return result;
    if (m_ticket.canceled())
        return status::canceled;
    if (result == status::would_block)
        return status::stopped;
    return over() ? status::would_block : status::busy;
}

BOOST_IPQ_DECL nanoseconds wait_loop::sleep_time()
{
    nanoseconds longest = max_sleep;
    if (m_task.held_up())
    {
        longest = m_held_up_sleep;
        m_held_up_sleep =
            (std::min)(2 * m_held_up_sleep, nanoseconds(max_sleep));
    }
    return (std::min)(longest, m_limit.remaining());
}

BOOST_IPQ_DECL bool wait_loop::over() const
{
    return m_ticket.canceled() || m_limit.reached();
}

BOOST_IPQ_DECL void wait_loop::leave() noexcept
{
    // This thread may have taken a wake-up that another sleeper could use.
    if (m_slept && m_task.more())
        m_events.notify_one();
    m_present.store(false, std::memory_order_seq_cst); // ends wake()
}

} // namespace detail
} // namespace boost_ipq

#endif
