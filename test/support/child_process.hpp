// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_CHILD_PROCESS_HPP
#define BOOST_IPQ_TEST_CHILD_PROCESS_HPP

// A second process, made by running the test's own executable again in one of
// its roles:
//
//     test::child sender("send_one", {queue.name()});
//     BOOST_TEST(sender.hear() == "sent");
//     BOOST_TEST(sender.wait() == 0);

#include "channel.hpp"
#include "main.hpp"
#include "roles.hpp"
#include "watchdog.hpp"
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace test {

// Returns: the path of this program.
inline std::string own_executable()
{
#if defined(__linux__)
    return "/proc/self/exe";
#else
    return boost::unit_test::framework::master_test_suite().argv[0];
#endif
}

// Returns: the words that start this program again. An emulator of a different
// processor needs to be named: BOOST_IPQ_EMULATOR.
inline std::vector<std::string> own_command()
{
    if (const char* const emulator = std::getenv("BOOST_IPQ_EMULATOR"))
        return {
            emulator, std::filesystem::read_symlink("/proc/self/exe").string()};
    return {own_executable()};
}

class child
{
public:
    // Effects: starts a process that runs a role.
    explicit child(
        const std::string& role, const std::vector<std::string>& arguments = {})
    {
        auto ends = channel::make();
        m_channel = std::move(ends.first);
        start(role, arguments, ends.second);
    }

    child(const child&) = delete;
    child& operator=(const child&) = delete;

    child(child&& other) noexcept
        : m_channel(std::move(other.m_channel)),
          m_pid(std::exchange(other.m_pid, 0)),
          m_status(other.m_status)
    {
    }

    // Effects: kills the process if it still runs.
    ~child()
    {
        if (m_pid != 0)
            kill();
    }

    pid_t pid() const noexcept { return m_pid; }

    void tell(const std::string& line) { m_channel.tell(line); }
    std::string hear() { return m_channel.hear(); }
    unsigned long long hear_number() { return std::stoull(hear()); }

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
    void start(
        const std::string& role, const std::vector<std::string>& arguments,
        const channel& its_end)
    {
        std::vector<std::string> words = own_command();
        words.insert(words.end(), {roles::option, role});
        words.insert(words.end(), arguments.begin(), arguments.end());
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
                error, std::generic_category(), "starting role " + role);
        }
        watchdog::add_child(m_pid);
    }

    channel m_channel;
    pid_t m_pid = 0;
    int m_status = 0;
};

} // namespace test

#endif
