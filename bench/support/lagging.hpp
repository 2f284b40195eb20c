// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_LAGGING_HPP
#define BOOST_IPQ_BENCH_LAGGING_HPP

#include "rows.hpp"
#include "system.hpp"
#include <boost_ipq/broadcast.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

// A broadcast that drops the oldest messages, and subscribers that never read,
// as stopped ones do.
class lagging_broadcast
{
public:
    explicit lagging_broadcast(std::size_t size)
        : m_name(unique_name()),
          m_out(
              boost_ipq::create_only,
              boost_ipq::queue_options(m_name, ring_bytes(size))
                  .overflow(boost_ipq::overflow::drop_oldest)),
          m_body(size)
    {
    }

    lagging_broadcast(const lagging_broadcast&) = delete;
    lagging_broadcast& operator=(const lagging_broadcast&) = delete;

    ~lagging_broadcast()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(m_name, ignored);
    }

    // Returns: nanoseconds of a message, with that number of subscribers.
    double send(unsigned subscribers, std::int64_t duration)
    {
        std::vector<boost_ipq::broadcast_subscriber> in;
        for (unsigned i = 0; i < subscribers; ++i)
            in.emplace_back(boost_ipq::open_only, m_name);
        const std::int64_t begin = now_ns();
        std::int64_t end = begin;
        double count = 0;
        while (end - begin < duration)
        {
            for (int i = 0; i < 64; ++i)
                if (!m_out.try_enqueue(m_body.data(), m_body.size()))
                    throw std::runtime_error("a publisher was held up");
            count += 64;
            end = now_ns();
        }
        return static_cast<double>(end - begin) / count;
    }

private:
    std::string m_name;
    boost_ipq::broadcast_publisher m_out;
    std::vector<char> m_body;
};

// Measures a publisher. The counter `slower` compares it with itself without
// subscribers, in turns: the machine's speed changes. Both use the same ring:
// where its pages lie changes the time of long copies by a fifth.
inline outcome
measure_lagging(std::size_t size, unsigned subscribers, std::int64_t duration)
{
    lagging_broadcast ring(size);
    constexpr int turns = 40;
    std::vector<double> times, ratios;
    for (int turn = 0; turn <= turns; ++turn)
    {
        std::array<double, 2> found{};
        for (const int which : {turn % 2, 1 - turn % 2})
            found[static_cast<std::size_t>(which)] =
                ring.send(which == 0 ? subscribers : 0, duration / turns);
        if (turn == 0)
            continue; // touches the memory
        times.push_back(found[0]);
        ratios.push_back(found[0] / found[1]);
    }
    const auto median = [](std::vector<double>& all) {
        std::sort(all.begin(), all.end());
        return all[all.size() / 2];
    };
    outcome result;
    result.nanoseconds = median(times);
    result.counters["slower"] = median(ratios);
    return result;
}

} // namespace bench

#endif
