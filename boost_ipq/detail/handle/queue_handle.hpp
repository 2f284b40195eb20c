// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP

// What publishers and subscribers have in common: the attachment, their side
// of the ring, the threads that wait, and how a status becomes a result.

#include <boost_ipq/detail/handle/event_log.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/config.hpp>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

// Side: the ring's side, the signal to wait for and the one to give, a role.
// Storage: where the ring lies.
template <class Side, class Storage>
class queue_handle
{
public:
    queue_handle() = default;

    template <class Allocator>
    queue_handle(
        open_mode mode, const queue_options& options,
        const Allocator& allocator)
        : m_queue(attach_in(Storage(), mode, options, allocator)),
          m_ring(m_queue->side<typename Side::ring_type>()),
          m_waiting(std::allocate_shared<waiters>(
              typename std::allocator_traits<Allocator>::template rebind_alloc<
                  waiters>(allocator))),
          m_name(options.name())
    {
        m_queue->add_role(Side::role);
    }

    queue_handle(queue_handle&& other) noexcept { swap(other); }

    queue_handle& operator=(queue_handle&& other) noexcept
    {
        if (this != &other)
        {
            close();
            swap(other);
        }
        return *this;
    }

    ~queue_handle() { close(); }

    void swap(queue_handle& other) noexcept
    {
        std::swap(m_queue, other.m_queue);
        std::swap(m_ring, other.m_ring);
        std::swap(m_waiting, other.m_waiting);
        std::swap(m_log, other.m_log);
        m_name.swap(other.m_name);
    }

    void close() noexcept
    {
        if (!m_queue)
            return;
        cancel();
        m_queue->remove_role(Side::role);
        m_ring = typename Side::ring_type();
        m_waiting.reset();
        m_log.reset();
        m_queue.reset();
    }

    void cancel() noexcept
    {
        if (m_queue)
            m_waiting->cancel(Side::awaited(*m_queue));
    }

    // What happens from now on is logged, and what happened so far: that the
    // handle was opened.
    void log_to(std::shared_ptr<const log_sink> sink, const std::string& name)
    {
        m_log = std::make_shared<const event_log>(std::move(sink), name);
        m_log->report(
            m_queue->take_created() ? queue_event::created
                                    : queue_event::opened);
        m_log->report(m_queue->witness().happened());
    }

    bool is_open() const noexcept { return m_queue != nullptr; }

    // Throws the error of an operation on such a subject. By value: the caller
    // keeps it in registers.
    template <class Subject>
    [[noreturn]] BOOST_IPQ_DETAIL_NOINLINE void
    fail(status result, Subject subject) const
    {
        // These end the first try; after a wait the handle may be gone.
        const bool is_here = result == status::too_large ||
                             result == status::invalid ||
                             result == status::detached;
        std::string context =
            is_here && !m_name.empty() ? "queue '" + m_name + "'" : "";
        const std::string text = subject.text(
            result,
            result == status::too_large ? m_ring.ring().max_length() : 0);
        if (!context.empty() && !text.empty())
            context += ": ";
        throw_error(error_of(result), context + text);
    }

    typename Side::ring_type& ring() noexcept { return m_ring; }
    const typename Side::ring_type& ring() const noexcept { return m_ring; }

    const std::shared_ptr<attachment>& queue() const noexcept
    {
        return m_queue;
    }

    // One try, and the other side is told of what it changed, unless it is a
    // quiet one: a reservation or a claim.
    template <bool Quiet = false, class Try, class GiveUp = persevere>
    BOOST_FORCEINLINE status now(Try attempt, GiveUp give_up = GiveUp())
    {
        status result = attempt(m_ring, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(result == status::detached) && m_queue)
            result = joined(attempt, give_up);
        if (!Quiet && BOOST_IPQ_DETAIL_LIKELY(result == status::done) &&
            Side::worth_telling(*m_ring.ring().control))
            Side::tell(*m_queue);
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_log != nullptr))
            m_log->report(m_queue->witness().happened());
        return result;
    }

    // A try is called with the ring's side and a give_up, and has
    // promising(side): is a try worth its lock? (a hint)
    //
    // Tries until it is done, the deadline, a stop or a cancellation.
    // The handle may be gone when this returns.
    template <bool Quiet = false, class Try, class Deadline, class Stop>
    status wait(Try attempt, const Deadline& deadline, const Stop& stop)
    {
        // Without patience: a stopped process may keep the lock for longer.
        const status first = now<Quiet>(attempt, [] { return true; });
        if (first != status::would_block)
            return first;
        const auto queue = m_queue;
        const auto waiting = m_waiting;
        const auto log = m_log;
        waiting_task<Try> task{m_ring, *queue, attempt};
        const status result =
            wait_in(*waiting, Side::awaited(*queue), task, deadline, stop);
        if (!Quiet && result == status::done)
            Side::tell(*queue);
        if (log)
            log->report(queue->witness().happened());
        return result;
    }

private:
    // A try that found this process to be no member of the queue.
    template <class Try, class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE status joined(Try attempt, GiveUp give_up)
    {
        m_queue->rejoin();
        return attempt(m_ring, give_up);
    }

    template <class Try>
    struct waiting_task
    {
        typename Side::ring_type& ring;
        attachment& queue;
        Try& one_try;

        template <class GiveUp>
        status attempt(const GiveUp& give_up)
        {
            return one_try(ring, give_up);
        }

        bool promising() const noexcept { return one_try.promising(ring); }
        bool more() const noexcept { return Side::more(ring); }
        bool held_up() const noexcept { return ring.held_up(); }
        void pass_wakeup_on() const { Side::pass_wakeup_on(); }
        void idle() noexcept { queue.idle(); }
    };

    std::shared_ptr<attachment> m_queue;
    typename Side::ring_type m_ring;
    std::shared_ptr<waiters> m_waiting;
    std::shared_ptr<const event_log> m_log; // null: nobody listens
    std::string m_name;                     // of the queue, also when closed
};

} // namespace detail
} // namespace boost_ipq

#endif
