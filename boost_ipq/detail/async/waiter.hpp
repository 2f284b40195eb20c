// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_IPQ_DETAIL_ASYNC_WAITER_HPP
#define BOOST_IPQ_DETAIL_ASYNC_WAITER_HPP

// The thread that waits for all I/O objects of an execution context: it waits
// in a wait set, and a member of the set performs the operations of its object
// when the set looks whether it is ready. The thread starts when the first
// object has to wait, and ends when the last of those has left.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/wait_set_state.hpp>
#include <boost_ipq/detail/handle/waitable.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost/asio/detail/signal_blocker.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

class async_waiter
{
public:
    async_waiter() = default;
    async_waiter(const async_waiter&) = delete;
    async_waiter& operator=(const async_waiter&) = delete;

    ~async_waiter()
    {
        if (is_of_this_process())
            end_thread();
        // A forked child: only the parent has the thread.
        m_set.release();
        if (m_thread.joinable())
            m_thread.detach();
    }

    bool is_of_this_process() const noexcept
    {
        return m_process == platform::process_id();
    }

    // Each membership has a number of its own.
    std::uint64_t next_number() noexcept
    {
        // Relaxed: the numbers need only be distinct.
        return m_next.fetch_add(1, std::memory_order_relaxed);
    }

    // Adds a member. The thread that waits removes it when its ready() returns
    // true. An object that adds members calls enter() before and leave() after.
    void add(std::unique_ptr<waitable> member, std::uint64_t number)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (!m_set)
            m_set = std::make_unique<wait_set_state>(set_mode::best);
        m_set->add(std::move(member), handle_of(number), number);
        if (m_thread.joinable())
            return;
        m_process = platform::process_id();
        // Signals must be handled by the program's own threads.
        boost::asio::detail::signal_blocker blocked;
        m_thread = std::thread([&set = *m_set] { run(set); });
    }

    void enter()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        ++m_objects;
    }

    // The member, if it is one, is destroyed when the thread has noticed.
    void remove(std::uint64_t number)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (m_set)
            m_set->remove(handle_of(number));
    }

    void leave() noexcept
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (--m_objects == 0)
            end_thread();
    }

private:
    static const void* handle_of(std::uint64_t number) noexcept
    {
        return reinterpret_cast<const void*>(number);
    }

    static void run(wait_set_state& set) noexcept
    {
        while (!set.stopped())
            try
            {
                if (const std::size_t number = set.wait(no_limit()))
                    set.remove(handle_of(number));
            }
            catch (...)
            {
                // There is no memory: it tries again later.
                std::this_thread::sleep_for(max_sleep);
            }
    }

    void end_thread() noexcept
    {
        if (m_set)
            m_set->stop();
        if (m_thread.joinable())
        {
            const platform::no_thread_cancellation guard;
            m_thread.join();
        }
        m_set.reset();
    }

    std::mutex m_mutex{};
    std::unique_ptr<wait_set_state> m_set{};
    std::thread m_thread{};
    int m_process = platform::process_id(); // that started the thread
    std::size_t m_objects = 0;
    std::atomic<std::uint64_t> m_next{1};
};

} // namespace detail
} // namespace boost_ipq

#endif
