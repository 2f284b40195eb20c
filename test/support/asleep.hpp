// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_ASLEEP_HPP
#define BOOST_IPQ_TEST_ASLEEP_HPP

#include "eventually.hpp"
#include <sys/types.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <fstream>
#include <string>

namespace test {

// Returns: this thread, for asleep(). Linux; elsewhere 0.
inline pid_t this_thread() noexcept
{
#if defined(__linux__)
    return static_cast<pid_t>(::syscall(SYS_gettid));
#else
    return 0;
#endif
}

// Returns: whether a process (its first thread), or a thread, sleeps in the
// kernel. Linux.
inline bool asleep(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(')');
    return name_end != std::string::npos &&
           text.compare(name_end, 3, ") S") == 0;
}

// Returns: whether, within some time, that many subscribers are counted as
// waiting and this one sleeps.
inline bool
subscriber_sleeps(const std::string& queue, pid_t process, unsigned count = 1)
{
    return subscribers_wait(queue, count) &&
           eventually([&] { return asleep(process); });
}

inline bool publisher_sleeps(const std::string& queue, pid_t process)
{
    return publishers_wait(queue) &&
           eventually([&] { return asleep(process); });
}

} // namespace test

#endif
