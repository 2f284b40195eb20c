// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_ROWS_HPP
#define BOOST_IPQ_BENCH_ROWS_HPP

// Rows whose measurements time themselves: "what/how/size/channel".

#include "system.hpp"
#include <benchmark/benchmark.h>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <string>
#include <utility>

namespace bench {

// The result of one run.
struct outcome
{
    double nanoseconds; // of one message, or one round trip
    benchmark::UserCounters counters;
    std::map<long, std::size_t> histogram; // see samples::histogram()
};

// Effects: appends lines "name, nanoseconds, count, floor before, floor after",
// with tabs, to the file that BOOST_IPQ_BENCH_HISTOGRAMS names, if it is set.
inline void write_histogram(const std::string& name, outcome& found)
{
    const char* const path = std::getenv("BOOST_IPQ_BENCH_HISTOGRAMS");
    if (!path || found.histogram.empty())
        return;
    std::ofstream file(path, std::ios::app);
    for (const auto& one : found.histogram)
        file << name << '\t' << std::pow(1.05, one.first) << '\t' << one.second
             << '\t' << found.counters["floor_before"] << '\t'
             << found.counters["floor_after"] << '\n';
}

struct plan
{
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
            result.round_ns = 20 * 1000 * 1000;
            result.warm_up_ns = 5 * 1000 * 1000;
        }
    return result;
}

// Effects: registers a row that runs `measure` once in each repetition.
template <class Measure>
void add_row(const std::string& name, std::size_t message_size, Measure measure)
{
    benchmark::RegisterBenchmark(
        name.c_str(),
        [=](benchmark::State& state) {
            try
            {
                for (auto _ : state)
                {
                    outcome result = measure();
                    state.SetIterationTime(result.nanoseconds / 1e9);
                    write_histogram(name, result);
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
        ->Iterations(1);
}

inline std::string
row(const std::string& what, std::size_t size, const char* channel)
{
    return what + '/' + std::to_string(size) + '/' + channel;
}

// Effects: runs the rows. The results name the processor.
inline int run_rows(int& argc, char** argv)
{
    benchmark::AddCustomContext("processor", processor_name());
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

} // namespace bench

#endif
