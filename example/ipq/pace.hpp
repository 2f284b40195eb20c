// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_PACE_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_PACE_HPP

// --count and --rate.

#include "command.hpp"
#include <thread>

namespace ipq {

inline po::options_description pace_options()
{
    po::options_description options("Number and rate");
    options.add_options()(
        "count", po::value<number>()->value_name("N"), "stop after N messages")(
        "rate", po::value<number>()->value_name("N"),
        "at most N messages a second");
    return options;
}

inline bool never()
{
    return false;
}

// In short steps, because a signal does not end a sleep.
template <class Stop = bool (*)()>
void sleep_until(steady_clock::time_point due, Stop stop = never)
{
    const std::chrono::milliseconds step(10);
    while (!interrupted() && !stop() && steady_clock::now() < due)
        std::this_thread::sleep_until(
            (std::min)(due, steady_clock::now() + step));
}

// Says when the next message is due.
class pace
{
public:
    explicit pace(const po::variables_map& values)
        : m_begin(steady_clock::now())
    {
        if (values.count("count"))
            m_left = values["count"].as<number>().value;
        if (values.count("rate"))
            m_rate = values["rate"].as<number>().value;
        if (values.count("rate") && m_rate == 0)
            throw po::error("--rate must be at least 1");
    }

    // Waits for the time of the next message. Returns false if there is to be
    // none, or a signal came first.
    bool next()
    {
        if (m_left == 0)
            return false;
        --m_left;
        if (m_rate != 0)
        {
            const std::chrono::duration<double> offset(
                double(m_number++) / double(m_rate));
            const auto due =
                m_begin +
                std::chrono::duration_cast<steady_clock::duration>(offset);
            sleep_until(due);
        }
        return !interrupted();
    }

private:
    steady_clock::time_point m_begin;
    std::uint64_t m_left = (std::numeric_limits<std::uint64_t>::max)();
    std::uint64_t m_rate = 0; // 0: any
    std::uint64_t m_number = 0;
};

} // namespace ipq

#endif
