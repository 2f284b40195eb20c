// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_OBJECT_HPP
#define BOOST_IPQ_ASYNC_OBJECT_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/async/initiation.hpp>
#include <boost_ipq/detail/async/queue_impl.hpp>
#include <boost_ipq/detail/async/service.hpp>
#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! The base class of basic_async_publisher and basic_async_subscriber: an I/O
//! object like those of Boost.Asio. Programs do not name it.
//!
//! Operations accept any completion token and complete in the order in which
//! they were started. A handler never runs inside the initiating function. It
//! runs in its associated executor, by default the executor of the object. An
//! outstanding operation counts as work of both executors.
//!
//! An operation that need not wait is performed at once. The first operation
//! that has to wait starts a thread, one for all objects of an execution
//! context. The thread sleeps like a wait_set, and ends when the last object
//! that had to wait is closed.
//!
//! The handler of every operation may receive these errors: errc::queue_corrupt
//! if the queue's memory is damaged; errc::invalid_argument for a null buffer
//! with a nonzero size; errc::closed if the object is not open;
//! resource_unavailable_try_again if the thread cannot be started;
//! errc::stopped after stop(), if the operation would have to wait;
//! boost::asio::error::operation_aborted after cancel(), close() or the
//! destructor, or after the handler's cancellation slot was signaled with any
//! type of cancellation (Boost 1.77 and later). An aborted operation had no
//! effect on the queue.
//!
//! If the execution context is destroyed before the object, the handlers of
//! outstanding operations are destroyed without being called, and the thread
//! ends.
//!
//! Thread safety: different objects may be used by different threads; one
//! object by one thread or strand at a time. A program that forks must call the
//! context's notify_fork() before the fork, and after it in the parent and in
//! the child.
//!
//! Crash safety: as basic_publisher and basic_subscriber.
template <class Side, class Executor, class Allocator>
class async_object
{
    template <class Context>
    using if_context = std::enable_if_t<
        std::is_convertible<Context&, boost::asio::execution_context&>::value,
        int>;

public:
    //! The executor of handlers that have no associated executor.
    using executor_type = Executor;

    //! The allocator of the object.
    using allocator_type = Allocator;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens a queue.
    //! Throws, complexity, crash safety: as the constructors of basic_handle.
    template <class Mode>
    async_object(
        const Executor& executor, Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        open(detail::mode_of(mode), options);
    }

    //! As `async_object(executor, mode, options, allocator)`, but reports
    //! failure through `ec`, and the object is closed then. Invalid options,
    //! such as a bad name, set errc::invalid_argument.
    template <class Mode>
    async_object(
        const Executor& executor, Mode mode,
        const detail::options_argument& options, boost::system::error_code& ec,
        const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            open(detail::mode_of(mode), options.get());
            return true;
        });
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as `async_object(executor, mode, options, allocator)`, but
    //! waits for other processes as
    //! basic_handle(mode, options, limit, allocator) does.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    async_object(
        const Executor& executor, Mode mode, const queue_options& options,
        const Limit& limit, const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        open_within(limit, detail::mode_of(mode), options);
    }

    //! As `async_object(executor, mode, options, limit, allocator)`, but
    //! reports failure through `ec`, and the object is closed then.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    async_object(
        const Executor& executor, Mode mode,
        const detail::options_argument& options, const Limit& limit,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            open_within(limit, detail::mode_of(mode), options.get());
            return true;
        });
    }

    //! As `async_object(executor, mode, options, allocator)`, with the executor
    //! of `context`.
    template <class Context, class Mode, if_context<Context> = 0>
    async_object(
        Context& context, Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, allocator)
    {
    }

    //! As `async_object(executor, mode, options, ec, allocator)`, with the
    //! executor of `context`.
    template <class Context, class Mode, if_context<Context> = 0>
    async_object(
        Context& context, Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, ec, allocator)
    {
    }

    //! As `async_object(executor, mode, options, limit, allocator)`, with the
    //! executor of `context`.
    template <
        class Context, class Mode, class Limit, if_context<Context> = 0,
        detail::if_limit<Limit> = 0>
    async_object(
        Context& context, Mode mode, const queue_options& options,
        const Limit& limit, const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, limit, allocator)
    {
    }

    //! As `async_object(executor, mode, options, limit, ec, allocator)`, with
    //! the executor of `context`.
    template <
        class Context, class Mode, class Limit, if_context<Context> = 0,
        detail::if_limit<Limit> = 0>
    async_object(
        Context& context, Mode mode, const detail::options_argument& options,
        const Limit& limit, boost::system::error_code& ec,
        const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, limit, ec,
              allocator)
    {
    }

    //! Effects: moves the queue and the outstanding operations from `other`,
    //! which is closed afterwards.
    //! Throws: nothing.
    async_object(async_object&& other) noexcept
        : m_executor(other.m_executor),
          m_allocator(other.m_allocator),
          m_queue(std::move(other.m_queue))
    {
    }

    //! Effects: close(), then moves the executor, the allocator, the queue and
    //! the outstanding operations from `other`, which is closed afterwards.
    //! Throws: nothing.
    async_object& operator=(async_object&& other) noexcept
    {
        if (this != &other)
        {
            close();
            m_executor = other.m_executor;
            m_allocator = other.m_allocator;
            m_queue = std::move(other.m_queue);
        }
        return *this;
    }

    //! Effects: close().
    //! Throws: nothing.
    ~async_object() { close(); }

    //! Effects: completes all outstanding operations with
    //! boost::asio::error::operation_aborted; they had no effect on the queue.
    //! An operation whose handler was already posted is not outstanding.
    //! Throws: nothing.
    //! Complexity: linear in the outstanding operations.
    void cancel() noexcept
    {
        if (m_queue)
            m_queue->cancel();
    }

    //! As `cancel()`, for code that expects the signature of Asio's objects.
    //! Clears `ec`.
    void cancel(boost::system::error_code& ec) noexcept
    {
        cancel();
        ec.clear();
    }

    //! Effects: ends waiting in this object for good. Operations that wait now,
    //! and later ones, still take what is there; instead of waiting they
    //! complete with errc::stopped. See doc/ending_a_daemon.md.
    //! Throws: nothing.
    //! Complexity, thread safety: as `basic_handle::stop()`: also from other
    //! threads and from signal handlers.
    void stop() noexcept
    {
        if (m_queue)
            m_queue->stop();
    }

    //! Returns: whether stop() was called. False if the object is closed.
    //! Throws: nothing.
    bool stopped() const noexcept { return m_queue && m_queue->stopped(); }

    //! Effects: cancel(), then leaves the thread and the queue. If it was
    //! the last handle of a queue with lifetime::while_open, the queue is
    //! removed.
    //! Throws: nothing.
    //! Complexity: as `cancel()`.
    void close() noexcept
    {
        if (m_queue)
            m_queue->close();
        m_queue.reset();
    }

    //! As `close()`, for code that expects the signature of Asio's objects.
    //! Clears `ec`.
    void close(boost::system::error_code& ec) noexcept
    {
        close();
        ec.clear();
    }

    //! Returns: whether the object is open.
    //! Throws: nothing.
    //! Complexity: constant.
    bool is_open() const noexcept { return m_queue && m_queue->is_open(); }

    //! Returns: whether the queue was removed while this object had it open, as
    //! `basic_handle::removed()`.
    //! Throws: nothing. Complexity: constant.
    bool removed() const noexcept { return is_open() && m_queue->removed(); }

    //! Returns: the number of messages that wait in the queue, as
    //! `basic_handle::size()`.
    //! Throws: nothing.
    std::size_t size() const noexcept
    {
        return m_queue ? m_queue->contents().messages : 0;
    }

    //! Returns: the bytes of the capacity in use, as `basic_handle::bytes()`.
    //! Throws: nothing.
    std::size_t bytes() const noexcept
    {
        return m_queue ? m_queue->bytes() : 0;
    }

    //! Returns: whether size() is 0.
    //! Throws: nothing.
    bool empty() const noexcept { return size() == 0; }

    //! Returns: the capacity in bytes, as `basic_handle::capacity()`.
    //! Throws: nothing.
    std::size_t capacity() const noexcept
    {
        return m_queue ? m_queue->capacity() : 0;
    }

    //! Returns: the number of processes that have an open publisher, as
    //! `basic_handle::publishers()`.
    //! Throws: nothing.
    std::size_t publishers() const noexcept
    {
        return m_queue ? m_queue->publishers() : 0;
    }

    //! As publishers(), for subscribers.
    std::size_t subscribers() const noexcept
    {
        return m_queue ? m_queue->subscribers() : 0;
    }

    //! Requires: is_open().
    //! Returns: the size in bytes of the longest message that fits the queue.
    //! Throws: nothing.
    //! Complexity: constant.
    std::size_t max_message_size() const noexcept
    {
        return m_queue->ring().ring().max_length();
    }

    //! Returns: a copy of the object's executor.
    //! Throws: nothing.
    //! Complexity: constant.
    executor_type get_executor() const noexcept { return m_executor; }

    //! Returns: a copy of the object's allocator.
    //! Complexity: constant.
    allocator_type get_allocator() const { return m_allocator; }

protected:
    // Null if the object is closed.
    const typename Side::ring_type* opened_ring() const noexcept
    {
        return is_open() ? &m_queue->ring() : nullptr;
    }

    detail::initiation<Side, Executor> initiation() const
    {
        return {m_executor, m_queue};
    }

private:
    using queue_impl = detail::queue_impl<Side>;

    template <class Limit>
    void open_within(
        const Limit& limit, detail::open_mode mode,
        const queue_options& options)
    {
        detail::limited(limit, [&](const detail::lock_limit& until) {
            open(mode, options, until);
        });
    }

    void open(
        detail::open_mode mode, const queue_options& options,
        const detail::lock_limit& until = {})
    {
        auto& service = boost::asio::use_service<detail::async_service>(
            detail::context_of(m_executor));
        const auto opened = std::allocate_shared<queue_impl>(
            m_allocator,
            typename queue_impl::handle_type(mode, options, m_allocator, until),
            service.waiter());
        service.add(opened);
        m_queue = opened;
    }

    Executor m_executor;
    Allocator m_allocator;
    std::shared_ptr<queue_impl> m_queue{};
};

} // namespace boost_ipq

#endif
