// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_IDLE_HPP
#define BOOST_IPQ_BENCH_IDLE_HPP

#include "process_group.hpp"
#include "rows.hpp"
#include "shared_block.hpp"
#include "throughput.hpp"
#include <sys/resource.h>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// Returns: the processor time of this process, in nanoseconds.
inline std::int64_t processor_ns()
{
    rusage used;
    ::getrusage(RUSAGE_SELF, &used);
    const auto ns = [](const timeval& time) {
        return (time.tv_sec * std::int64_t(1000000) + time.tv_usec) * 1000;
    };
    return ns(used.ru_utime) + ns(used.ru_stime);
}

// Returns: the processor time of a process that waits for a message, scaled to
// one second.
template <class Channel>
outcome measure_idle(std::size_t size, std::int64_t duration)
{
    const Channel channel(ring_bytes(size), size);
    const shared_block<std::int64_t> used;
    process_group group(
        2, !Channel::own_threads, [&](process_group::process& self) {
            if (self.index() == 0)
            {
                typename Channel::receiver in(channel);
                self.begin();
                const std::int64_t before = processor_ns();
                in.receive([](const void*, std::size_t) {});
                *used = processor_ns() - before;
            }
            else
            {
                typename Channel::sender out(channel);
                self.begin();
                nap(duration);
                out.send(std::vector<char>(size).data(), size);
            }
        });
    group.round(duration);
    group.join();
    outcome result;
    result.nanoseconds =
        static_cast<double>(*used) * 1e9 / static_cast<double>(duration);
    result.counters["percent"] = result.nanoseconds / 1e7;
    return result;
}

} // namespace bench

#endif
