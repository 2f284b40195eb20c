// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_EVENT_LOG_IPP
#define BOOST_IPQ_IMPL_HANDLE_EVENT_LOG_IPP

#include <boost_ipq/detail/handle/event_log.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/queue_event.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL event_log::event_log(
    std::shared_ptr<const log_sink> sink, const std::string& queue)
    : m_sink(std::move(sink)),
      m_queue(queue)
{
}

BOOST_IPQ_DECL void event_log::report(
    queue_event::kind_type kind, std::uint64_t number) const noexcept
{
    // A cancellation of the thread inside the sink would end the process.
    const platform::no_thread_cancellation guard;
    try
    {
        (*m_sink)({kind, m_queue, number, std::string()});
    }
    catch (...)
    {
        // The event is lost.
    }
}

BOOST_IPQ_DECL void event_log::report(event_counters& happened) const noexcept
{
    report(queue_event::recovered, happened.recovered);
    report(queue_event::redelivered, happened.redelivered);
}

BOOST_IPQ_DECL void event_log::report(
    queue_event::kind_type kind,
    std::atomic<std::uint64_t>& count) const noexcept
{
    // Relaxed: only counters.
    if (count.load(std::memory_order_relaxed) == 0)
        return;
    const auto number = count.exchange(0, std::memory_order_relaxed);
    if (number != 0)
        report(kind, number);
}

} // namespace detail
} // namespace boost_ipq

#endif
