// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SUPPORT_FORKED_PROCESS_HPP
#define BOOST_IPQ_TEST_SUPPORT_FORKED_PROCESS_HPP

// A forked child that runs a function. It is killed with its object, and with
// the test.

#include <boost/test/unit_test.hpp>
#include <sys/types.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <utility>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace test {

class forked_process
{
public:
    explicit forked_process(const std::function<void()>& run)
    {
        std::cout.flush();
        m_pid = ::fork();
        BOOST_REQUIRE(m_pid >= 0);
        if (m_pid != 0)
            return;
#if defined(__linux__)
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        try
        {
            run();
            ::_exit(0);
        }
        catch (const std::exception& e)
        {
            std::fprintf(stderr, "%s\n", e.what());
        }
        ::_exit(1);
    }

    forked_process(forked_process&& other) noexcept
        : m_pid(std::exchange(other.m_pid, 0))
    {
    }

    forked_process& operator=(forked_process&& other) noexcept
    {
        std::swap(m_pid, other.m_pid);
        return *this;
    }

    ~forked_process()
    {
        if (m_pid != 0)
            kill();
    }

    void signal(int number) const
    {
        ::kill(m_pid, number);
    }

    void kill()
    {
        signal(SIGKILL);
        wait();
    }

    bool wait()
    {
        int status = 1;
        ::waitpid(std::exchange(m_pid, 0), &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t m_pid = 0;
};

} // namespace test

#endif
