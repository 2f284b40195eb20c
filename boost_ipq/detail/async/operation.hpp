// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_OPERATION_HPP
#define BOOST_IPQ_DETAIL_ASYNC_OPERATION_HPP

// One asynchronous operation: a task, which attempts it, and a handler.
//
// Only threads of the I/O executor use the handler, its allocator and its
// executor; the thread that waits never does.

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/error.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Ring>
class async_operation
{
public:
    struct destroyer
    {
        void operator()(async_operation* operation) const noexcept
        {
            operation->destroy();
        }
    };
    using pointer = std::unique_ptr<async_operation, destroyer>;

    async_operation(const async_operation&) = delete;
    async_operation& operator=(const async_operation&) = delete;

    // Tries once, and keeps the error for the handler.
    status attempt(Ring& ring, give_up_condition give_up)
    {
        try
        {
            const status result = try_it(ring, give_up);
            m_error = error_of(result); // of busy: the operation is tried again
            return result;
        }
        catch (const std::length_error&) // from a dynamic buffer
        {
            fail(errc::buffer_too_small);
        }
        catch (...)
        {
            fail(current_error());
        }
        return status::invalid;
    }

    // Sets the error for the handler.
    void fail(const boost::system::error_code& error) noexcept
    {
        m_error = error;
    }

    // The handler runs later, in the I/O executor. If there is no memory for
    // that, the handler cannot be called at all: noexcept ends the program.
    static void post(pointer operation) noexcept
    {
        auto& self = *operation;
        self.post_it(std::move(operation));
    }

    // The size of the message, 0 if unknown. It decides whether an attempt is
    // worth the lock.
    std::size_t size() const noexcept { return m_size; }
    std::uint64_t id() const noexcept { return m_id; }
    void id(std::uint64_t value) noexcept { m_id = value; }

    // See operation_queue.hpp.
    pointer& next() noexcept { return m_next; }

protected:
    explicit async_operation(std::size_t size) noexcept : m_size(size) {}
    ~async_operation() = default;

    const boost::system::error_code& error() const noexcept { return m_error; }

    struct deferred
    {
        pointer operation;
        void operator()()
        {
            auto& self = *operation;
            self.finish(std::move(operation));
        }
    };

private:
    virtual status try_it(Ring& ring, give_up_condition give_up) = 0;
    virtual void post_it(pointer self) = 0;
    virtual void finish(pointer self) = 0;
    virtual void destroy() noexcept = 0;

    boost::system::error_code m_error{};
    std::size_t m_size;
    std::uint64_t m_id = 0;
    pointer m_next{};
};

// A handler bound to its arguments.
template <class Handler, class Arguments>
struct async_completion_call
{
    using allocator_type = boost::asio::associated_allocator_t<Handler>;

    allocator_type get_allocator() const noexcept
    {
        return boost::asio::get_associated_allocator(handler);
    }

    void operator()() { std::apply(std::move(handler), std::move(arguments)); }

    Handler handler;
    Arguments arguments;
};

// A task has status operator()(ring, give_up), size(), and result(error), which
// cleans up and returns the handler's arguments as a tuple.
template <class Ring, class Task, class Handler, class Executor>
class async_operation_of final : public async_operation<Ring>
{
    using base = async_operation<Ring>;
    using typename base::deferred;
    using typename base::pointer;

    using allocator =
        typename std::allocator_traits<boost::asio::associated_allocator_t<
            Handler>>::template rebind_alloc<async_operation_of>;
    using traits = std::allocator_traits<allocator>;

public:
    static pointer make(Task task, Handler handler, const Executor& executor)
    {
        allocator memory(boost::asio::get_associated_allocator(handler));
        async_operation_of* const place = traits::allocate(memory, 1);
        try
        {
            return pointer(::new (static_cast<void*>(place)) async_operation_of(
                std::move(task), std::move(handler), executor));
        }
        catch (...)
        {
            traits::deallocate(memory, place, 1);
            throw;
        }
    }

    const Handler& handler() const noexcept { return m_handler; }

private:
    using handler_executor =
        boost::asio::associated_executor_t<Handler, Executor>;

    async_operation_of(Task task, Handler handler, const Executor& executor)
        : base(task.size()),
          m_task(std::move(task)),
          m_handler(std::move(handler)),
          m_io_work(executor),
          m_work(boost::asio::get_associated_executor(m_handler, executor))
    {
    }

    ~async_operation_of() = default;

    status try_it(Ring& ring, give_up_condition give_up) override
    {
        return m_task(ring, give_up);
    }

    void post_it(pointer self) override
    {
        const Executor executor = m_io_work.get_executor();
        boost::asio::post(executor, deferred{std::move(self)});
    }

    // Frees the memory before the handler runs, as Asio does. The cancellation
    // slot may be accessed only in the handler's executor, so it stays
    // connected; a late signal finds no operation with this id.
    void finish(pointer self) override
    {
        const auto io_work = std::move(m_io_work);
        const auto work = std::move(m_work);
        auto arguments = m_task.result(this->error());
        async_completion_call<Handler, decltype(arguments)> call{
            std::move(m_handler), std::move(arguments)};
        self.reset();
        boost::asio::dispatch(work.get_executor(), std::move(call));
    }

    void destroy() noexcept override
    {
        allocator memory(boost::asio::get_associated_allocator(m_handler));
        this->~async_operation_of();
        traits::deallocate(memory, this, 1);
    }

    Task m_task;
    Handler m_handler;
    boost::asio::executor_work_guard<Executor> m_io_work;
    boost::asio::executor_work_guard<handler_executor> m_work;
};

} // namespace detail
} // namespace boost_ipq

#endif
