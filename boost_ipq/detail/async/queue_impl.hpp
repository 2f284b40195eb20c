// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP
#define BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP

// The implementation of an asynchronous I/O object: the handle, and the
// operations that wait, in order.
//
// A semaphore cannot be polled together with descriptors. So a thread waits for
// the first operation of each object of an execution context: see waiter.hpp.
// At each attempt, the thread holds the mutex. So an operation is either
// performed or aborted, and an aborted operation leaves its message in the
// queue. Operations are posted with the mutex held, so their handlers run in
// order.

#include <boost_ipq/detail/async/membership.hpp>
#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/async/operation_queue.hpp>
#include <boost_ipq/detail/async/service.hpp>
#include <boost_ipq/detail/async/waiter.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
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
class queue_impl final : public service_client, private progressing
{
public:
    using ring_type = typename Side::ring_type;
    using operation = async_operation<ring_type>;
    using operation_ptr = typename operation::pointer;

    using handle_type = queue_handle<Side, typename async_storage<Side>::type>;

    queue_impl(handle_type&& handle, std::shared_ptr<async_waiter> waiter)
        : m_handle(std::move(handle)),
          m_membership(std::move(waiter), *this)
    {
    }

    queue_impl(const queue_impl&) = delete;
    queue_impl& operator=(const queue_impl&) = delete;

    ~queue_impl() { shutdown(); }

    bool is_open() const noexcept { return m_handle.is_open(); }
    bool removed() const noexcept { return m_handle.removed(); }
    ring_contents contents() const noexcept { return m_handle.contents(); }
    std::size_t bytes() const noexcept { return m_handle.bytes(); }
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
    // A member is not told: an event after this attempt wakes the thread, which
    // looks when this function has released the mutex.
    void start(operation_ptr started)
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            if (!m_handle.is_open())
                return fail(std::move(started), errc::closed);
            if (m_waiting.empty() && completes_now(*started))
                return operation::post(std::move(started));
            m_waiting.push_back(std::move(started));
            if (m_member != 0)
                return;
        }
        join();
    }

    void cancel()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        abort_all(boost::asio::error::operation_aborted);
    }

    void cancel(std::uint64_t id)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (operation_ptr canceled = m_waiting.remove(id))
            fail(std::move(canceled), boost::asio::error::operation_aborted);
    }

    void close()
    {
        cancel();
        pause();
        m_handle.close();
    }

    // As close(), but destroys the handlers without calling them.
    void shutdown() noexcept override
    {
        const auto waiting = take_all();
        pause();
        m_handle.close();
    }

    // The thread leaves the object; the operations keep waiting.
    void pause() noexcept override
    {
        std::uint64_t number = 0;
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            number = std::exchange(m_member, 0);
        }
        m_membership.leave(number);
    }

    void resume() override
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            if (m_waiting.empty())
                return;
        }
        join();
    }

private:
    using clock = std::chrono::steady_clock;

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

    void join()
    {
        const std::uint64_t number = m_membership.next_number();
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            m_member = number;
            m_busy_since = m_idle_since = clock::now();
        }
        const auto error = failure_of([&] {
            m_membership.join(
                number, m_handle.queue(), Side::awaited(*m_handle.queue()));
        });
        if (!error)
            return;
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_member = 0;
        abort_all(error);
    }

    // One attempt at an operation.
    struct one_try
    {
        operation& started;

        static constexpr bool quiet = false;

        status operator()(ring_type& ring, give_up_condition give_up) const
        {
            return started.attempt(ring, give_up);
        }
    };

    // If the attempt throws, that is the operation's result.
    template <class GiveUp>
    status try_once(operation& started, const GiveUp& give_up)
    {
        status result = status::invalid;
        const auto error = failure_of([&] {
            one_try attempt{started};
            result = m_handle.now(attempt, give_up);
        });
        if (error)
            started.fail(error);
        return error ? status::invalid : result;
    }

    // Returns whether the operation is complete: done or failed.
    bool completes_now(operation& started)
    {
        // A stopped process may hold the ring's lock.
        return !is_unfinished(try_once(started, give_up_at_once()));
    }

    bool progress(std::uint64_t number) noexcept override
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        // Also when it has returned true before: the set looks again.
        if (m_member != number)
            return true;
        while (!m_waiting.empty())
        {
            if (!first_completes())
                return false;
            operation::post(m_waiting.pop_front());
            m_busy_since = m_idle_since = clock::now();
        }
        set_held_up(false);
        if (clock::now() - m_idle_since < idle_membership)
            return false;
        m_member = 0;
        return true;
    }

    bool held_up() const noexcept override
    {
        // Relaxed: a hint for the length of a sleep.
        return m_held_up.load(std::memory_order_relaxed);
    }

    void set_held_up(bool value) noexcept
    {
        m_held_up.store(value, std::memory_order_relaxed);
    }

    // The thread serves other objects, too: it does not wait long for a lock.
    bool first_completes() noexcept
    {
        operation& first = m_waiting.front();
        // Before the attempt: it finds all that was sent before stop().
        const bool stopped = m_handle.stopped();
        const auto now = clock::now();
        if (!stopped && !is_worth_it(first, now))
            return false;
        m_tried = now;
        const status result =
            try_once(first, give_up_after{async_lock_patience});
        if (!is_unfinished(result))
            return true;
        set_held_up(result == status::busy || m_handle.ring().held_up());
        if (result != status::busy)
            m_busy_since = now;
        if (!stopped ||
            (result == status::busy && now - m_busy_since < limit()))
            return false;
        first.fail(
            result == status::busy ? errc::busy
                                   : make_error_code(errc::stopped));
        return true;
    }

    // An attempt takes a lock. What says that there is no room is a hint.
    bool is_worth_it(const operation& first, clock::time_point now) const
    {
        const auto& ring = m_handle.ring();
        return now - m_tried >= attempt_interval || ring.ring().is_removed() ||
               Side::may_succeed(ring, first.size());
    }

    nanoseconds limit() const noexcept
    {
        return m_handle.ring().ring().busy.limit;
    }

    static void
    fail(operation_ptr failed, const boost::system::error_code& error) noexcept
    {
        failed->fail(error);
        operation::post(std::move(failed));
    }

    void abort_all(const boost::system::error_code& error) noexcept
    {
        while (!m_waiting.empty())
            fail(m_waiting.pop_front(), error);
    }

    operation_queue<ring_type> take_all() noexcept
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        return std::move(m_waiting);
    }

    handle_type m_handle;
    std::mutex m_mutex{}; // of the rest
    std::atomic<std::uint64_t> m_next_id{1};
    operation_queue<ring_type> m_waiting{};
    std::uint64_t m_member = 0;       // the number; 0: none
    clock::time_point m_idle_since{}; // no operation waits
    clock::time_point m_busy_since{}; // a living process holds the lock
    clock::time_point m_tried{};
    std::atomic<bool> m_held_up{false};
    membership m_membership;
};

} // namespace detail
} // namespace boost_ipq

#endif
