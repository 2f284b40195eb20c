// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_LOG_SINK_BACKEND_HPP
#define BOOST_IPQ_LOG_SINK_BACKEND_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! A sink of Boost.Log that writes to a queue. Link to the Boost.Log library.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/log/core/record_view.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/log/sinks/frontend_requirements.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {

//! What a log_sink_backend does while its queue is full.
enum class log_overflow
{
    //! The thread that logs waits for room, as with a log file on a slow disk.
    block,
    //! The record is dropped, and counted.
    drop
};

//! A backend for the sinks of Boost.Log, in the manner of
//! `boost::log::sinks::text_ipc_message_queue_backend`: each record is
//! formatted, and sent as one message. Any number of processes may log to a
//! queue. A subscriber of any process receives the records.
//!
//! Thread safety: safe. Several threads may log at the same time through an
//! `unlocked_sink`; a `synchronous_sink` works as well.
//!
//! Crash safety: a record whose logging statement has returned is in the queue,
//! and survives the process.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_log_sink_backend
    : public boost::log::sinks::basic_formatted_sink_backend<
          char, boost::log::sinks::concurrent_feeding>
{
public:
    //! The publisher that sends the records.
    using publisher_type = basic_publisher<Allocator, Storage>;

    //! Effects: sends records through this publisher.
    //! Throws: nothing.
    explicit basic_log_sink_backend(
        publisher_type queue,
        log_overflow overflow = log_overflow::block) noexcept
        : m_queue(std::move(queue)),
          m_overflow(overflow)
    {
    }

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens a queue.
    //! Throws, complexity, crash safety: as the constructors of basic_handle.
    template <class Mode>
    basic_log_sink_backend(
        Mode mode, const queue_options& options,
        log_overflow overflow = log_overflow::block)
        : m_queue(mode, options),
          m_overflow(overflow)
    {
    }

    //! Effects: sends a formatted record. The frontend calls this function.
    //! Throws: as the sending calls of basic_publisher: `message_too_large` for
    //! a record that can never fit, `queue_removed`, `error` with
    //! errc::canceled after `publisher().cancel()`. The exception handler of
    //! the sink or the logging core receives it. Complexity: one copy of the
    //! record. No allocation.
    void
    consume(const boost::log::record_view&, const string_type& formatted_record)
    {
        if (m_overflow == log_overflow::block)
            m_queue.enqueue(formatted_record);
        else if (!m_queue.try_enqueue(formatted_record))
            // Relaxed: a count, which orders nothing.
            m_dropped.fetch_add(1, std::memory_order_relaxed);
    }

    //! Returns: the number of records that were dropped because the queue was
    //! full.
    //! Throws: nothing. Complexity: constant.
    std::uint64_t dropped() const noexcept
    {
        return m_dropped.load(std::memory_order_relaxed);
    }

    //! Returns: the publisher, to be stopped, canceled or looked at.
    //! Throws: nothing. Complexity: constant.
    publisher_type& publisher() noexcept { return m_queue; }

private:
    publisher_type m_queue;
    const log_overflow m_overflow;
    std::atomic<std::uint64_t> m_dropped{0};
};

//! The backend for a queue in shared memory or in a file.
using log_sink_backend = basic_log_sink_backend<>;

} // namespace boost_ipq

#endif
