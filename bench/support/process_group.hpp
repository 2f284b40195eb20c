// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PROCESS_GROUP_HPP
#define BOOST_IPQ_BENCH_PROCESS_GROUP_HPP

#include "shared_block.hpp"
#include "system.hpp"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

// Forked processes that start their rounds at the same time:
//
//     process_group group(2, true, [&](process_group::process& self) {
//         sender out(channel);         // each process opens its own
//         self.begin();
//         while (!self.over()) ...
//     });
//     group.round(40 * 1000 * 1000);   // nanoseconds
//     group.join();
class process_group
{
    struct control
    {
        alignas(128) std::atomic<unsigned> arrived{0};
        alignas(128) std::atomic<unsigned> started{0};
        alignas(128) std::atomic<unsigned> stopped{0};
        alignas(128) std::atomic<bool> failed{false};
        char reason[256] = {};
    };

public:
    class process
    {
    public:
        process(unsigned index, control& shared) noexcept
            : m_index(index),
              m_shared(shared)
        {
        }

        unsigned index() const noexcept { return m_index; }

        // Effects: waits until all have arrived and the next round starts.
        void begin() noexcept
        {
            ++m_round;
            m_shared.arrived.fetch_add(1, std::memory_order_acq_rel);
            while (m_shared.started.load(std::memory_order_acquire) < m_round)
                ::sched_yield();
        }

        // Returns: whether the time of the round is over.
        bool over() const noexcept
        {
            return m_shared.stopped.load(std::memory_order_relaxed) >= m_round;
        }

    private:
        unsigned m_index;
        unsigned m_round = 0;
        control& m_shared;
    };

    // Effects: forks `count` processes. If `pinned` and if there are enough
    // processors, pins each process to its own.
    template <class Body>
    process_group(unsigned count, bool pinned, Body body) : m_size(count)
    {
        pinned = pinned && count <= cores();
        for (unsigned i = 0; i < count; ++i)
        {
            const pid_t pid = ::fork();
            if (pid < 0)
            {
                const int error = errno;
                end();
                errno = error;
                fail("fork");
            }
            if (pid == 0)
                run(i, pinned, body);
            m_pids.push_back(pid);
        }
    }

    process_group(const process_group&) = delete;
    process_group& operator=(const process_group&) = delete;

    // Effects: kills the processes that still run.
    ~process_group() { end(); }

    // Effects: starts the next round when all have arrived; returns at its end.
    void round(std::int64_t nanoseconds)
    {
        arrive();
        m_control->started.store(m_round, std::memory_order_release);
        nap(nanoseconds);
        m_control->stopped.store(m_round, std::memory_order_release);
    }

    // Effects: waits until all have arrived; does not start the round.
    void arrive()
    {
        ++m_round;
        const auto all = m_size * m_round;
        await([&] {
            return m_control->arrived.load(std::memory_order_acquire) >= all;
        });
    }

    // Effects: waits until all have ended.
    // Throws: std::runtime_error, with the reason if a process failed.
    void join()
    {
        await([&] { return m_pids.empty(); });
    }

private:
    static constexpr std::int64_t limit = std::int64_t(20) * 1000000000;

    template <class Body>
    [[noreturn]] void run(unsigned index, bool pinned, Body& body) noexcept
    {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (pinned)
            pin_to(index);
        try
        {
            process self(index, *m_control);
            body(self);
            std::quick_exit(0); // the parent's objects are not destroyed
        }
        catch (const std::exception& e)
        {
            if (!m_control->failed.exchange(true, std::memory_order_acq_rel))
                std::strncpy(
                    m_control->reason, e.what(), sizeof m_control->reason - 1);
        }
        std::quick_exit(1);
    }

    template <class Condition>
    void await(Condition condition)
    {
        const std::int64_t deadline = now_ns() + limit;
        while (reap(), !condition())
        {
            if (now_ns() > deadline)
                throw std::runtime_error("a process hangs");
            nap(100000);
        }
    }

    void reap()
    {
        for (std::size_t i = 0; i < m_pids.size();)
        {
            int status;
            if (::waitpid(m_pids[i], &status, WNOHANG) == 0)
            {
                ++i;
                continue;
            }
            m_pids.erase(m_pids.begin() + static_cast<std::ptrdiff_t>(i));
            if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                throw std::runtime_error(
                    m_control->reason[0] != 0 ? m_control->reason
                                              : "a process died");
        }
    }

    void end() noexcept
    {
        for (const pid_t pid : m_pids)
            ::kill(pid, SIGKILL);
        for (const pid_t pid : m_pids)
            ::waitpid(pid, nullptr, 0);
        m_pids.clear();
    }

    shared_block<control> m_control;
    std::vector<pid_t> m_pids;
    unsigned m_size;
    unsigned m_round = 0;
};

} // namespace bench

#endif
