// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_CALL_THREAD_HPP
#define BOOST_IPQ_DETAIL_REQUEST_CALL_THREAD_HPP

// The thread that receives the answers of a client's asynchronous calls.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/request/call_table.hpp>
#include <boost_ipq/detail/request/handler_contexts.hpp>
#include <boost_ipq/error.hpp>
#include <boost/asio/detail/signal_blocker.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

template <class Storage>
class call_thread
{
public:
    explicit call_thread(std::shared_ptr<call_table<Storage>> calls)
        : m_calls(std::move(calls))
    {
    }

    call_thread(const call_thread&) = delete;
    call_thread& operator=(const call_thread&) = delete;

    ~call_thread() { end(); }

    // Adds the call, which from then on belongs to the table, and sends its
    // request, now or when there is room. False: the client is closed.
    template <class Call, class Message>
    bool start(std::unique_ptr<Call>& call, const Message& message)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (m_ending)
            return false;
        start_thread();
        const std::uint64_t number = call->number();
        // Before the call is added: this may fail.
        std::vector<std::byte> bytes(
            message.data(), message.data() + message.size());
        m_unsent.reserve(m_unsent.size() + 1);
        m_calls->add(*call.release());
        if (!m_unsent.empty() || !m_calls->send_later(number, bytes))
            m_unsent.push_back({number, std::move(bytes)});
        wake();
        return true;
    }

    // See handler_contexts.hpp.
    void watch(
        boost::asio::execution_context* context,
        const std::shared_ptr<call_thread>& self)
    {
        m_contexts.watch(context, self);
    }

    void discard(const boost::asio::execution_context& context) noexcept
    {
        // In a forked child they are the parent's, see leave_to_parent().
        if (!is_of_this_process())
            return;
        m_contexts.forget(context);
        m_calls->discard(context);
    }

    // A forked child has a copy, but not the thread.
    bool is_of_this_process() const noexcept
    {
        return m_process == platform::process_id();
    }

    // No thread receives any more: this one shall.
    void wake() noexcept
    {
        // Relaxed: the condition variable's mutex orders; a wake-up that comes
        // between the test and the wait is seen at the end of the step.
        m_woken.store(true, std::memory_order_relaxed);
        m_changed.notify_one();
    }

    // Ends the thread. All calls with handlers have been ended.
    void end() noexcept
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            m_ending = true;
            m_changed.notify_one();
        }
        m_calls->answers().cancel();
        if (!m_thread.joinable())
            return;
        const platform::no_thread_cancellation guard;
        m_thread.join();
    }

private:
    struct unsent_request
    {
        std::uint64_t number;
        std::vector<std::byte> bytes;
    };

    // In order, as they were started.
    void send_unsent()
    {
        std::size_t sent = 0;
        while (sent < m_unsent.size() &&
               m_calls->send_later(m_unsent[sent].number, m_unsent[sent].bytes))
            ++sent;
        m_unsent.erase(
            m_unsent.begin(), m_unsent.begin() + std::ptrdiff_t(sent));
    }

    void start_thread()
    {
        if (m_thread.joinable())
            return;
        boost::asio::detail::signal_blocker blocked;
        m_thread = std::thread([this] { run(); });
    }

    void run()
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        while (!m_ending)
        {
            send_unsent();
            // Room is not waited for together with answers: it is looked at.
            const nanoseconds step = m_unsent.empty()
                                         ? nanoseconds(server_check_interval)
                                         : nanoseconds(room_check_interval);
            m_woken.store(false, std::memory_order_relaxed);
            lock.unlock();
            const async_step result = m_calls->receive_for_handlers(step);
            lock.lock();
            const auto woken = [this] {
                return m_ending || m_woken.load(std::memory_order_relaxed);
            };
            if (result == async_step::none_waits)
                m_changed.wait(lock, woken);
            else if (result == async_step::other_receives)
                m_changed.wait_for(lock, step, woken);
        }
    }

    const std::shared_ptr<call_table<Storage>> m_calls;
    const int m_process = platform::process_id();
    handler_contexts<call_thread> m_contexts{};
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    std::vector<unsent_request> m_unsent{};
    std::atomic<bool> m_woken{false};
    bool m_ending = false;
    std::thread m_thread{};
};

} // namespace detail
} // namespace boost_ipq

#endif
