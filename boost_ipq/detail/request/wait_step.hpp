// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_WAIT_STEP_HPP
#define BOOST_IPQ_DETAIL_REQUEST_WAIT_STEP_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <algorithm>
#include <chrono>

namespace boost_ipq {
namespace detail {

// A stop token: the end of a step of a wait. It reads the clock only if it is
// asked, which the library's calls do when they have to wait.
class wait_step
{
public:
    explicit wait_step(const wait_limit& limit) noexcept : m_limit(limit) {}

    bool stop_requested() const
    {
        const auto now = std::chrono::steady_clock::now();
        if (!m_has_waited)
            m_end =
                now +
                (std::min<
                    nanoseconds>)(server_check_interval, m_limit.remaining());
        m_has_waited = true;
        return now >= m_end;
    }

    // See stop_limit.
    nanoseconds remaining() const
    {
        return m_end - std::chrono::steady_clock::now();
    }

    bool has_waited() const noexcept { return m_has_waited; }

private:
    const wait_limit& m_limit;
    mutable std::chrono::steady_clock::time_point m_end{};
    mutable bool m_has_waited = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
