// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_NAMESPACED_PROCESS_HPP
#define BOOST_IPQ_TEST_NAMESPACED_PROCESS_HPP

// A process in its own PID namespace, as in a container: its number there is 1,
// and it cannot see the processes outside.

#include "channel.hpp"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace test {

class namespaced_process
{
public:
    // Effects: runs `function(channel)` in that process.
    // Throws: std::runtime_error if that is not permitted.
    template <class Function>
    explicit namespaced_process(Function function)
    {
        auto ends = channel::make();
        m_channel = std::move(ends.first);
        std::cout.flush(); // or the child writes it again
        m_parent = ::fork();
        if (m_parent < 0)
            throw std::system_error(errno, std::generic_category(), "fork");
        if (m_parent == 0)
        {
            m_channel.close();
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            be_parent(ends.second, function);
        }
        ends.second.close();
        const std::string answer = hear();
        if (answer != "ready")
        {
            end();
            throw std::runtime_error(answer);
        }
    }

    namespaced_process(const namespaced_process&) = delete;
    namespaced_process& operator=(const namespaced_process&) = delete;

    ~namespaced_process() { end(); }

    std::string hear() { return m_channel.hear(); }
    void tell(const std::string& line) { m_channel.tell(line); }
    std::string ask(const std::string& line)
    {
        tell(line);
        return hear();
    }

    // Effects: sends SIGKILL; returns when the process has ended.
    void kill() { end(); }

private:
    // The process outside of the namespace. Each of the two processes ends when
    // the other does.
    template <class Function>
    [[noreturn]] static void be_parent(channel& to_test, Function function)
    {
        // A user namespace makes this possible without privileges.
        if (::unshare(CLONE_NEWPID) != 0 &&
            ::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0)
        {
            to_test.tell(
                std::system_error(errno, std::generic_category(), "unshare")
                    .what());
            ::_exit(0);
        }
        sigset_t term;
        ::sigemptyset(&term);
        ::sigaddset(&term, SIGTERM);
        ::sigprocmask(SIG_BLOCK, &term, nullptr);
        const pid_t inside = ::fork();
        if (inside == 0)
        {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            try
            {
                to_test.tell("ready");
                function(to_test);
            }
            catch (const std::exception&)
            {
                ::_exit(1);
            }
            ::_exit(0);
        }
        to_test.close();
        // Killed: the process inside first, then its parent.
        static pid_t victim;
        victim = inside;
        ::signal(SIGTERM, [](int) { ::kill(victim, SIGKILL); });
        ::sigprocmask(SIG_UNBLOCK, &term, nullptr);
        while (::waitpid(inside, nullptr, 0) < 0 && errno == EINTR)
        {
        }
        ::_exit(0);
    }

    void end() noexcept
    {
        if (m_parent <= 0)
            return;
        ::kill(m_parent, SIGTERM);
        while (::waitpid(m_parent, nullptr, 0) < 0 && errno == EINTR)
        {
        }
        m_parent = 0;
    }

    channel m_channel;
    pid_t m_parent = 0;
};

} // namespace test

#endif
