// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CLOUDTOID_HANDLE_IPP
#define BOOST_IPQ_IMPL_CLOUDTOID_HANDLE_IPP

#include <boost_ipq/detail/cloudtoid/handle.hpp>
#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/error.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

BOOST_IPQ_DECL status
waiting::ticket::run(waiting_task& task, const wait_limit& limit)
{
    using clock = std::chrono::steady_clock;
    // A canceled thread must leave the counts in order.
    const platform::no_thread_cancellation no_cancellation;
    status result = spin(task, limit);
    while (result == status::would_block)
    {
        if (m_all.is_stopped())
            return last_attempt(task, limit);
        result = task.attempt();
        if (result != status::would_block)
            return result;
        if (is_over(limit))
            return m_ticket.canceled() ? status::canceled : result;
        const auto begin = clock::now();
        task.pause(limit.remaining());
        m_all.m_threads.spinning_paid(clock::now() - begin < short_sleep);
    }
    return result;
}

// A pause takes much longer than an attempt.
BOOST_IPQ_DECL status
waiting::ticket::spin(waiting_task& task, const wait_limit& limit)
{
    const std::uint32_t spins = m_all.m_threads.spins();
    for (std::uint32_t i = 0; i < spins; ++i)
    {
        if (i % spins_before_yield == 0 &&
            (is_over(limit) || m_all.is_stopped()))
            break;
        const status result = task.attempt();
        if (result != status::would_block)
        {
            m_all.m_threads.spinning_paid(true);
            return result;
        }
        platform::pause();
        // The process on which this thread waits may need this processor.
        if (i % spins_before_yield == spins_before_yield - 1)
            std::this_thread::yield();
    }
    return status::would_block;
}

// The flag was seen before this attempt, so it finds all that was sent before
// stop(). It waits only for other participants, and as long as a call that must
// not wait.
BOOST_IPQ_DECL status
waiting::ticket::last_attempt(waiting_task& task, const wait_limit& limit)
{
    for (backoff pause;; pause.wait())
    {
        const status result = task.attempt();
        if (result != status::would_block)
            return result;
        if (m_ticket.canceled())
            return status::canceled;
        if (!task.held_up() || limit.reached() ||
            pause.waited() >= default_busy_after)
            return status::stopped;
    }
}

BOOST_IPQ_DECL bool waiting::ticket::is_over(const wait_limit& limit) const
{
    return m_ticket.canceled() || limit.reached();
}

BOOST_IPQ_DECL void
throw_error_of(status result, const std::string& name, const std::string& text)
{
    std::string context = name.empty() ? "" : "queue '" + name + "'";
    if (!context.empty() && !text.empty())
        context += ": ";
    throw_error(error_of(result), context + text);
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
