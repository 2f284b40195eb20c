// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STOPPED_PROCESS_HPP
#define BOOST_IPQ_TEST_STOPPED_PROCESS_HPP

#include "child_process.hpp"
#if !defined(_WIN32)
#include <signal.h>
#include <sys/wait.h>
#include <cerrno>
#include <system_error>
#endif
#include <algorithm>
#include <chrono>

namespace test {

// Effects: stops a child as a debugger does, and returns when it is stopped.
inline void stop(const child& process)
{
    process.signal(SIGSTOP);
#if !defined(_WIN32)
    int status = 0;
    while (::waitpid(process.pid(), &status, WUNTRACED) < 0)
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "waitpid");
    BOOST_TEST_REQUIRE(WIFSTOPPED(status));
#endif
}

// Returns: how long the function took.
template <class Function>
std::chrono::steady_clock::duration time_of(Function function)
{
    const auto begin = std::chrono::steady_clock::now();
    function();
    return std::chrono::steady_clock::now() - begin;
}

// Returns: the same of a function that may be called again. If it took as long
// as `bound`, that may be the machine: the shortest of three calls counts.
template <class Function>
std::chrono::steady_clock::duration
shortest_time_of(std::chrono::steady_clock::duration bound, Function function)
{
    auto result = time_of(function);
    for (int i = 0; i < 2 && result >= bound; ++i)
        result = (std::min)(result, time_of(function));
    return result;
}

// A stop of no particular type.
struct requested_stop
{
    const std::chrono::steady_clock::time_point when;
    bool stop_requested() const
    {
        return std::chrono::steady_clock::now() >= when;
    }
};

} // namespace test

#endif
