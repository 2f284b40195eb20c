// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_RATE_LIMITER_HPP
#define BOOST_IPQ_DETAIL_CORE_RATE_LIMITER_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>

namespace boost_ipq {
namespace detail {

// Keeps queries of the kernel rare: each costs a system call.
class rate_limiter
{
public:
    using clock = std::chrono::steady_clock;

    explicit rate_limiter(clock::duration interval = liveness_interval) noexcept
        : m_interval(interval)
    {
    }

    // A copy is due at once.
    rate_limiter(const rate_limiter& other) noexcept
        : m_interval(other.m_interval)
    {
    }

    rate_limiter& operator=(const rate_limiter&) noexcept { return *this; }

    BOOST_IPQ_DETAIL_NOINLINE bool due() const noexcept
    {
        return clock::now().time_since_epoch().count() >=
               m_next.load(std::memory_order_relaxed);
    }

    // A query that began at `begin` has finished. A long query delays the next
    // one, but not by much: it may have been long only because the thread was
    // preempted.
    void finished(clock::time_point begin) noexcept
    {
        const auto now = clock::now();
        const auto pause = (std::min)(
            liveness_pause_factor * (now - begin),
            clock::duration(max_liveness_pause));
        m_next.store(
            (now + m_interval + pause).time_since_epoch().count(),
            std::memory_order_relaxed);
    }

private:
    clock::duration m_interval;
    std::atomic<clock::rep> m_next{0}; // a time of the clock
};

} // namespace detail
} // namespace boost_ipq

#endif
