// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP

// What publishers and subscribers have in common: the attachment, their end of
// the ring, the threads that wait, and how an attempt becomes a result.
//
// An attempt is an object that is called with the ring's end and a
// give_up_condition, and returns a status. It also has
// - quiet: true if the other side is not to be notified when it is done
// - may_succeed(ring): a hint for waiting calls: is an attempt worth the lock?
// - text(status, limit): describes its argument, for the text of an error

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/event_log.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost/config.hpp>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

// Side: publisher_side or subscriber_side. Storage: where the ring is.
template <class Side, class Storage>
class queue_handle
{
public:
    using ring_type = typename Side::ring_type;

    queue_handle() = default;

    template <class Allocator>
    queue_handle(
        open_mode mode, const queue_options& options,
        const Allocator& allocator, const lock_limit& limit = {})
        : m_queue(attach_in(Storage(), mode, options, allocator, limit)),
          m_ring(m_queue->ring().busy_after(options.busy_after())),
          m_waiters(std::allocate_shared<waiters>(
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

    void close() noexcept
    {
        if (!m_queue)
            return;
        cancel();
        m_queue->remove_role(Side::role);
        m_ring = ring_type();
        m_waiters.reset();
        m_log.reset();
        m_queue.reset();
    }

    void cancel() noexcept
    {
        if (m_queue)
            m_waiters->cancel(Side::awaited(*m_queue));
    }

    bool is_open() const noexcept { return bool(m_queue); }

    bool removed() const noexcept
    {
        return m_queue && m_queue->ring().is_removed();
    }

    // Logs what happens from now on, that the handle was opened, and what has
    // happened so far.
    void log_to(std::shared_ptr<const log_sink> sink, const std::string& name)
    {
        m_log = std::make_shared<const event_log>(std::move(sink), name);
        m_log->report(
            m_queue->take_created() ? queue_event::created
                                    : queue_event::opened);
        m_log->report(m_queue->events());
    }

    ring_type& ring() noexcept { return m_ring; }
    const ring_type& ring() const noexcept { return m_ring; }

    const std::shared_ptr<attachment>& queue() const noexcept
    {
        return m_queue.get();
    }

    // Calls that try once, and calls that wait. They return whether the attempt
    // was done; a failure is thrown, or reported through `ec`. The handle may
    // have been destroyed when a waiting call returns.

    template <class Attempt>
    BOOST_FORCEINLINE bool try_once(Attempt attempt)
    {
        return check(now(attempt), attempt);
    }

    template <class Attempt>
    bool try_once(Attempt attempt, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return now(attempt); });
    }

    // Limit: a wait_limit.
    template <class Attempt, class Limit>
    bool wait(Attempt attempt, const Limit& limit)
    {
        return check(try_until(limit, attempt), attempt);
    }

    template <class Attempt, class Limit>
    bool
    wait(Attempt attempt, const Limit& limit, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return try_until(limit, attempt); });
    }

    // As wait() without a limit, for calls that cannot return false: throws if
    // the wait was canceled.
    template <class Attempt>
    void complete(Attempt attempt)
    {
        if (!wait(attempt, forever()))
            throw_error(errc::canceled);
    }

    // The result of an attempt. A canceled wait is not an error.
    template <class Attempt>
    BOOST_FORCEINLINE bool check(status result, const Attempt& attempt) const
    {
        if (BOOST_IPQ_DETAIL_LIKELY(result == status::done))
            return true;
        if (result != status::would_block && result != status::canceled)
            fail(result, attempt);
        return false;
    }

    // Throws the error of an attempt. By value: the caller keeps the attempt in
    // registers.
    template <class Attempt>
    [[noreturn]] BOOST_IPQ_DETAIL_NOINLINE void
    fail(status result, Attempt attempt) const
    {
        // These results end a call at its first attempt. With any other, the
        // call may have waited, and the handle may have been destroyed.
        const bool is_here = result == status::too_large ||
                             result == status::invalid ||
                             result == status::detached;
        std::string context =
            is_here && !m_name.empty() ? "queue '" + m_name + "'" : "";
        const std::string text = attempt.text(
            result,
            result == status::too_large ? m_ring.ring().max_length() : 0);
        if (!context.empty() && !text.empty())
            context += ": ";
        throw_error(error_of(result), context + text);
    }

    // Tries once, and notifies the other side of what has changed. Without a
    // condition, a call gives up after the time that the options set.
    template <class Attempt>
    BOOST_FORCEINLINE status
    now(Attempt& attempt, give_up_condition give_up = {})
    {
        status result = attempt(m_ring, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(result == status::detached) && m_queue)
            result = join_and_try(attempt, give_up);
        if (!Attempt::quiet &&
            BOOST_IPQ_DETAIL_LIKELY(result == status::done) &&
            Side::notify_needed(*m_ring.ring().control))
            Side::notify(*m_queue);
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_log != nullptr))
            m_log->report(m_queue->events());
        return result;
    }

    // Tries until the attempt is done or fails, the limit is reached, or the
    // wait is canceled.
    template <class Limit, class Attempt>
    status try_until(const Limit& limit, Attempt& attempt)
    {
        // Gives up at once: a stopped process may hold the lock past the limit.
        const give_up_at_once at_once;
        const status first = now(attempt, at_once);
        if (first != status::would_block && first != status::busy)
            return first;
        const auto queue = m_queue;
        const auto all = m_waiters;
        const auto log = m_log;
        status result = join_within(limit, *queue, *all);
        if (result != status::done)
            return result;
        waiting_attempt<Attempt> task(m_ring, *queue, attempt);
        result = run_wait_loop(task, *all, Side::awaited(*queue), limit);
        if (!Attempt::quiet && result == status::done)
            Side::notify(*queue);
        if (log)
            log->report(queue->events());
        return result;
    }

private:
    void swap(queue_handle& other) noexcept
    {
        m_queue.swap(other.m_queue);
        std::swap(m_ring, other.m_ring);
        std::swap(m_waiters, other.m_waiters);
        std::swap(m_log, other.m_log);
        m_name.swap(other.m_name);
    }

    // This process is not a participant, although the handle is open: it is a
    // forked child. By value: the caller keeps the attempt in registers.
    template <class Attempt>
    BOOST_IPQ_DETAIL_NOINLINE status
    join_and_try(Attempt attempt, give_up_condition give_up)
    {
        return m_queue->rejoin(m_ring.ring().limit_of(give_up))
                   ? attempt(m_ring, give_up)
                   : status::busy;
    }

    // A forked child that waits joins before it sleeps.
    template <class Limit>
    static status
    join_within(const Limit& limit, attachment& queue, waiters& all)
    {
        if (BOOST_IPQ_DETAIL_LIKELY(queue.ring().self() != 0))
            return status::done;
        const waiters::ticket ticket(all);
        const auto give_up = [&] {
            return ticket.canceled() || limit.reached();
        };
        if (queue.rejoin(give_up))
            return status::done;
        return ticket.canceled() ? status::canceled : status::would_block;
    }

    template <class Attempt>
    class waiting_attempt final : public wait_task
    {
    public:
        waiting_attempt(
            ring_type& ring, attachment& queue, Attempt& attempt) noexcept
            : m_ring(ring),
              m_queue(queue),
              m_attempt(attempt)
        {
        }

        status attempt(give_up_condition give_up) override
        {
            const status result = m_attempt(m_ring, give_up);
            return result == status::busy ? status::would_block : result;
        }

        bool may_succeed() const noexcept override
        {
            return m_attempt.may_succeed(m_ring);
        }

        bool more() const noexcept override { return Side::more(m_ring); }
        bool held_up() const noexcept override { return m_ring.held_up(); }
        void woken_for_nothing() override { Side::woken_for_nothing(); }
        void idle() noexcept override { m_queue.idle(); }

    private:
        ring_type& m_ring;
        attachment& m_queue;
        Attempt& m_attempt;
    };

    handle_reference<attachment> m_queue;
    ring_type m_ring;
    std::shared_ptr<waiters> m_waiters;
    std::shared_ptr<const event_log> m_log; // null: not logged
    std::string m_name;                     // of the queue, also when closed
};

} // namespace detail
} // namespace boost_ipq

#endif
