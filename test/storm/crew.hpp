// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STORM_CREW_HPP
#define BOOST_IPQ_TEST_STORM_CREW_HPP

// Publishers and subscribers as processes, which are killed and replaced, or
// stopped and continued.

#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "ledger.hpp"
#include "hang_limit.hpp"
#include "workers.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost/test/unit_test.hpp>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace storm {

class crew
{
public:
    static constexpr std::size_t publishers = 3, subscribers = 3;
    static constexpr std::size_t workers = publishers + subscribers;

    using work_function =
        void (*)(ledger&, const plan&, std::uint32_t life, std::uint32_t seed);

    explicit crew(std::uint32_t seed) : m_random(seed)
    {
        ::sem_init(&m_book->progress, 1, 0);
        // Children of a worker that was killed are this process's then.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    }

    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;

    ~crew()
    {
        for (const pid_t process : m_processes)
            if (process != 0)
            {
                ::kill(process, SIGKILL);
                ::waitpid(process, nullptr, 0);
            }
    }

    ledger& book() const noexcept { return *m_book; }

    // `work`: what all processes do, or nothing: publish or subscribe.
    void start(const plan& how, work_function work = nullptr)
    {
        m_plan.emplace(how);
        m_work = work;
        for (std::size_t i = 0; i < m_processes.size(); ++i)
            start(i);
    }

    // Effects: waits until that many more messages were received. Returns:
    // false if the time has passed before.
    bool
    wait_for_progress(std::uint64_t messages, std::chrono::nanoseconds time)
    {
        constexpr std::chrono::nanoseconds step =
            std::chrono::milliseconds(100);
        const std::uint64_t goal = m_book->received + messages;
        hang_limit<workers> rest(m_processes, time);
        while (m_book->received < goal)
        {
            const std::chrono::nanoseconds left = rest.left();
            if (left <= std::chrono::nanoseconds(0))
                return false;
            wait_for_post(goal, (std::min)(left, step));
        }
        return true;
    }

    // Effects: kills a random process, and starts another.
    // Returns: how long it took until the next message was received.
    std::chrono::nanoseconds kill_one()
    {
        const std::size_t victim = m_random() % m_processes.size();
        m_book->condemned[m_lives[victim]] = true;
        ::kill(m_processes[victim], SIGKILL);
        int status;
        ::waitpid(m_processes[victim], &status, 0);
        m_processes[victim] = 0;
        if (!WIFSIGNALED(status) && !m_book->stop_sending)
            throw ended_unexpectedly();
        const test::moment begin = test::now_of();
        ++(victim < publishers ? m_killed_publishers : m_killed_subscribers);
        const std::uint64_t received = progress();
        hang_limit<workers> rest(m_processes, time_limit);
        while (progress() == received && !m_book->stop_sending)
        {
            if (rest.left() <= std::chrono::nanoseconds(0))
                throw std::runtime_error("survivors hang: " + picture());
            ::sched_yield();
        }
        const test::moment end = test::now_of();
        start(victim);
        return (std::min)(
            test::between(begin, end), end.time - begin.time - rest.stopped());
    }

    // Effects: stops a random process for a while.
    void stop_one()
    {
        const std::size_t victim = m_random() % m_processes.size();
        ::kill(m_processes[victim], SIGSTOP);
        int status;
        ::waitpid(m_processes[victim], &status, WUNTRACED);
        if (!WIFSTOPPED(status))
        {
            m_processes[victim] = 0;
            if (m_book->stop_sending) // the ledger is full
                return;
            throw ended_unexpectedly();
        }
        // A process that is stopped inside the queue may hold the others up.
        wait_for_progress(
            m_random() % 2000, std::chrono::milliseconds(m_random() % 100));
        ::kill(m_processes[victim], SIGCONT);
    }

    // Effects: lets the publishers finish; then the subscribers empty the
    // queue.
    void finish()
    {
        m_book->stop_sending = true;
        for (std::size_t i = 0; i < publishers; ++i)
            join(i);
        m_book->stop_receiving = true;
        for (std::size_t i = publishers; i < m_processes.size(); ++i)
            join(i);
        // Their children, and those of the dead, have ended, too.
        while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR)
        {
        }
    }

    std::uint64_t killed_publishers() const noexcept
    {
        return m_killed_publishers;
    }

    std::uint64_t killed_subscribers() const noexcept
    {
        return m_killed_subscribers;
    }

    // Effects: forgets which processes were killed, and what was sent.
    void clear()
    {
        m_book->clear();
        m_killed_publishers = m_killed_subscribers = 0;
    }

    std::mt19937& random() noexcept { return m_random; }

    // Returns: a description of the state of the queue.
    std::string picture() const
    {
        // A queue that lives while it is open may be gone.
        boost_ipq::queue_status status;
        try
        {
            status = boost_ipq::inspect(m_plan->options);
        }
        catch (const boost_ipq::error& e)
        {
            return e.what();
        }
        return std::to_string(status.messages) + " messages and " +
               std::to_string(status.bytes) + " bytes waiting, " +
               std::to_string(status.reservations) + " reservations, " +
               std::to_string(status.deliveries) + " deliveries, " +
               std::to_string(status.waiting_subscribers) + " and " +
               std::to_string(status.waiting_publishers) + " asleep";
    }

    static constexpr std::chrono::seconds time_limit{10};

private:
    void wait_for_post(std::uint64_t goal, std::chrono::nanoseconds time)
    {
        struct timespec end;
        ::clock_gettime(CLOCK_REALTIME, &end);
        end.tv_nsec += time.count();
        if (end.tv_nsec >= 1000000000)
        {
            end.tv_nsec -= 1000000000;
            ++end.tv_sec;
        }
        while (
            m_book->received < goal &&
            (::sem_timedwait(&m_book->progress, &end) == 0 || errno == EINTR))
        {
        }
    }

    void start(std::size_t index)
    {
        const auto seed = static_cast<std::uint32_t>(m_random());
        const std::uint32_t life = m_lives[index] = m_book->new_life();
        std::cout.flush(); // or the child writes it again
        const pid_t process = ::fork();
        if (process < 0)
            throw std::runtime_error("fork");
        m_processes[index] = process;
        if (process != 0)
            return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::signal(SIGALRM, SIG_DFL);
        try
        {
            if (m_work)
                m_work(*m_book, *m_plan, life, seed);
            else if (index < publishers)
                publish(*m_book, *m_plan, life, seed);
            else
                subscribe(*m_book, *m_plan, life, seed);
            ::_exit(0);
        }
        catch (const std::exception& e)
        {
            m_book->fail(e.what());
        }
        ::_exit(1);
    }

    void join(std::size_t index)
    {
        if (m_processes[index] == 0)
            return;
        hang_limit<workers> rest(m_processes, time_limit);
        int status;
        while (::waitpid(m_processes[index], &status, WNOHANG) == 0)
        {
            if (rest.left() <= std::chrono::nanoseconds(0))
                throw std::runtime_error("a worker hangs: " + picture());
            // A message, or the end of the storm, ends this wait.
            wait_for_progress(1, std::chrono::milliseconds(1));
        }
        m_processes[index] = 0;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            throw ended_unexpectedly();
    }

    std::runtime_error ended_unexpectedly() const
    {
        return std::runtime_error(
            "a worker ended unexpectedly: " + std::string(m_book->first_error));
    }

    // Messages that were received, and queues that were opened.
    std::uint64_t progress() const { return m_book->received + m_book->opened; }

    std::optional<plan> m_plan;
    work_function m_work = nullptr;
    std::mt19937 m_random;
    test::shared_object<ledger> m_book;
    std::array<pid_t, workers> m_processes{};
    std::array<std::uint32_t, workers> m_lives{};
    std::uint64_t m_killed_publishers = 0, m_killed_subscribers = 0;
};

} // namespace storm

#endif
