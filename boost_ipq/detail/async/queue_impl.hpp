// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP
#define BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP

// The implementation of an asynchronous I/O object: the handle, the operations
// that wait, in order, and the thread that waits for them.
//
// A semaphore cannot be polled together with descriptors. So a thread waits for
// the first operation, with the library's own waiting calls. At each attempt,
// the thread holds the mutex and first checks that this operation is still the
// first. So an operation is either performed or aborted, and an aborted
// operation leaves its message in the queue. Operations are posted with the
// mutex held, so their handlers run in order.

#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/async/service.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/asio/detail/signal_blocker.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

// Where the queue of an asynchronous object is. A broadcast has a storage of
// its own.
template <class Side>
struct async_storage
{
    using type = shared_storage;
};

template <class Side>
class queue_impl final : public service_client
{
public:
    using ring_type = typename Side::ring_type;
    using operation = async_operation<ring_type>;
    using operation_ptr = typename operation::pointer;

    using handle_type = queue_handle<Side, typename async_storage<Side>::type>;

    explicit queue_impl(handle_type&& handle) : m_handle(std::move(handle)) {}

    queue_impl(const queue_impl&) = delete;
    queue_impl& operator=(const queue_impl&) = delete;

    ~queue_impl() { shutdown(); }

    bool is_open() const noexcept { return m_handle.is_open(); }
    bool removed() const noexcept { return m_handle.removed(); }
    ring_contents contents() const noexcept { return m_handle.contents(); }
    std::size_t capacity() const noexcept { return m_handle.capacity(); }
    std::size_t publishers() const noexcept { return m_handle.publishers(); }
    std::size_t subscribers() const noexcept { return m_handle.subscribers(); }
    bool stopped() const noexcept { return m_handle.stopped(); }

    // Async-signal-safe. The thread completes the operations that wait.
    void stop() noexcept { m_handle.stop(); }
    const ring_type& ring() const noexcept { return m_handle.ring(); }

    std::uint64_t next_id() noexcept
    {
        // Relaxed: the ids need only be distinct.
        return m_next_id.fetch_add(1, std::memory_order_relaxed);
    }

    // Performs the operation if it need not wait; else the thread performs it.
    void start(operation_ptr started)
    {
        caller_lock lock(*this);
        if (!m_handle.is_open())
            return fail(std::move(started), errc::closed);
        if (m_waiting.empty() && completes_now(*started))
            return operation::post(std::move(started));
        m_waiting.push_back(std::move(started));
        const auto error = failure_of([&] { start_thread(); });
        if (error)
            return abort_all(error);
        m_changed.notify_one();
    }

    void cancel()
    {
        {
            caller_lock lock(*this);
            if (m_waiting.empty())
                return;
            abort_all(boost::asio::error::operation_aborted);
        }
        m_handle.cancel();
    }

    void cancel(std::uint64_t id)
    {
        bool was_first = false;
        {
            caller_lock lock(*this);
            const auto found = std::find_if(
                m_waiting.begin(), m_waiting.end(),
                [&](const auto& other) { return other->id() == id; });
            if (found == m_waiting.end())
                return;
            was_first = found == m_waiting.begin();
            operation_ptr canceled = std::move(*found);
            m_waiting.erase(found);
            fail(std::move(canceled), boost::asio::error::operation_aborted);
        }
        if (was_first)
            m_handle.cancel();
    }

    void close()
    {
        {
            caller_lock lock(*this);
            abort_all(boost::asio::error::operation_aborted);
        }
        pause();
        m_handle.close();
    }

    // As close(), but destroys the handlers without calling them.
    void shutdown() noexcept override
    {
        std::deque<operation_ptr> waiting;
        {
            caller_lock lock(*this);
            waiting.swap(m_waiting);
        }
        pause();
        m_handle.close();
    }

    // Ends the thread; the operations keep waiting.
    void pause() noexcept override
    {
        {
            caller_lock lock(*this);
            if (!m_thread.joinable())
                return;
            m_pausing = true;
            m_changed.notify_one();
        }
        if (m_process != platform::process_id())
        {
            // A forked child that did not call notify_fork(): only the parent
            // has the thread.
            m_thread.detach();
            return;
        }
        m_handle.cancel();
        const platform::no_thread_cancellation guard;
        m_thread.join();
    }

    void resume() override
    {
        caller_lock lock(*this);
        if (!m_waiting.empty())
            start_thread();
    }

private:
    // Locks the mutex for a call of the I/O object. The thread may hold it
    // during a long attempt, but gives up when there are callers.
    class caller_lock
    {
    public:
        explicit caller_lock(queue_impl& queue) : m_queue(queue)
        {
            // Relaxed: a hint for the thread; the mutex orders.
            m_queue.m_callers.fetch_add(1, std::memory_order_relaxed);
            m_queue.m_mutex.lock();
            m_queue.m_callers.fetch_sub(1, std::memory_order_relaxed);
        }

        caller_lock(const caller_lock&) = delete;
        caller_lock& operator=(const caller_lock&) = delete;

        ~caller_lock() { m_queue.m_mutex.unlock(); }

    private:
        queue_impl& m_queue;
    };

    // The first attempt at an operation, in the initiating function.
    struct first_try
    {
        operation& started;

        static constexpr bool quiet = false;

        status operator()(ring_type& ring, give_up_condition give_up) const
        {
            return started.attempt(ring, give_up);
        }
    };

    // The thread's attempt at an operation.
    struct thread_try
    {
        queue_impl& queue;
        const operation* which;
        std::size_t size;

        static constexpr bool quiet = false;

        status operator()(ring_type& ring, give_up_condition give_up) const
        {
            for (;;)
            {
                bool has_caller = false;
                const auto stop = [&] {
                    has_caller =
                        queue.m_callers.load(std::memory_order_relaxed) != 0;
                    return has_caller || give_up();
                };
                const status result = queue.try_first(ring, which, stop);
                // If it gave up for a caller, it tries again.
                if (!is_unfinished(result) || !has_caller || give_up())
                    return result;
                std::this_thread::yield();
            }
        }

        bool may_succeed(const ring_type& ring) const noexcept
        {
            return Side::may_succeed(ring, size);
        }
    };

    // Calls `function` and returns its exception as a code.
    template <class Function>
    static boost::system::error_code failure_of(Function function)
    {
        try
        {
            function();
            return {};
        }
        catch (...)
        {
            // Other exceptions: a thread or a semaphore was not available.
            return current_error(boost::system::errc::make_error_code(
                boost::system::errc::resource_unavailable_try_again));
        }
    }

    // Returns whether the operation is complete: done or failed.
    bool completes_now(operation& started)
    {
        status result = status::invalid;
        const auto error = failure_of([&] {
            // Gives up at once: a stopped process may hold the ring's lock.
            const auto at_once = [] { return true; };
            first_try attempt{started};
            result = m_handle.now(attempt, at_once);
        });
        if (error)
            started.fail(error);
        return error || !is_unfinished(result);
    }

    static void
    fail(operation_ptr failed, const boost::system::error_code& error) noexcept
    {
        failed->fail(error);
        operation::post(std::move(failed));
    }

    void abort_all(const boost::system::error_code& error) noexcept
    {
        for (auto& waiting : m_waiting)
            fail(std::move(waiting), error);
        m_waiting.clear();
    }

    void start_thread()
    {
        if (m_thread.joinable())
            return;
        m_pausing = false;
        m_process = platform::process_id();
        // Signals must be handled by the program's own threads.
        boost::asio::detail::signal_blocker blocked;
        m_thread = std::thread([this] { run(); });
    }

    void run()
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        for (;;)
        {
            m_changed.wait(
                lock, [&] { return m_pausing || !m_waiting.empty(); });
            if (m_pausing)
                return;
            const operation* const first = m_waiting.front().get();
            const thread_try attempt{*this, first, first->size()};
            lock.unlock();
            const auto error = wait(attempt);
            lock.lock();
            if (error && is_first(first))
                fail(take_first(), error);
        }
    }

    // Waits until the operation is complete or the wait is canceled.
    boost::system::error_code wait(const thread_try& attempt)
    {
        status result = status::would_block;
        const auto error = failure_of(
            [&] { result = m_handle.try_until(forever(), attempt); });
        if (result == status::detached || result == status::stopped ||
            result == status::busy)
            return error_of(result);
        return error;
    }

    // Tries the first operation, if it is still `which`.
    status try_first(
        ring_type& ring, const operation* which, give_up_condition give_up)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        if (m_pausing || !is_first(which))
            return status::canceled;
        const status result = m_waiting.front()->attempt(ring, give_up);
        if (!is_unfinished(result) && result != status::detached)
            operation::post(take_first());
        return result;
    }

    bool is_first(const operation* which) const noexcept
    {
        return !m_waiting.empty() && m_waiting.front().get() == which;
    }

    operation_ptr take_first()
    {
        operation_ptr first = std::move(m_waiting.front());
        m_waiting.pop_front();
        return first;
    }

    handle_type m_handle;
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    std::atomic<unsigned> m_callers{0};
    std::atomic<std::uint64_t> m_next_id{1};
    std::deque<operation_ptr> m_waiting{};
    bool m_pausing = false;
    int m_process = 0; // the process that started the thread
    std::thread m_thread{};
};

} // namespace detail
} // namespace boost_ipq

#endif
