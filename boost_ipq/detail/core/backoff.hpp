// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_BACKOFF_HPP
#define BOOST_IPQ_DETAIL_CORE_BACKOFF_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <algorithm>
#include <chrono>
#include <thread>

namespace boost_ipq {
namespace detail {

// Waits for the owner of a lock, which is alive but stopped or not running:
// yields the processor at first, then sleeps, longer each time.
class backoff
{
public:
    void wait() noexcept
    {
        if (m_yields < backoff_yields)
        {
            ++m_yields;
            std::this_thread::yield();
            return;
        }
        m_sleep =
            m_steps < backoff_steps ? m_sleep + backoff_step : max_backoff;
        ++m_steps;
        const platform::no_thread_cancellation guard;
        std::this_thread::sleep_for(m_sleep);
    }

    // The time since the first call of this function.
    std::chrono::nanoseconds waited() noexcept
    {
        const auto now = clock::now();
        if (m_begin == clock::time_point())
            m_begin = now;
        return now - m_begin;
    }

private:
    using clock = std::chrono::steady_clock;

    clock::time_point m_begin{};
    int m_yields = 0;
    long m_steps = 0;
    std::chrono::microseconds m_sleep{0};
};

} // namespace detail
} // namespace boost_ipq

#endif
