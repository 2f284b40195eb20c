// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_WAITERS_HPP
#define BOOST_IPQ_DETAIL_WAIT_WAITERS_HPP

// The threads that wait in one handle. It outlives the handle as long as a
// thread is in it, so that a handle can be destroyed under waiting threads.
//
// All sleepers of a queue share one semaphore, so a token that was posted for
// one thread may be taken by another that looked in vain. cancel() therefore
// wakes sleepers until all its threads have noticed.

#include <boost_ipq/detail/core/scope_exit.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <new>
#include <thread>

namespace boost_ipq {
namespace detail {

class waiters final : private platform::fork_listener
{
public:
    waiters()
    {
        platform::fork_registry::instance().add(*this, [] { return 0; });
    }

    ~waiters()
    {
        platform::fork_registry::instance().remove(*this, [] {});
    }

    // One thread's stay.
    class ticket
    {
    public:
        explicit ticket(waiters& room) : m_room(room)
        {
            std::lock_guard<std::mutex> guard(m_room.m_mutex);
            m_number = m_room.m_number.load(std::memory_order_relaxed);
            ++m_room.m_present;
        }

        ticket(const ticket&) = delete;
        ticket& operator=(const ticket&) = delete;

        ~ticket()
        {
            std::lock_guard<std::mutex> guard(m_room.m_mutex);
            if (m_number == m_room.m_number.load(std::memory_order_relaxed))
                --m_room.m_present;
            else if (--m_room.m_leaving == 0)
                m_room.m_left.notify_all();
        }

        // seq_cst: pairs with cancel(), around announce() and wake_all()
        bool canceled() const noexcept
        {
            return m_number != m_room.m_number.load(std::memory_order_seq_cst);
        }

    private:
        waiters& m_room;
        std::uint64_t m_number;
    };

    // Ends the waiting of all who are in, and returns when they noticed.
    void cancel(event_count& signal)
    {
        std::unique_lock<std::mutex> guard(m_mutex);
        if (m_present == 0 && m_leaving == 0)
            return;
        m_leaving += m_present;
        m_present = 0;
        m_number.fetch_add(1, std::memory_order_seq_cst);
        while (m_leaving != 0)
        {
            signal.wake_all();
            m_left.wait_for(guard, std::chrono::milliseconds(1));
        }
    }

    // How long to spin before a sleep, in tries. Grows when spinning was
    // worth it, shrinks when it was not.
    std::uint32_t spins() const noexcept
    {
        return m_spins.load(std::memory_order_relaxed);
    }

    void spinning_paid(bool paid) noexcept
    {
        const std::uint32_t now = spins();
        const std::uint32_t next = paid ? now * 2 : now / 2;
        m_spins.store(
            next > most_spins    ? most_spins
            : next < least_spins ? least_spins
                                 : next,
            std::memory_order_relaxed);
    }

private:
    // The threads that waited are the parent's.
    void forked() noexcept override
    {
        ::new (&m_mutex) std::mutex;
        ::new (&m_left) std::condition_variable;
        m_present = m_leaving = 0;
    }

    static constexpr std::uint32_t most_spins = 2000; // about 50 us
    static constexpr std::uint32_t least_spins = 16;

    std::mutex m_mutex;
    std::condition_variable m_left;
    std::atomic<std::uint64_t> m_number{0}; // of cancellations
    std::uint64_t m_present = 0;            // threads that wait
    std::uint64_t m_leaving = 0;            // threads that were canceled
    std::atomic<std::uint32_t> m_spins{most_spins};
};

constexpr std::uint32_t yield_interval = 128; // spins

// Tries until the attempt succeeds or fails, the deadline comes or a stop is
// requested (status::would_block), or the room is canceled (status::canceled).
// The task has
//  attempt(give_up): one try
//  promising(): is a try worth its lock? (a hint)
//  more(): is there something for another sleeper, too?
//  held_up(): may somebody's death be what is waited for?
//  pass_wakeup_on(): called when it was woken for nothing
//  idle(): called after a sleep in which nothing happened
template <class Task, class Deadline, class Stop>
status wait_in(
    waiters& room, event_count& signal, Task& task, const Deadline& deadline,
    const Stop& stop)
{
    waiters::ticket ticket(room);
    const auto over = [&] {
        return ticket.canceled() || stop.stop_requested() || deadline.expired();
    };

    // A requested stop wakes sleepers until this one has seen it.
    std::atomic<bool> present{true};
    const auto here = std::this_thread::get_id();
    auto wake = [&] {
        while (present.load() && std::this_thread::get_id() != here)
        {
            signal.wake_all();
            std::this_thread::yield();
        }
    };
    const auto leave = [&] { present.store(false); };
    stop_subscription<Stop> subscription(stop, wake);
    const scope_exit<decltype(leave)> leaving{leave};

    const nanoseconds interval = (std::min)(
        nanoseconds(event_count::longest_sleep),
        stop_subscription<Stop>::interval());
    // Who may have taken a wake-up that another sleeper could use passes it on,
    // however this ends.
    bool slept = false, woken = true;
    const bool late = over(); // it only looks, which tells nothing of spinning
    nanoseconds soon = std::chrono::milliseconds(5);
    const auto pass_on = [&] {
        if (slept && task.more())
            signal.notify_one();
    };
    const scope_exit<decltype(pass_on)> passing_on{pass_on};
    for (;;)
    {
        status result = status::would_block;
        if (woken)
        {
            const std::uint32_t spins = room.spins();
            for (std::uint32_t i = 0; i < spins; ++i)
            {
                if (task.promising())
                    result = task.attempt(over);
                if (result != status::would_block)
                {
                    if (!slept)
                        room.spinning_paid(true);
                    return result;
                }
                platform::pause();
                // Whom we wait for may have no processor.
                if (i % yield_interval == yield_interval - 1)
                {
                    if (over())
                        break;
                    std::this_thread::yield();
                }
            }
        }
        if (slept && woken)
            task.pass_wakeup_on();
        event_count::prepared_wait prepared_wait(signal);
        slept = true;
        result = task.attempt(over);
        if (result != status::would_block)
            return result;
        if (over())
        {
            if (woken && !late)
                room.spinning_paid(false);
            return ticket.canceled() ? status::canceled : result;
        }
        const auto begin = std::chrono::steady_clock::now();
        nanoseconds longest = interval;
        if (task.held_up())
        {
            longest = (std::min)(longest, soon);
            soon = (std::min)(2 * soon, interval);
        }
        woken = prepared_wait.sleep((std::min)(longest, deadline.remaining()));
        room.spinning_paid(
            woken && std::chrono::steady_clock::now() - begin <
                         std::chrono::microseconds(100));
        if (!woken)
            task.idle();
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
