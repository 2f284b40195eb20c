// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP
#define BOOST_IPQ_DETAIL_ASYNC_QUEUE_IMPL_HPP

// What an asynchronous I/O object owns: the handle, the operations that wait,
// in order, and the thread that waits for them.
//
// A semaphore cannot be polled together with descriptors, so one thread waits
// with the library's own waiting calls on behalf of the first operation. Each
// of its tries holds the mutex and first looks whether that operation still
// stands: an operation is either served or aborted, and if aborted, its
// message stays in the queue. Operations are posted under the mutex, so their
// handlers run in order.

#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/async/service.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
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
#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

// Is a try worth its lock?
inline bool promising(const ring_reader&, std::size_t) noexcept
{
    return true; // it looks without the lock
}

inline bool promising(const ring_writer& ring, std::size_t size) noexcept
{
    return ring.may_fit(size);
}

template <class Side>
class async_queue final : public async_member
{
public:
    using ring_type = typename Side::ring_type;
    using operation = async_operation<ring_type>;
    using operation_ptr = typename operation::pointer;

    explicit async_queue(queue_handle<Side, shared_storage>&& handle)
        : m_handle(std::move(handle))
    {
    }

    async_queue(const async_queue&) = delete;
    async_queue& operator=(const async_queue&) = delete;

    ~async_queue() { shutdown(); }

    bool is_open() const noexcept { return m_handle.is_open(); }
    const ring_type& ring() const noexcept { return m_handle.ring(); }

    std::uint64_t next_number() noexcept
    {
        // relaxed: the numbers only differ
        return m_next_number.fetch_add(1, std::memory_order_relaxed);
    }

    // Does it now if it can be done now, else keeps it for the thread.
    void start(operation_ptr started)
    {
        visit inside(*this);
        if (!m_handle.is_open())
            return fail(std::move(started), errc::closed);
        if (m_waiting.empty())
        {
            status result = status::invalid;
            const auto error = failure_of([&] {
                // Without patience: a stopped process may keep the lock.
                result = m_handle.now(
                    [&](ring_type& ring, const auto& give_up) {
                        return started->attempt(ring, give_up);
                    },
                    [] { return true; });
            });
            if (error)
                started->fail(error);
            if (error || result != status::would_block)
                return operation::post(std::move(started));
        }
        m_waiting.push_back(std::move(started));
        const auto error = failure_of([&] { start_thread(); });
        if (error)
            return abort_all(error);
        m_changed.notify_one();
    }

    void cancel()
    {
        {
            visit inside(*this);
            if (m_waiting.empty())
                return;
            abort_all(boost::asio::error::operation_aborted);
        }
        m_handle.cancel();
    }

    void cancel(std::uint64_t number)
    {
        bool waited_for = false;
        {
            visit inside(*this);
            const auto found = std::find_if(
                m_waiting.begin(), m_waiting.end(),
                [&](const auto& other) { return other->number() == number; });
            if (found == m_waiting.end())
                return;
            waited_for = found == m_waiting.begin();
            operation_ptr canceled = std::move(*found);
            m_waiting.erase(found);
            fail(std::move(canceled), boost::asio::error::operation_aborted);
        }
        if (waited_for)
            m_handle.cancel();
    }

    void close()
    {
        {
            visit inside(*this);
            abort_all(boost::asio::error::operation_aborted);
        }
        pause();
        m_handle.close();
    }

    // As close(), but the handlers are destroyed and not called.
    void shutdown() noexcept override
    {
        std::deque<operation_ptr> waiting;
        {
            visit inside(*this);
            waiting.swap(m_waiting);
        }
        pause();
        m_handle.close();
    }

    // Ends the thread; the operations stay.
    void pause() noexcept override
    {
        {
            visit inside(*this);
            if (!m_thread.joinable())
                return;
            m_pausing = true;
            m_changed.notify_one();
        }
        if (m_process != platform::process_id())
        {
            // A forked child that was not told: the thread is the parent's.
            m_thread.detach();
            return;
        }
        m_handle.cancel();
        m_thread.join();
    }

    void resume() override
    {
        visit inside(*this);
        if (!m_waiting.empty())
            start_thread();
    }

private:
    // Holds the mutex. The thread, which may try for long, lets it have it.
    class visit
    {
    public:
        explicit visit(async_queue& queue) : m_queue(queue)
        {
            // relaxed: a hint for the thread; the mutex orders
            m_queue.m_visitors.fetch_add(1, std::memory_order_relaxed);
            m_queue.m_mutex.lock();
            m_queue.m_visitors.fetch_sub(1, std::memory_order_relaxed);
        }

        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

        ~visit() { m_queue.m_mutex.unlock(); }

    private:
        async_queue& m_queue;
    };

    // What the thread tries, for one operation.
    struct trial
    {
        async_queue& queue;
        const operation* served;
        std::size_t size;

        template <class GiveUp>
        status operator()(ring_type& ring, const GiveUp& give_up) const
        {
            for (;;)
            {
                bool visited = false;
                const status result = queue.serve(ring, served, [&] {
                    visited =
                        queue.m_visitors.load(std::memory_order_relaxed) != 0;
                    return visited || give_up();
                });
                // Given up for a visitor is no answer: it is tried again.
                if (result != status::would_block || !visited || give_up())
                    return result;
                std::this_thread::yield();
            }
        }

        bool promising(const ring_type& ring) const noexcept
        {
            return detail::promising(ring, size);
        }
    };

    // Runs a function; what it throws becomes an error code.
    template <class Function>
    static boost::system::error_code failure_of(Function function)
    {
        try
        {
            function();
            return {};
        }
        catch (const boost_ipq::error& e)
        {
            return e.code();
        }
        catch (const std::bad_alloc&)
        {
            return out_of_memory();
        }
        catch (const platform::container_bad_alloc&)
        {
            return out_of_memory();
        }
        catch (const std::exception&) // no thread, no semaphore
        {
            return boost::system::errc::make_error_code(
                boost::system::errc::resource_unavailable_try_again);
        }
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
        // Signals are for the program's own threads.
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
            const trial attempt{*this, first, first->size()};
            lock.unlock();
            status result = status::would_block;
            auto error = failure_of([&] {
                result = m_handle.wait(attempt, no_deadline(), never_stop());
            });
            if (result == status::detached)
                error = errc::closed;
            lock.lock();
            if (error && stands(first))
                fail(take_first(), error);
        }
    }

    template <class GiveUp>
    status
    serve(ring_type& ring, const operation* served, const GiveUp& give_up)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        if (m_pausing || !stands(served))
            return status::canceled;
        const status result = m_waiting.front()->attempt(ring, give_up);
        if (result != status::would_block && result != status::detached)
            operation::post(take_first());
        return result;
    }

    bool stands(const operation* which) const noexcept
    {
        return !m_waiting.empty() && m_waiting.front().get() == which;
    }

    operation_ptr take_first()
    {
        operation_ptr first = std::move(m_waiting.front());
        m_waiting.pop_front();
        return first;
    }

    queue_handle<Side, shared_storage> m_handle;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::atomic<unsigned> m_visitors{0};
    std::atomic<std::uint64_t> m_next_number{1};
    std::deque<operation_ptr> m_waiting;
    bool m_pausing = false;
    int m_process = 0; // whose the thread is
    std::thread m_thread;
};

} // namespace detail
} // namespace boost_ipq

#endif
