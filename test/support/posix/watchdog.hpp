// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_POSIX_WATCHDOG_HPP
#define BOOST_IPQ_TEST_POSIX_WATCHDOG_HPP

// Ends a test program that hangs, and the children that it started.

#include "../emulator.hpp"
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>
#include <atomic>
#include <cstddef>

namespace test {

class watchdog
{
public:
    static constexpr unsigned default_limit = 60; // seconds

    // Effects: ends this process after `seconds`, unless start() is called
    // again before. Each test case restarts the watchdog; a long one sets its
    // own limit. An emulator gets ten times as much.
    static void start(unsigned seconds = default_limit) noexcept
    {
        struct sigaction action = {};
        action.sa_handler = &bark;
        ::sigaction(SIGALRM, &action, nullptr);
        ::alarm(emulator() ? 10 * seconds : seconds);
    }

    // Effects: makes this child die with its parent.
    static void add_child(pid_t pid) noexcept
    {
        for (auto& child : children())
        {
            pid_t none = 0;
            if (child.compare_exchange_strong(none, pid))
                return;
        }
    }

    static void remove_child(pid_t pid) noexcept
    {
        for (auto& child : children())
        {
            pid_t expected = pid;
            if (child.compare_exchange_strong(expected, 0))
                return;
        }
    }

private:
    using pids = std::atomic<pid_t>[64];

    static pids& children() noexcept
    {
        static pids instance;
        return instance;
    }

    static void bark(int) noexcept
    {
        for (auto& child : children())
            if (const pid_t pid = child.load())
                ::kill(pid, SIGKILL);
        constexpr char text[] = "watchdog: the test hangs; SIGABRT\n";
        if (::write(STDERR_FILENO, text, sizeof text - 1) < 0)
        {
        }
        ::signal(SIGABRT, SIG_DFL);
        ::raise(SIGABRT);
    }
};

} // namespace test

#endif
