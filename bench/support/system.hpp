// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_SYSTEM_HPP
#define BOOST_IPQ_BENCH_SYSTEM_HPP

#include <boost_ipq/detail/platform/cpu.hpp>
#include <sched.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {

using boost_ipq::detail::platform::pause;

// A channel or the machine does not support a measurement; the row shows why.
struct unsupported : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

[[noreturn]] inline void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

// Returns: the time of a clock that all processes share.
inline std::int64_t now_ns() noexcept
{
    timespec time;
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * std::int64_t(1000000000) + time.tv_nsec;
}

inline void nap(std::int64_t nanoseconds) noexcept
{
    const timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    ::nanosleep(&time, nullptr);
}

// Returns: the number of processors that this program could use at its start.
inline unsigned cores()
{
    static const unsigned count = [] {
        cpu_set_t set;
        ::sched_getaffinity(0, sizeof set, &set);
        return static_cast<unsigned>(CPU_COUNT(&set));
    }();
    return count;
}

// Returns: what /proc/cpuinfo says about the first processor, such as
// "AMD EPYC, cpu family 26, model 2".
inline std::string processor_name()
{
    std::ifstream file("/proc/cpuinfo");
    std::string result;
    for (std::string line; std::getline(file, line) && !line.empty();)
    {
        const std::string key = line.substr(0, line.find('\t'));
        const std::size_t value = line.find(": ");
        if (value == line.npos)
            continue;
        if (key == "model name")
            result = line.substr(value + 2) + result;
        else if (
            key == "cpu family" || key == "model" || key == "CPU implementer" ||
            key == "CPU part")
            result += ", " + key + ' ' + line.substr(value + 2);
    }
    return result;
}

// Effects: pins this process to the nth of its processors.
inline void pin_to(unsigned nth)
{
    cpu_set_t set;
    ::sched_getaffinity(0, sizeof set, &set);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &set) && nth-- == 0)
        {
            CPU_ZERO(&set);
            CPU_SET(cpu, &set);
            ::sched_setaffinity(0, sizeof set, &set);
            return;
        }
}

// The pause between two tries. Yields now and then if processes share a
// processor.
class poll_pause
{
public:
    explicit poll_pause(bool crowded) noexcept : m_crowded(crowded) {}

    void operator()() noexcept
    {
        pause();
        if (m_crowded && ++m_tries % 16 == 0)
            ::sched_yield();
    }

private:
    bool m_crowded;
    unsigned m_tries = 0;
};

// Returns: a name that is unique to this call and this process.
inline std::string unique_name()
{
    static unsigned count = 0;
    return "ipqbench-" + std::to_string(::getpid()) + '-' +
           std::to_string(++count);
}

inline std::size_t free_shared_memory()
{
    struct statvfs status;
    if (::statvfs("/dev/shm", &status) != 0)
        return 0;
    return status.f_bavail * status.f_frsize;
}

// Returns: the memory of every channel's ring, ours and the peers'.
constexpr std::size_t ring_bytes(std::size_t message_size) noexcept
{
    return message_size > 4096 ? std::size_t(16) << 20 : std::size_t(1) << 20;
}

// Returns: how many messages of that size fit such a ring without headers.
// Peers get room for that many.
constexpr std::size_t ring_messages(std::size_t message_size) noexcept
{
    return ring_bytes(message_size) / message_size;
}

} // namespace bench

#endif
