// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_IO_OBJECT_HPP
#define BOOST_IPQ_DETAIL_ASYNC_IO_OBJECT_HPP

// What async_publisher and async_subscriber have in common.

#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/async/queue_impl.hpp>
#include <boost_ipq/detail/async/service.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cancellation_slot.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Context>
using if_context = std::enable_if_t<
    std::is_convertible<Context&, boost::asio::execution_context&>::value, int>;

template <class Side, class Executor, class Allocator>
class async_object
{
public:
    //! The executor of handlers that have none of their own.
    using executor_type = Executor;
    using allocator_type = Allocator;

    //! Effects: opens a queue: create_only, open_only or open_or_create.
    //! Throws: queue_mismatch, queue_corrupt, or `error` with the reason.
    template <class Mode>
    async_object(
        const Executor& executor, Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        open(mode_of(mode), options);
    }

    //! Effects: the same; on failure sets `ec` and leaves the object closed.
    template <class Mode>
    async_object(
        const Executor& executor, Mode mode, const options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_executor(executor),
          m_allocator(allocator)
    {
        finish(ec, [&] {
            open(mode_of(mode), options.get());
            return status::done;
        });
    }

    //! Effects: the same, with the executor of an execution context.
    template <class Context, class Mode, if_context<Context> = 0>
    async_object(
        Context& context, Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, allocator)
    {
    }

    template <class Context, class Mode, if_context<Context> = 0>
    async_object(
        Context& context, Mode mode, const options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : async_object(
              Executor(context.get_executor()), mode, options, ec, allocator)
    {
    }

    //! Effects: takes over the queue and the outstanding operations; `other`
    //! is closed.
    async_object(async_object&& other) noexcept
        : m_executor(other.m_executor),
          m_allocator(other.m_allocator),
          m_queue(std::move(other.m_queue))
    {
    }

    //! Effects: close(), then the same.
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
    ~async_object() { close(); }

    //! Effects: completes all outstanding operations with
    //! boost::asio::error::operation_aborted; they had no effect. One whose
    //! handler is already on its way is not outstanding.
    void cancel() noexcept
    {
        if (m_queue)
            m_queue->cancel();
    }

    //! Effects: the same, as Asio's objects have it; clears `ec`.
    void cancel(boost::system::error_code& ec) noexcept
    {
        cancel();
        ec.clear();
    }

    //! Effects: cancel(), then ends the thread and leaves the queue.
    void close() noexcept
    {
        if (m_queue)
            m_queue->close();
        m_queue.reset();
    }

    //! Effects: the same; clears `ec`.
    void close(boost::system::error_code& ec) noexcept
    {
        close();
        ec.clear();
    }

    //! Returns: whether the object has a queue.
    bool is_open() const noexcept { return m_queue && m_queue->is_open(); }

    //! Returns: the largest message that fits the queue, in bytes.
    //! Requires: is_open().
    std::size_t max_message_size() const noexcept
    {
        return m_queue->ring().ring().max_length();
    }

    executor_type get_executor() const noexcept { return m_executor; }
    Allocator get_allocator() const { return m_allocator; }

protected:
    // Begins an operation, when the token asks for it.
    class initiation
    {
    public:
        using executor_type = Executor;

        explicit initiation(const async_object& object)
            : m_executor(object.m_executor),
              m_queue(object.m_queue)
        {
        }

        executor_type get_executor() const noexcept { return m_executor; }

        template <class Handler, class Task>
        void operator()(Handler&& handler, Task&& task) const
        {
            using operation = async_operation_of<
                typename Side::ring_type, std::decay_t<Task>,
                std::decay_t<Handler>, Executor>;
            auto started = operation::make(
                std::forward<Task>(task), std::forward<Handler>(handler),
                m_executor);
            if (!m_queue)
            {
                started->fail(errc::closed);
                return queue::operation::post(std::move(started));
            }
            const auto number = m_queue->next_number();
            started->number(number);
            platform::connect_cancellation(
                static_cast<operation&>(*started).handler(),
                [weak = std::weak_ptr<queue>(m_queue), number] {
                    if (const auto open = weak.lock())
                        open->cancel(number);
                });
            m_queue->start(std::move(started));
        }

    private:
        using queue = async_queue<Side>;

        Executor m_executor;
        std::shared_ptr<queue> m_queue;
    };

private:
    void open(open_mode mode, const queue_options& options)
    {
        auto& service =
            boost::asio::use_service<async_service>(context_of(m_executor));
        const auto opened = std::allocate_shared<async_queue<Side>>(
            m_allocator,
            queue_handle<Side, shared_storage>(mode, options, m_allocator));
        service.add(opened);
        m_queue = opened;
    }

    Executor m_executor;
    Allocator m_allocator;
    std::shared_ptr<async_queue<Side>> m_queue;
};

} // namespace detail
} // namespace boost_ipq

#endif
