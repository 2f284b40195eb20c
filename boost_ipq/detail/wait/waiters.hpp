// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_WAITERS_HPP
#define BOOST_IPQ_DETAIL_WAIT_WAITERS_HPP

// The threads that wait on one handle, and the loop that each of them runs.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

namespace boost_ipq {
namespace detail {

using nanoseconds = std::chrono::nanoseconds;

// The threads that wait on one handle. The object outlives the handle as long
// as a thread waits, so that a handle can be destroyed while threads wait.
//
// All sleepers of a queue share one semaphore. So a post for one thread may be
// taken by a different thread, which finds nothing to do. cancel() therefore
// wakes sleepers until all its threads have noticed.
class waiters final : private platform::fork_listener
{
public:
    waiters();
    ~waiters() override;

    // One waiting thread.
    class ticket
    {
    public:
        explicit ticket(waiters& all);
        ~ticket();
        ticket(const ticket&) = delete;
        ticket& operator=(const ticket&) = delete;

        bool canceled() const noexcept;

    private:
        waiters& m_all;
        std::uint64_t m_number; // of cancellations before it
    };

    // Ends the waits of all threads, and returns when they have noticed.
    void cancel(event_count& events);

    // As cancel(), for threads that do not sleep in an event count: wakes them
    // by calling wake().
    template <class Wake>
    void cancel_by(Wake wake);

    // Ends the waits of all threads, now and later: a waiting call tries once
    // more and does not wait. Async-signal-safe. Only a sleeper whose post
    // a different one took sleeps on, at most for max_sleep.
    void stop(event_count& events) noexcept;

    bool stopped() const noexcept
    {
        // seq_cst: pairs with stop(). A thread that is about to sleep counts
        // itself, then looks here; stop() sets the flag, then wakes all that
        // are counted. So one of the two sees the other. Also an acquire: the
        // attempt after it sees what was sent before stop().
        return m_stopped.load(std::memory_order_seq_cst);
    }

    // The number of attempts before a sleep. It grows when spinning has paid
    // off, and shrinks when it has not.
    std::uint32_t spins() const noexcept;
    void spinning_paid(bool paid) noexcept;

private:
    void forked() noexcept override;

    static std::uint64_t number_in(std::uint64_t state) noexcept
    {
        return state >> 32;
    }

    static std::uint32_t present_in(std::uint64_t state) noexcept
    {
        return static_cast<std::uint32_t>(state);
    }

    static std::uint64_t
    make_state(std::uint64_t number, std::uint32_t present) noexcept
    {
        return number << 32 | present;
    }

    // The number of cancellations, and of threads that wait and were not
    // canceled. A thread that comes or goes changes only this word.
    std::atomic<std::uint64_t> m_state{0};
    std::mutex m_mutex{}; // of the rest, and of cancellations
    std::condition_variable m_left{};
    std::uint64_t m_leaving = 0; // threads that were canceled
    std::atomic<std::uint32_t> m_spins{max_spins};
    std::atomic<bool> m_stopped{false}; // never reset; a forked child keeps it
    static_assert(
        std::atomic<bool>::is_always_lock_free, "used in signal handlers");
};

template <class Wake>
void waiters::cancel_by(Wake wake)
{
    const platform::no_thread_cancellation no_cancellation;
    std::unique_lock<std::mutex> guard(m_mutex);
    // acquire: pairs with the end of a ticket
    std::uint64_t state = m_state.load(std::memory_order_acquire);
    do
        if (present_in(state) == 0 && m_leaving == 0)
            return;
    // seq_cst: see canceled()
    while (!m_state.compare_exchange_weak(
        state, make_state(number_in(state) + 1, 0), std::memory_order_seq_cst,
        std::memory_order_acquire));
    m_leaving += present_in(state);
    while (m_leaving != 0)
    {
        wake();
        m_left.wait_for(guard, cancel_interval);
    }
}

// What a waiting thread tries to do.
class wait_task
{
public:
    virtual status attempt(give_up_condition give_up) = 0;

    // Is an attempt worth its lock? A hint.
    virtual bool may_succeed() const noexcept = 0;

    // Is there work for another sleeper, too?
    virtual bool more() const noexcept = 0;

    // Does a process hold up what the thread waits for? It may die meanwhile.
    virtual bool held_up() const noexcept = 0;

    // Called after a wake-up, if the attempts after it did not succeed.
    virtual void woken_for_nothing() = 0;

    // Called when a sleep has ended without a wake-up.
    virtual void idle() noexcept = 0;

    // How long a call that must not wait waits for the holder of a lock.
    virtual nanoseconds busy_after() const noexcept
    {
        return default_busy_after;
    }

protected:
    ~wait_task() = default;
};

class wait_loop;

// When a wait ends without success. By default never: see deadline.hpp and
// stop.hpp.
class wait_limit
{
public:
    virtual ~wait_limit();

    // Has the deadline passed, or was a stop requested?
    virtual bool reached() const;

    // How long the thread may sleep before it asks again.
    virtual nanoseconds remaining() const;

    // Runs the loop of a thread that waits until then.
    virtual status run(wait_loop& loop) const;
};

inline wait_limit no_limit()
{
    return {};
}

class wait_loop
{
public:
    wait_loop(
        waiters& all, event_count& events, wait_task& task,
        const wait_limit& limit);

    // Tries until the task is done or fails, the limit is reached (would_block)
    // or the wait is canceled. After waiters::stop() it tries once more.
    status run();

    // Called by another thread when a stop is requested: wakes sleepers until
    // this one has noticed.
    void wake() noexcept;

private:
    std::optional<status> spin();
    std::optional<status> sleep();
    status last_attempt();
    nanoseconds sleep_time();
    bool over() const;
    void leave() noexcept;

    waiters& m_all;
    waiters::ticket m_ticket;
    event_count& m_events;
    wait_task& m_task;
    const wait_limit& m_limit;
    const std::thread::id m_thread;
    std::atomic<bool> m_present{true};
    bool m_late = false; // over at the beginning: tells nothing about spinning
    bool m_slept = false;
    bool m_woken = true;
    nanoseconds m_held_up_sleep = min_held_up_sleep;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/wait/waiters.ipp>
#endif

#endif
