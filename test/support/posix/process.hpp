// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_POSIX_PROCESS_HPP
#define BOOST_IPQ_TEST_POSIX_PROCESS_HPP

// A process that runs a program: the words of its command, and its end of a
// channel.

#include "../channel.hpp"
#include "../emulator.hpp"
#include "../watchdog.hpp"
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace test {

using process_id = pid_t;

// Effects: to be called when a test program starts.
inline void prepare_program() noexcept
{
    // Writing to a dead process is an error and does not end this process.
    ::signal(SIGPIPE, SIG_IGN);
}

// Returns: the words that start this program, `self`, again. An emulator of a
// different processor needs to be named: BOOST_IPQ_EMULATOR.
inline std::vector<std::string> own_command([[maybe_unused]] const char* self)
{
#if defined(__linux__)
    if (emulator())
        return {
            emulator(),
            std::filesystem::read_symlink("/proc/self/exe").string()};
    return {"/proc/self/exe"};
#else
    return {self};
#endif
}

class process
{
public:
    process(std::vector<std::string> words, const channel& its_end)
    {
        std::vector<char*> argv;
        for (auto& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);

        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(
            &actions, its_end.descriptor(), channel::inherited_descriptor);
        const int error = ::posix_spawn(
            &m_pid, argv[0], &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (error != 0)
        {
            m_pid = 0;
            throw std::system_error(
                error, std::generic_category(), "starting " + words[0]);
        }
        watchdog::add_child(m_pid);
    }

    // Effects: starts a copy of this process, which calls a function and ends
    // with its result.
    template <class Function>
    static process copy(Function run)
    {
        std::cout.flush(); // or the copy writes it again
        const pid_t pid = ::fork();
        if (pid < 0)
            throw std::system_error(errno, std::generic_category(), "fork");
        if (pid == 0)
        {
#if defined(__linux__)
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
            ::_exit(run());
        }
        watchdog::add_child(pid);
        return process(pid);
    }

    process(const process&) = delete;
    process& operator=(const process&) = delete;

    process(process&& other) noexcept
        : m_pid(std::exchange(other.m_pid, 0)),
          m_status(other.m_status)
    {
    }

    // Effects: kills the process if it still runs.
    ~process()
    {
        if (m_pid != 0)
            kill();
    }

    process_id id() const noexcept
    {
        return m_pid;
    }

    // Effects: waits for the end of the process.
    // Returns: its exit code, or the number of the signal, negative.
    int wait()
    {
        if (m_pid != 0)
        {
            int status;
            while (::waitpid(m_pid, &status, 0) < 0)
                if (errno != EINTR)
                    throw std::system_error(
                        errno, std::generic_category(), "waitpid");
            watchdog::remove_child(m_pid);
            m_pid = 0;
            m_status =
                WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        }
        return m_status;
    }

    // Effects: sends a signal.
    void signal(int number) const
    {
        if (m_pid != 0)
            ::kill(m_pid, number);
    }

    // Effects: sends SIGKILL; returns when the process has ended.
    int kill()
    {
        signal(SIGKILL);
        return wait();
    }

private:
    explicit process(pid_t pid) noexcept : m_pid(pid) {}

    process_id m_pid = 0;
    int m_status = 0;
};

} // namespace test

#endif
