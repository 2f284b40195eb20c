// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_EVENT_LOG_HPP
#define BOOST_IPQ_DETAIL_HANDLE_EVENT_LOG_HPP

#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/queue_event.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace boost_ipq {
namespace detail {

// Reports events to the log sink of one handle. Events are counted where they
// happen, with locks held, and reported here, without locks. Each event is
// reported once per process. The operation is already complete, so an exception
// of the sink must not make it fail.
class event_log
{
public:
    event_log(std::shared_ptr<const log_sink> sink, const std::string& queue);

    void report(
        queue_event::kind_type kind, std::uint64_t number = 0) const noexcept;
    void report(event_counters& happened) const noexcept;

private:
    void report(queue_event::kind_type kind, std::atomic<std::uint64_t>& count)
        const noexcept;

    std::shared_ptr<const log_sink> m_sink;
    std::string m_queue;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/event_log.ipp>
#endif

#endif
