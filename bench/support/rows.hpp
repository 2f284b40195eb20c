// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_ROWS_HPP
#define BOOST_IPQ_BENCH_ROWS_HPP

// Rows whose measurements time themselves: "what/how/size/channel".

#include "system.hpp"
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

namespace bench {

// The result of one run.
struct outcome
{
    double nanoseconds; // of one message, or one round trip
    benchmark::UserCounters counters;
};

struct plan
{
    int repetitions = 5;
    std::int64_t round_ns = 40 * 1000 * 1000;
    std::int64_t warm_up_ns = 10 * 1000 * 1000;
    bool quick = false;
};

// Effects: reads our own option --quick and removes it from the arguments.
inline plan read_plan(int& argc, char** argv)
{
    plan result;
    for (int i = 1; i < argc; ++i)
        if (std::strcmp(argv[i], "--quick") == 0)
        {
            std::move(argv + i + 1, argv + argc + 1, argv + i);
            --argc;
            result.quick = true;
            result.repetitions = 3;
            result.round_ns = 10 * 1000 * 1000;
            result.warm_up_ns = 3 * 1000 * 1000;
        }
    return result;
}

// Effects: registers a row that runs `measure` once in each repetition.
template <class Measure>
void add_row(
    const std::string& name, int repetitions, std::size_t message_size,
    Measure measure)
{
    benchmark::RegisterBenchmark(
        name.c_str(),
        [=](benchmark::State& state) {
            try
            {
                for (auto _ : state)
                {
                    const outcome result = measure();
                    state.SetIterationTime(result.nanoseconds / 1e9);
                    state.counters = result.counters;
                }
                state.SetItemsProcessed(1);
                if (message_size != 0)
                    state.SetBytesProcessed(
                        static_cast<std::int64_t>(message_size));
            }
            catch (const std::exception& e)
            {
                state.SkipWithError(e.what());
            }
        })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(repetitions);
}

inline std::string
row(const std::string& what, std::size_t size, const char* channel)
{
    return what + '/' + std::to_string(size) + '/' + channel;
}

inline int run_rows(int& argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

} // namespace bench

#endif
