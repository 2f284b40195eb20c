// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Usage: request_bench [ROUNDS]
//
// A request and its answer against a plain round trip of the same bytes through
// two typed queues, both ends busy, on processors 0 and 1, in turns. Prints the
// medians of the rounds and the median of their ratios.

#include <boost_ipq/request.hpp>
#include <boost_ipq/typed.hpp>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct text
{
    char bytes[64];
};

constexpr int trips = 2000;

void run_on(int processor)
{
    ::cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

// Returns the nanoseconds of one trip.
template <class Trip>
double time_of(Trip trip)
{
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    for (int i = 0; i < trips; ++i)
        trip();
    return std::chrono::duration<double, std::nano>(clock::now() - begin)
               .count() /
           trips;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Serves as the client asks, in the same order.
[[noreturn]] void serve(const boost_ipq::queue_options options[3], int rounds)
{
    run_on(1);
    boost_ipq::typed_subscriber<text> in(boost_ipq::open_only, options[0]);
    boost_ipq::typed_publisher<text> out(boost_ipq::open_only, options[1]);
    boost_ipq::request_server<text, text> server(
        boost_ipq::open_only, options[2]);
    out.enqueue(text{}); // ready
    for (int round = 0; round <= rounds; ++round)
    {
        for (int i = 0; i < trips; ++i)
            out.enqueue(in.dequeue());
        for (int i = 0; i < trips; ++i)
        {
            auto request = server.receive();
            request.answer(*request);
        }
    }
    ::_exit(0);
}

} // namespace

int main(int count, char** arguments)
{
    const int rounds = count > 1 ? std::atoi(arguments[1]) : 301;
    const std::string name = "bench-request-" + std::to_string(::getpid());
    const boost_ipq::queue_options options[] = {
        {name + "-out", 1 << 20}, {name + "-in", 1 << 20}, {name, 1 << 20}};
    for (const auto& each : options)
        boost_ipq::remove_queue(each);
    boost_ipq::typed_publisher<text> out(boost_ipq::create_only, options[0]);
    boost_ipq::typed_subscriber<text> in(boost_ipq::create_only, options[1]);
    boost_ipq::request_client<text, text> client(
        boost_ipq::create_only, options[2]);
    const ::pid_t server = ::fork();
    if (server == 0)
        serve(options, rounds);
    run_on(0);
    text value{};
    in.dequeue(value);
    std::vector<double> plain, requests, ratios;
    for (int round = 0; round <= rounds; ++round)
    {
        const double one = time_of([&] {
            out.enqueue(value);
            in.dequeue(value);
        });
        const double other = time_of([&] { value = client.call(value); });
        if (round == 0)
            continue; // warms up
        plain.push_back(one);
        requests.push_back(other);
        ratios.push_back(other / one);
    }
    ::waitpid(server, nullptr, 0);
    for (const auto& each : options)
        boost_ipq::remove_queue(each);
    std::printf(
        "64 bytes: plain round trip %.0f ns, request and answer %.0f ns, "
        "%.2f times (of %d rounds %.2f to %.2f)\n",
        median(plain), median(requests), median(ratios), rounds,
        *std::min_element(ratios.begin(), ratios.end()),
        *std::max_element(ratios.begin(), ratios.end()));
}
