// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_USAGE_HPP
#define BOOST_IPQ_TEST_USAGE_HPP

// What this process uses.

#if defined(_WIN32)
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <tlhelp32.h>
#include <cstdint>
#else
#include <time.h>
#include <fstream>
#include <string>
#endif
#include <chrono>

namespace test {

#if defined(_WIN32)

inline unsigned threads()
{
    const boost_ipq::detail::platform::unique_handle all(
        ::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    THREADENTRY32 entry = {};
    entry.dwSize = sizeof entry;
    unsigned result = 0;
    for (BOOL more = ::Thread32First(all.get(), &entry); more;
         more = ::Thread32Next(all.get(), &entry))
        result += entry.th32OwnerProcessID == ::GetCurrentProcessId();
    return result;
}

// Of all threads, in the program and in the kernel.
inline std::chrono::nanoseconds processor_time()
{
    FILETIME created, ended, kernel, user;
    ::GetProcessTimes(::GetCurrentProcess(), &created, &ended, &kernel, &user);
    const auto ticks = [](const FILETIME& time) {
        return std::uint64_t(time.dwHighDateTime) << 32 | time.dwLowDateTime;
    };
    return std::chrono::nanoseconds(100 * (ticks(kernel) + ticks(user)));
}

#else

// Linux.
inline unsigned threads()
{
    std::ifstream file("/proc/self/status");
    std::string line;
    while (std::getline(file, line))
        if (line.compare(0, 8, "Threads:") == 0)
            return static_cast<unsigned>(std::stoul(line.substr(8)));
    return 0;
}

// Of all threads, in the program and in the kernel.
inline std::chrono::nanoseconds processor_time()
{
    struct timespec time;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::nanoseconds(time.tv_nsec);
}

#endif

} // namespace test

#endif
