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
#include "process.hpp"
#include "roles.hpp"
#include <string>
#include <utility>
#include <vector>

namespace test {

class child
{
public:
    // Effects: starts a process that runs a role.
    explicit child(
        const std::string& role, const std::vector<std::string>& arguments = {})
        : child(channel::make(), role, arguments)
    {
    }

    // Effects: as the constructor, but by a copy of this process where the
    // system can make one, which takes much less time.
    static child
    copy(const std::string& role, const std::vector<std::string>& arguments)
    {
#if defined(_WIN32)
        return child(role, arguments);
#else
        auto ends = channel::make();
        process copied = process::copy([&] {
            ends.first.close();
            return roles::run(role, std::move(ends.second), arguments);
        });
        return child(std::move(ends.first), std::move(copied));
#endif
    }

    process_id pid() const noexcept
    {
        return m_process.id();
    }

    void tell(const std::string& line)
    {
        m_channel.tell(line);
    }
    std::string hear()
    {
        return m_channel.hear();
    }
    unsigned long long hear_number()
    {
        return std::stoull(hear());
    }

    // Effects: waits for the end of the process.
    // Returns: its exit code, or the number of the signal, negative.
    int wait()
    {
        return m_process.wait();
    }

    // Effects: sends a signal.
    void signal(int number) const
    {
        m_process.signal(number);
    }

    // Effects: ends the process as SIGKILL does; returns when it has ended.
    int kill()
    {
        return m_process.kill();
    }

private:
    // The end of the child is closed here when it has started.
    child(
        std::pair<channel, channel> ends, const std::string& role,
        const std::vector<std::string>& arguments)
        : m_channel(std::move(ends.first)),
          m_process(command(role, arguments), ends.second)
    {
    }

    child(channel its, process started)
        : m_channel(std::move(its)),
          m_process(std::move(started))
    {
    }

    static std::vector<std::string>
    command(const std::string& role, const std::vector<std::string>& arguments)
    {
        // A role that starts a role runs without the test suite.
        const auto& suite = boost::unit_test::framework::master_test_suite();
        std::vector<std::string> words =
            own_command(suite.argv ? suite.argv[0] : roles::program());
        words.insert(words.end(), {roles::option, role});
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }

    channel m_channel;
    process m_process;
};

} // namespace test

#endif
