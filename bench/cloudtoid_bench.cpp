// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues of cloudtoid/interprocess: our C++ beside the Rust of that project, in
// each direction over the same queue. The rows of the direction rust_to_rust
// are what the others are compared with.

#include "support/placement.hpp"
#include "support/round_trip.hpp"
#include "support/rows.hpp"
#include "support/throughput.hpp"
#include <benchmark/benchmark.h>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#if defined(BOOST_IPQ_BENCH_CLOUDTOID)
#include "peers/cloudtoid_directions.hpp"

namespace {

using namespace bench;

// The measurements of that project: send and receive in one thread, a queue of
// one MiB.
template <class Channel>
void measure_pair(benchmark::State& state, std::size_t size)
{
    const Channel channel(1 << 20, size);
    typename Channel::sender out(channel);
    typename Channel::receiver in(channel);
    const std::vector<char> message(size, 42);
    for (auto _ : state)
        if (!out.try_send(message.data(), size) ||
            !in.try_receive([](const void* data, std::size_t) {
                benchmark::DoNotOptimize(data);
                benchmark::ClobberMemory();
            }))
            state.SkipWithError("the pair failed");
}

template <class Channel>
void add_pairs()
{
    for (const std::size_t size : {3, 50, 1024})
        benchmark::RegisterBenchmark(
            row("cloudtoid/pair", size, Channel::name).c_str(),
            measure_pair<Channel>, size);
}

template <class Channel, calls Calls>
void add_throughput(const char* kind, std::size_t size, const plan& how)
{
    const std::string what = std::string("cloudtoid/throughput/") + kind;
    add_row(row(what, size, Channel::name), size, [=] {
        return measure_with_floor([=] {
            return throughput<Channel, Calls>::measure({1, 1}, size, how);
        });
    });
}

template <class Channel, calls Calls>
void add_round_trip(const char* kind, const plan& how)
{
    const std::string what = std::string("cloudtoid/round_trip/") + kind;
    add_row(row(what, 64, Channel::name), 0, [=] {
        return measure_with_floor([=] {
            return round_trip<Channel, Calls>::measure(64, how.round_ns);
        });
    });
}

// Calls f with each direction.
template <class F>
void for_each_direction(F f)
{
    f(type<cloudtoid_direction<false, false>>());
    f(type<cloudtoid_direction<true, false>>());
    f(type<cloudtoid_direction<false, true>>());
    f(type<cloudtoid_direction<true, true>>());
}

// Rows that are compared follow each other.
void add_all(const plan& how)
{
    for_each_direction(
        [](auto t) { add_pairs<typename decltype(t)::channel>(); });
    for (const std::size_t size : {16, 64, 1024, 65536})
    {
        for_each_direction([&](auto t) {
            add_throughput<typename decltype(t)::channel, calls::trying>(
                "try", size, how);
        });
        for_each_direction([&](auto t) {
            add_throughput<typename decltype(t)::channel, calls::waiting>(
                "waiting", size, how);
        });
    }
    for_each_direction([&](auto t) {
        using channel = typename decltype(t)::channel;
        add_round_trip<channel, calls::trying>("try", how);
    });
    for_each_direction([&](auto t) {
        using channel = typename decltype(t)::channel;
        add_round_trip<channel, calls::waiting>("waiting", how);
    });
}

} // namespace

#else

namespace {

void add_all(const bench::plan&)
{
    bench::add_row("cloudtoid", 0, []() -> bench::outcome {
        throw std::runtime_error(
            "cloudtoid/interprocess is absent, see CMake's output");
    });
}

} // namespace

#endif

int main(int argc, char** argv)
{
    const bench::plan how = bench::read_plan(argc, argv);
    add_all(how);
    return bench::run_rows(argc, argv);
}
