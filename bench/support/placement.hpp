// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PLACEMENT_HPP
#define BOOST_IPQ_BENCH_PLACEMENT_HPP

// How near each other the two processors are now. A virtual machine's host may
// move them at any time, which changes what every channel can do.

#include "../peers/floor.hpp"
#include "round_trip.hpp"
#include "rows.hpp"
#include <algorithm>

namespace bench {

// Returns: the time of a cache line there and back, in nanoseconds.
inline double cache_line_ns()
{
    return round_trip<cache_line, calls::trying>::measure(8, 2000000)
        .nanoseconds;
}

// Returns: whether these floors say that the processors moved, or that another
// program ran on one of them. bench/report.py leaves such figures out.
inline bool disturbed(double before, double after)
{
    const auto [low, high] = std::minmax(before, after);
    return high > 1.5 * low || high > 1500;
}

// Effects: measures, and the distance of the processors before and after.
// Measures again, at most twice, if it was disturbed.
template <class Measure>
outcome measure_with_floor(Measure measure)
{
    for (int tries = 1;; ++tries)
    {
        const double before = cache_line_ns();
        outcome found = measure();
        const double after = cache_line_ns();
        if (tries < 3 && disturbed(before, after))
            continue;
        found.counters["floor_before"] = before;
        found.counters["floor_after"] = after;
        return found;
    }
}

} // namespace bench

#endif
