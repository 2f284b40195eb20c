// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SURVIVOR_CLOCK_HPP
#define BOOST_IPQ_TEST_SURVIVOR_CLOCK_HPP

// Measures how long a survivor needed, without the time during which it was
// ready to run but other programs used the processors: a busy machine breaks no
// promise.

#include <fcntl.h>
#include <unistd.h>
#include <chrono>
#include <cstdlib>
#include <string>

namespace test {

using nanoseconds = std::chrono::nanoseconds;

// A point in time as seen by one process.
struct moment
{
    nanoseconds time{0};    // of the monotonic clock
    nanoseconds delayed{0}; // total time spent waiting for a processor
};

// For another process, or (0) this one; works in any PID namespace.
inline moment now_of(pid_t process = 0)
{
    moment result;
    result.time = std::chrono::steady_clock::now().time_since_epoch();
    const std::string who = process == 0 ? "self" : std::to_string(process);
    const std::string path = "/proc/" + who + "/schedstat";
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return result;
    char text[128] = {};
    if (::read(file, text, sizeof text - 1) > 0)
    {
        char* rest = text;
        std::strtoull(rest, &rest, 10); // skips the time on a processor
        result.delayed = nanoseconds(std::strtoull(rest, &rest, 10));
    }
    ::close(file);
    return result;
}

inline nanoseconds between(const moment& begin, const moment& end)
{
    const nanoseconds result =
        end.time - begin.time - (end.delayed - begin.delayed);
    return result < nanoseconds::zero() ? nanoseconds::zero() : result;
}

} // namespace test

#endif
