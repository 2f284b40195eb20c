// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_DEAD_LETTER_QUEUE_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_DEAD_LETTER_QUEUE_IPP

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/dead_letter_queue.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL attachment::~attachment() = default;

BOOST_IPQ_DECL
dead_letter_queue::dead_letter_queue(attachment& source, opener open)
    : m_source(source),
      m_open(std::move(open))
{
}

BOOST_IPQ_DECL dead_letter_queue::~dead_letter_queue() = default;

BOOST_IPQ_DECL bool
dead_letter_queue::put(const void* data, std::size_t size) noexcept
{
    const platform::no_thread_cancellation no_cancellation;
    try
    {
        // A stopped process may be creating it.
        const give_up_after limit{dead_letter_patience};
        std::shared_ptr<attachment> closed; // without the mutex
        const std::lock_guard<fork_mutex> guard(m_mutex);
        // It may have been deleted by other means than remove_queue().
        if (m_queue)
            m_queue->idle();
        if (m_queue && m_queue->ring().is_removed())
            m_queue.reset();
        if (!m_queue)
            m_queue = m_open(lock_limit{limit});
        if (send(data, size) != status::done)
            return false;
        m_queue->messages().notify_one();
        if (!m_source.has_handles())
            closed.swap(m_queue);
        return true;
    }
    catch (...)
    {
        // It cannot be opened: the message is delivered once more.
        return false;
    }
}

BOOST_IPQ_DECL void dead_letter_queue::close() noexcept
{
    std::shared_ptr<attachment> closed; // without the mutex
    const std::lock_guard<fork_mutex> guard(m_mutex);
    closed.swap(m_queue);
}

BOOST_IPQ_DECL status
dead_letter_queue::send(const void* data, std::size_t size)
{
    const give_up_after limit{dead_letter_patience};
    ring_writer writer(m_queue->ring());
    status result = writer.try_publish(data, size, limit);
    // A forked child joins at its first operation.
    if (result == status::detached && m_queue->rejoin(limit))
        result = writer.try_publish(data, size, limit);
    return result;
}

BOOST_IPQ_DECL void dead_letter_queue::freed() noexcept
{
    m_source.room().notify_all();
}

} // namespace detail
} // namespace boost_ipq

#endif
