// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_QUEUE_HANDLE_IPP
#define BOOST_IPQ_IMPL_HANDLE_QUEUE_HANDLE_IPP

#include <boost_ipq/detail/handle/event_log.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/error.hpp>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL handle_base::handle_base() noexcept = default;

BOOST_IPQ_DECL handle_base::handle_base(
    std::shared_ptr<attachment> queue, std::shared_ptr<waiters> all,
    std::uint32_t role, const std::string& name)
    : m_queue(std::move(queue)),
      m_waiters(std::move(all)),
      m_name(name)
{
    m_queue->add_handle();
    m_queue->add_role(role);
}

BOOST_IPQ_DECL handle_base::~handle_base() = default;

BOOST_IPQ_DECL std::shared_ptr<waiters>
make_waiters(const std::allocator<std::byte>&)
{
    return std::make_shared<waiters>();
}

BOOST_IPQ_DECL void handle_base::swap(handle_base& other) noexcept
{
    m_queue.swap(other.m_queue);
    m_waiters.swap(other.m_waiters);
    m_log.swap(other.m_log);
    m_name.swap(other.m_name);
}

BOOST_IPQ_DECL void handle_base::detach(std::uint32_t role) noexcept
{
    m_queue->remove_role(role);
    m_queue->remove_handle();
    m_waiters.reset();
    m_log.reset();
    m_queue.reset();
}

BOOST_IPQ_DECL void handle_base::cancel(event_count& awaited) noexcept
{
    m_waiters->cancel(awaited);
}

BOOST_IPQ_DECL void handle_base::stop(event_count& awaited) noexcept
{
    m_waiters->stop(awaited);
}

BOOST_IPQ_DECL ring_contents handle_base::contents() const noexcept
{
    return m_queue ? contents_of(m_queue->ring()) : ring_contents();
}

BOOST_IPQ_DECL std::size_t handle_base::bytes() const noexcept
{
    return m_queue ? bytes_of(m_queue->ring()) : 0;
}

BOOST_IPQ_DECL std::size_t handle_base::capacity() const noexcept
{
    return m_queue ? m_queue->capacity() : 0;
}

BOOST_IPQ_DECL std::size_t handle_base::publishers() const noexcept
{
    return m_queue ? m_queue->processes(publishers_in) : 0;
}

BOOST_IPQ_DECL std::size_t handle_base::subscribers() const noexcept
{
    return m_queue ? m_queue->processes(subscribers_in) : 0;
}

BOOST_IPQ_DECL void handle_base::log_to(
    std::shared_ptr<const log_sink> sink, const std::string& name)
{
    m_log = std::make_shared<const event_log>(std::move(sink), name);
    m_log->report(
        m_queue->take_created() ? queue_event::created : queue_event::opened);
    m_log->report(m_queue->events());
}

// A forked child that waits joins before it sleeps.
inline status join_within(
    const wait_limit& limit, attachment& queue, waiters& all,
    nanoseconds busy_after)
{
    if (BOOST_IPQ_DETAIL_LIKELY(queue.ring().self() != 0))
        return status::done;
    const waiters::ticket ticket(all);
    const auto give_up = [&](nanoseconds waited) {
        return ticket.canceled() || limit.reached() ||
               (all.stopped() && waited >= busy_after);
    };
    if (queue.rejoin(give_up))
        return status::done;
    if (ticket.canceled())
        return status::canceled;
    return limit.reached() ? status::would_block : status::busy;
}

BOOST_IPQ_DECL status handle_base::run(
    wait_task& task, event_count& awaited, const wait_limit& limit) const
{
    const auto queue = m_queue;
    const auto all = m_waiters;
    const auto log = m_log;
    const status joined = join_within(limit, *queue, *all, task.busy_after());
    if (joined != status::done)
        return joined;
    const status result = [&] {
        wait_loop loop(*all, awaited, task, limit);
        return limit.run(loop);
    }();
    if (log)
        log->report(queue->events());
    return result;
}

BOOST_IPQ_DECL void
handle_base::throw_error_of(status result, const std::string& text) const
{
    // These results end a call at its first attempt. With any other, the call
    // may have waited, and the handle may have been destroyed.
    const bool is_here = result == status::too_large ||
                         result == status::invalid ||
                         result == status::detached;
    std::string context =
        is_here && !m_name.empty() ? "queue '" + m_name + "'" : "";
    if (!context.empty() && !text.empty())
        context += ": ";
    throw_error(error_of(result), context + text);
}

} // namespace detail
} // namespace boost_ipq

#endif
