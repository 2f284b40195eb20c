// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_STATISTICS_HPP
#define BOOST_IPQ_BENCH_STATISTICS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace bench {

// Durations in nanoseconds, sorted.
class samples
{
public:
    samples(const std::uint32_t* first, std::size_t count)
        : m_sorted(first, first + count)
    {
        std::sort(m_sorted.begin(), m_sorted.end());
    }

    bool empty() const noexcept { return m_sorted.empty(); }

    // Returns: the duration that this fraction, from 0 to 1, does not exceed.
    double quantile(double fraction) const
    {
        const auto index = static_cast<std::size_t>(
            std::ceil(fraction * static_cast<double>(m_sorted.size())));
        return m_sorted[(std::min)(index, m_sorted.size() - 1)];
    }

    // Returns: the median, interpolated among equal durations. A clock that
    // ticks only every 10 ns would otherwise hide smaller differences.
    double median() const
    {
        const std::uint32_t middle = m_sorted[m_sorted.size() / 2];
        const auto equal =
            std::equal_range(m_sorted.begin(), m_sorted.end(), middle);
        const double tick = static_cast<double>(
            equal.first == m_sorted.begin() ? 0 : middle - equal.first[-1]);
        const auto below = static_cast<double>(equal.first - m_sorted.begin());
        const auto count = static_cast<double>(equal.second - equal.first);
        const double half = static_cast<double>(m_sorted.size()) / 2;
        return middle + tick * ((half - below) / count - 0.5);
    }

    // Returns: how many durations are in each class. Class n is 5 % wide,
    // around 1.05 to the power of n.
    std::map<long, std::size_t> histogram() const
    {
        std::map<long, std::size_t> classes;
        for (const std::uint32_t sample : m_sorted)
            ++classes[std::lround(
                std::log(static_cast<double>(sample) + 1) / std::log(1.05))];
        return classes;
    }

private:
    std::vector<std::uint32_t> m_sorted;
};

} // namespace bench

#endif
