// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_SLEEPER_HPP
#define BOOST_IPQ_TEST_KILL_SLEEPER_HPP

// A survivor in a separate process, which sleeps and reports when it is woken.

#include "../support/shared_object.hpp"
#include "../support/stepper.hpp"
#include "../support/survivor_clock.hpp"
#include "scenario.hpp"
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace kill_test {

class sleeper
{
public:
    struct entry
    {
        test::moment when;
        std::size_t size;
        std::byte body[64];
    };

    // Effects: starts a process that calls `function(log)` repeatedly;
    // log(data, size) reports to the parent.
    template <class Function>
    explicit sleeper(Function function)
    {
        ::sem_init(&m_shared->told, 1, 0);
        m_pid = ::fork();
        if (m_pid != 0)
            return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        cpu_set_t all;
        std::memset(&all, 0xff, sizeof all);
        ::sched_setaffinity(0, sizeof all, &all);
        try
        {
            for (;;)
                function([this](const void* data, std::size_t size) {
                    log(data, size);
                });
        }
        catch (...)
        {
            ::_exit(4);
        }
    }

    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;

    ~sleeper()
    {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }

    // Returns: the current time as the process sees it.
    test::moment now() const { return test::now_of(m_pid); }

    bool sleeps() const { return test::stepper::state_of(m_pid) == 'S'; }

    // Returns: the next report; waits for it.
    const entry& hear(verdict& result)
    {
        struct timespec end;
        ::clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += 1;
        int failed;
        do
            failed = ::sem_timedwait(&m_shared->told, &end);
        while (failed != 0 && errno == EINTR);
        if (failed != 0)
            throw too_slow("the sleeper was not woken within a second");
        result.promise(true, "the sleeper is woken");
        return m_shared->entries[m_heard++ % count];
    }

private:
    static constexpr std::size_t count = 64;

    struct shared
    {
        sem_t told;
        std::uint64_t number;
        entry entries[count];
    };

    void log(const void* data, std::size_t size)
    {
        entry& next = m_shared->entries[m_shared->number++ % count];
        next.when = test::now_of();
        next.size = size;
        std::memcpy(next.body, data, (std::min)(size, sizeof next.body));
        ::sem_post(&m_shared->told);
    }

    test::shared_object<shared> m_shared;
    std::uint64_t m_heard = 0;
    pid_t m_pid;
};

} // namespace kill_test

#endif
