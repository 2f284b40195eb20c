// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Usage: wait_set_bench [ROUNDS]
//
// How long it takes until a sleeping process has a message: in dequeue(), in a
// wait set of one queue, and in sets of 64 queues, each of which gets a message
// in turn. The two processes run on different processors, and a message is
// sent each millisecond: long after the spinning has ended.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/wait_set.hpp>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
using boost_ipq::detail::set_mode;

long now()
{
    return clock_type::now().time_since_epoch().count();
}

void run_on(int processor)
{
    ::cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

std::string name_of(std::size_t i)
{
    return "bench-wait-set-" + std::to_string(i);
}

[[noreturn]] void send(std::size_t queues, int rounds)
{
    run_on(0);
    std::deque<boost_ipq::publisher> out;
    for (std::size_t i = 0; i < queues; ++i)
        out.emplace_back(boost_ipq::open_only, name_of(i));
    for (int i = 0; i < rounds; ++i)
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const long begin = now();
        out[static_cast<std::size_t>(i) * 7 % queues].enqueue(
            &begin, sizeof begin);
    }
    ::_exit(0);
}

// Receives with `take`, which returns the time of the message, and prints the
// median delay in microseconds.
template <class Take>
void measure(const char* what, std::size_t queues, int rounds, Take take)
{
    std::deque<boost_ipq::subscriber> in;
    for (std::size_t i = 0; i < queues; ++i)
    {
        boost_ipq::remove_queue(name_of(i));
        in.emplace_back(
            boost_ipq::create_only, boost_ipq::queue_options(name_of(i), 4096));
    }
    const ::pid_t sender = ::fork();
    if (sender == 0)
        send(queues, rounds);
    std::vector<long> delays;
    take(in, [&](long begin) {
        delays.push_back(now() - begin);
        return delays.size() < static_cast<std::size_t>(rounds);
    });
    ::waitpid(sender, nullptr, 0);
    for (std::size_t i = 0; i < queues; ++i)
        boost_ipq::remove_queue(name_of(i));
    std::sort(delays.begin(), delays.end());
    std::printf(
        "%-28s %5.1f us\n", what,
        static_cast<double>(delays[delays.size() / 2]) / 1000);
}

auto in_set(set_mode mode)
{
    return [mode](std::deque<boost_ipq::subscriber>& in, auto done) {
        boost_ipq::wait_set set(mode);
        for (std::size_t i = 0; i < in.size(); ++i)
            set.add(in[i], i + 1);
        long begin;
        std::size_t size;
        for (bool more = true; more;)
            if (in[set.wait() - 1].try_dequeue(&begin, sizeof begin, size))
                more = done(begin);
    };
}

} // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 600;
    run_on(1);
    for (int i = 0; i < 3; ++i)
    {
        measure(
            "dequeue", 1, rounds,
            [](std::deque<boost_ipq::subscriber>& in, auto done) {
                long begin;
                std::size_t size;
                do
                    in[0].dequeue(&begin, sizeof begin, size);
                while (done(begin));
            });
        measure("set of 1", 1, rounds, in_set(set_mode::best));
        measure("set of 64", 64, rounds, in_set(set_mode::best));
        measure("set of 64, futex_waitv", 64, rounds, in_set(set_mode::words));
    }
}
