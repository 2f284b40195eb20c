// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_RECEIVE_THREAD_HPP
#define BOOST_IPQ_DETAIL_REQUEST_RECEIVE_THREAD_HPP

// The thread that receives requests for a server's asynchronous calls, one for
// each in their order.

#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/error.hpp>
#include <boost/asio/detail/signal_blocker.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Request>
class waiting_receive
{
public:
    using pointer = std::unique_ptr<waiting_receive>;

    virtual ~waiting_receive() = default;

    // Calls the handler later. See posted_handler.hpp.
    static void post(
        pointer operation, const boost::system::error_code& error,
        Request&& result)
    {
        waiting_receive& self = *operation;
        self.post_it(std::move(operation), error, std::move(result));
    }

    // See handler_contexts.hpp.
    virtual boost::asio::execution_context* context() const = 0;

private:
    virtual void post_it(
        pointer self, const boost::system::error_code& error,
        Request&& result) = 0;
};

template <class Request>
class receive_thread
{
    using operation = waiting_receive<Request>;
    using waiting = typename operation::pointer;
    using receiver = std::function<Request(boost::system::error_code&)>;

public:
    // cancel() ends the receiver's wait.
    explicit receive_thread(std::function<void()> end)
        : m_cancel_wait(std::move(end))
    {
    }

    receive_thread(const receive_thread&) = delete;
    receive_thread& operator=(const receive_thread&) = delete;

    ~receive_thread() { end(); }

    void start(waiting added, receiver receive)
    {
        boost::system::error_code ec;
        Request kept;
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            if (!m_ending && !m_kept)
                return wait_locked(std::move(added), std::move(receive));
            if (m_ending)
                ec = errc::closed;
            else
                kept = take_kept_locked();
        }
        // Without the mutex: if this fails, it destroys the operation.
        operation::post(std::move(added), ec, std::move(kept));
    }

    // A request that was received for an operation that was canceled meanwhile.
    Request take_kept()
    {
        // acquire: pairs with keep()
        if (!m_has_kept.load(std::memory_order_acquire))
            return Request();
        const std::lock_guard<std::mutex> guard(m_mutex);
        return take_kept_locked();
    }

    // Ends all operations.
    void cancel() noexcept
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        for (auto& each : m_waiting)
            operation::post(
                std::move(each), boost::asio::error::operation_aborted,
                Request());
        m_waiting.clear();
        end_wait(lock);
    }

    // Does an operation wait?
    bool is_wanted() const noexcept
    {
        return m_wanted.load(std::memory_order_seq_cst);
    }

    // A forked child has a copy, but not the thread.
    bool is_of_this_process() const noexcept
    {
        return m_process == platform::process_id();
    }

    // Destroys the operations whose handlers belong to an execution context
    // that is being destroyed.
    void discard(const boost::asio::execution_context& context) noexcept
    {
        std::list<waiting> discarded; // a handler may own the server
        std::unique_lock<std::mutex> lock(m_mutex);
        for (auto i = m_waiting.begin(); i != m_waiting.end();)
        {
            const auto each = i++;
            if ((*each)->context() == &context)
                discarded.splice(discarded.end(), m_waiting, each);
        }
        if (m_waiting.empty())
            end_wait(lock);
        lock.unlock();
    }

    void end() noexcept
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            m_ending = true;
            m_changed.notify_all();
        }
        cancel();
        if (!m_thread.joinable())
            return;
        const platform::no_thread_cancellation guard;
        m_thread.join();
        m_kept = Request();
    }

private:
    static constexpr std::chrono::milliseconds cancel_interval{1};

    void wait_locked(waiting&& added, receiver&& receive)
    {
        if (!m_thread.joinable())
        {
            boost::asio::detail::signal_blocker blocked;
            m_thread = std::thread(
                [this, receive = std::move(receive)] { run(receive); });
        }
        m_waiting.push_back(std::move(added));
        m_wanted.store(true, std::memory_order_relaxed);
        m_changed.notify_all();
    }

    void end_wait(std::unique_lock<std::mutex>& lock) noexcept
    {
        // A wait can only be canceled while it lasts: the thread may be about
        // to begin it.
        // seq_cst: the thread looks at it after each wait
        m_wanted.store(false, std::memory_order_seq_cst);
        const std::uint64_t round = m_round;
        while (m_receiving && m_round == round && m_waiting.empty())
        {
            lock.unlock();
            m_cancel_wait();
            lock.lock();
            m_changed.wait_for(lock, cancel_interval, [&] {
                return !m_receiving || m_round != round;
            });
        }
    }

    void run(const receiver& receive)
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        for (;;)
        {
            m_changed.wait(lock, [this] {
                return m_ending || (!m_waiting.empty() && !m_kept);
            });
            if (m_ending)
                return;
            boost::system::error_code ec;
            Request received = receive_unlocked(receive, ec, lock);
            if (ec == errc::canceled)
                continue;
            if (!m_waiting.empty())
            {
                operation::post(
                    std::move(m_waiting.front()), ec, std::move(received));
                m_waiting.pop_front();
            }
            else if (received) // the operation was canceled meanwhile
            {
                keep(std::move(received));
                // A call that waits takes it.
                lock.unlock();
                m_cancel_wait();
                lock.lock();
            }
        }
    }

    void keep(Request&& received)
    {
        m_kept = std::move(received);
        m_has_kept.store(true, std::memory_order_release);
    }

    Request take_kept_locked()
    {
        // relaxed: the mutex orders
        m_has_kept.store(false, std::memory_order_relaxed);
        return std::exchange(m_kept, Request());
    }

    Request receive_unlocked(
        const receiver& receive, boost::system::error_code& ec,
        std::unique_lock<std::mutex>& lock)
    {
        Request result;
        m_receiving = true;
        lock.unlock();
        reported(ec, [&] {
            result = receive(ec);
            return true;
        });
        lock.lock();
        m_receiving = false;
        ++m_round;
        m_changed.notify_all();
        return result;
    }

    std::function<void()> m_cancel_wait;
    const int m_process = platform::process_id();
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::list<waiting> m_waiting; // discard() moves a part without memory
    Request m_kept;               // for the next operation
    std::atomic<bool> m_has_kept{false};
    std::uint64_t m_round = 0;
    std::atomic<bool> m_wanted{false}; // an operation waits
    bool m_receiving = false;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace detail
} // namespace boost_ipq

#endif
