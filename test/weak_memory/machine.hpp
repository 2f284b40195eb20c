// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_MACHINE_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_MACHINE_HPP

// Simulated threads over the simulated memory. Before each access, the machine
// may switch to another thread, or let the thread die there: it takes no more
// steps. All is decided by the seed.
//
// A thread that dies is never resumed, so the objects on its stack are not
// destroyed: what a thread runs must own no memory.

#include "memory.hpp"
#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace weak {

class machine
{
public:
    weak::memory memory;
    std::size_t deaths_left = 0;
    std::size_t steps_per_death = 1; // on the average
    std::size_t deaths = 0;
    std::size_t time_outs = 0; // rounds in which all sleepers were woken
    std::uint64_t steps = 0;
    bool tracing = false; // prints each access

    static machine& instance()
    {
        static machine object;
        return object;
    }

    // Is the calling code simulated?
    bool running() const noexcept { return m_running; }

    void reset(std::uint64_t seed)
    {
        memory.reset();
        memory.random.seed(seed);
        m_threads = 0;
        m_alive = 0;
        deaths_left = deaths = time_outs = 0;
        steps = 0;
        m_burst = 0;
    }

    // Adds a thread. It starts with what was stored before run().
    std::size_t add(std::function<void()> body)
    {
        thread& t = m_all[m_threads];
        t.body = std::move(body);
        t.state = ready;
        t.weight = std::size_t(1) << 2 * random().below(3);
        if (!t.stack)
            t.stack.reset(new char[stack_size]);
        t.context = boost::context::detail::make_fcontext(
            t.stack.get() + stack_size, stack_size, &machine::enter);
        return m_threads++;
    }

    // Runs the threads from `first` on until they have finished or died, or an
    // error is found.
    void run(std::size_t first = 0)
    {
        m_running = true;
        m_first = first;
        while (failed() == false && pick())
            resume();
        m_running = false;
    }

    bool failed() const noexcept { return !memory.error.empty(); }
    bool is_dead(std::size_t i) const { return m_all[i].state == dead; }
    std::size_t threads() const noexcept { return m_threads; }
    std::size_t current() const noexcept { return memory.current; }
    dice& random() noexcept { return memory.random; }

    // Before an access of the running thread.
    void step()
    {
        if (++steps > max_steps)
            stop("no progress");
        if (failed())
            leave();
        if (deaths_left != 0 && random().one_in(steps_per_death))
        {
            --deaths_left;
            ++deaths;
            self().state = dead;
            leave();
        }
        if (m_burst != 0)
            --m_burst;
        else
            leave();
    }

    // The running thread waits for others.
    void yield()
    {
        m_burst = 0;
        m_yielding = true;
        step();
    }

    // Sleeps until wake_one() or a time-out. Returns whether it was woken.
    bool sleep(const void* on)
    {
        self().state = sleeping;
        self().sleeps_on = on;
        self().woken = false;
        leave();
        return self().woken;
    }

    // Wakes a thread that sleeps on this object, chosen at random.
    void wake_one(const void* on)
    {
        std::size_t count = 0;
        for (std::size_t i = 0; i < m_threads; ++i)
            count += m_all[i].sleeps(on);
        if (count == 0)
            return;
        std::size_t chosen = random().below(count);
        for (std::size_t i = 0; i < m_threads; ++i)
            if (m_all[i].sleeps(on) && chosen-- == 0)
            {
                m_all[i].state = ready;
                m_all[i].woken = true;
                return;
            }
    }

    // Wakes all threads that sleep on this object.
    void wake_all(const void* on)
    {
        for (std::size_t i = 0; i < m_threads; ++i)
            if (m_all[i].sleeps(on))
            {
                m_all[i].state = ready;
                m_all[i].woken = true;
            }
    }

    void fence_everywhere() { memory.fence_everywhere(m_threads); }

    [[noreturn]] void stop(const char* what)
    {
        memory.fail(what);
        leave();
        std::abort();
    }

private:
    enum state
    {
        ready,
        sleeping,
        finished,
        dead
    };

    struct thread
    {
        std::function<void()> body;
        boost::context::detail::fcontext_t context;
        std::unique_ptr<char[]> stack;
        machine::state state;
        std::size_t weight;
        const void* sleeps_on;
        bool woken;

        bool sleeps(const void* on) const
        {
            return state == sleeping && sleeps_on == on;
        }
    };

    thread& self() { return m_all[memory.current]; }

    static void enter(boost::context::detail::transfer_t from)
    {
        machine& all = instance();
        all.m_scheduler = from.fctx;
        all.self().body();
        all.self().state = finished;
        all.leave();
    }

    void leave()
    {
        const auto back =
            boost::context::detail::jump_fcontext(m_scheduler, nullptr);
        m_scheduler = back.fctx;
    }

    void resume()
    {
        self().context =
            boost::context::detail::jump_fcontext(self().context, nullptr).fctx;
    }

    // Chooses the next thread. False: none is left.
    bool pick()
    {
        std::size_t sum = 0, sleepers = 0;
        const std::size_t avoided =
            m_yielding ? memory.current : std::size_t(max_threads);
        m_yielding = false;
        for (std::size_t i = m_first; i < m_threads; ++i)
        {
            if (m_all[i].state == ready && i != avoided)
                sum += m_all[i].weight;
            sleepers += m_all[i].state == sleeping;
        }
        if (sum == 0)
            return avoided != max_threads && m_all[avoided].state == ready
                       ? true
                       : sleepers != 0 && time_out();
        std::size_t chosen = random().below(sum);
        for (std::size_t i = m_first;; ++i)
            if (m_all[i].state == ready && i != avoided)
            {
                if (chosen < m_all[i].weight)
                {
                    memory.current = i;
                    m_burst = random().one_in(2) ? random().below(12) : 0;
                    return true;
                }
                chosen -= m_all[i].weight;
            }
    }

    // All threads sleep. After a death, that is what bounded sleeps are for.
    bool time_out()
    {
        if (deaths == 0)
        {
            memory.fail("a lost wake-up: all threads sleep");
            return false;
        }
        if (++time_outs > max_time_outs)
            return false;
        for (std::size_t i = m_first; i < m_threads; ++i)
            if (m_all[i].state == sleeping)
                m_all[i].state = ready;
        return pick();
    }

    static constexpr std::size_t stack_size = 64 * 1024;
    static constexpr std::uint64_t max_steps = 50'000;
    static constexpr std::size_t max_time_outs = 4;

    thread m_all[max_threads];
    std::size_t m_threads = 0, m_first = 0, m_alive = 0;
    std::size_t m_burst = 0; // steps until the next switch
    bool m_running = false, m_yielding = false;
    boost::context::detail::fcontext_t m_scheduler = nullptr;
};

} // namespace weak

#endif
