// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STORM_HANG_LIMIT_HPP
#define BOOST_IPQ_TEST_STORM_HANG_LIMIT_HPP

// Decides that the processes of a storm hang. Only time counts in which they
// could have run: a machine that is busy, or that stops all of them, breaks no
// promise.

#include "../support/survivor_clock.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace storm {

template <std::size_t Count>
class hang_limit
{
public:
    using nanoseconds = std::chrono::nanoseconds;
    using processes = std::array<pid_t, Count>;

    hang_limit(const processes& workers, nanoseconds limit)
        : m_workers(workers),
          m_limit(limit),
          m_begin(now()),
          m_called(m_begin),
          m_looked(m_begin)
    {
    }

    // Call it often: a long time between two calls does not count.
    // Returns: what is left of the time limit.
    nanoseconds left()
    {
        const nanoseconds time = now();
        // This process did not run, and so probably no other.
        if (time - m_called > longest_gap)
            m_stopped += time - m_called;
        m_called = time;
        if (time - m_looked >= between_looks)
            look(time);
        return m_limit - (time - m_begin - (std::max)(m_stopped, m_waited));
    }

    // Returns: the time in which this process was stopped.
    nanoseconds stopped() const { return m_stopped; }

private:
    static constexpr std::chrono::milliseconds longest_gap{500};
    static constexpr std::chrono::milliseconds between_looks{50};

    static nanoseconds now()
    {
        return std::chrono::steady_clock::now().time_since_epoch();
    }

    // One worker that could run is enough to make progress.
    void look(nanoseconds time)
    {
        nanoseconds least = time - m_looked;
        for (std::size_t i = 0; i < Count; ++i)
            if (m_workers[i] != 0)
            {
                const nanoseconds delayed = test::now_of(m_workers[i]).delayed;
                least = (std::min)(least, delayed - m_delayed[i]);
                m_delayed[i] = delayed;
            }
        // The first look only learns the values.
        if (m_looked != m_begin)
            m_waited += (std::max)(least, nanoseconds::zero());
        m_looked = time;
    }

    const processes& m_workers;
    const nanoseconds m_limit, m_begin;
    nanoseconds m_called, m_looked;
    nanoseconds m_stopped{0}, m_waited{0};
    std::array<nanoseconds, Count> m_delayed{};
};

} // namespace storm

#endif
