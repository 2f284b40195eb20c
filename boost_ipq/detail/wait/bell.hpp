// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_BELL_HPP
#define BOOST_IPQ_DETAIL_WAIT_BELL_HPP

// What the subscribers of a broadcast sleep on: each message is for all of
// them. With a semaphore, a subscriber that is awake first and sleeps again
// could take the post of another. So they sleep until a word changes that
// counts the posts: a thread remembers the word before it looks at the ring for
// the last time, and does not sleep if it has changed since.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/futex.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace boost_ipq {
namespace detail {

// The word that this thread remembers. A thread is about to sleep in one queue
// at a time.
inline std::uint32_t& remembered_posts() noexcept
{
    static thread_local std::uint32_t posts = 0;
    return posts;
}

// Between processes. Where they cannot sleep on a word of shared memory, they
// take naps.
class shared_bell final : public semaphore
{
public:
    explicit shared_bell(atomic<std::uint32_t>& posts) noexcept : m_posts(posts)
    {
    }

    void prepare() noexcept override
    {
        // acquire: the look at the ring comes after it. Pairs with post()
        remembered_posts() = m_posts.load(std::memory_order_acquire);
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + duration;
        const std::uint32_t before = remembered_posts();
        for (;;)
        {
            if (m_posts.load(std::memory_order_acquire) != before)
                return true;
            const std::chrono::nanoseconds rest = until - clock::now();
            if (rest <= std::chrono::nanoseconds::zero())
                return false;
            if (!platform::wait_on(m_posts, before, rest))
                std::this_thread::sleep_for(
                    (std::min<std::chrono::nanoseconds>)(rest, futex_nap));
        }
    }

    void post() override
    {
        // release: what this thread changed in the ring comes before; pairs
        // with wait_for()
        m_posts.fetch_add(1, std::memory_order_release);
        platform::wake_all(m_posts);
    }

    bool wakes_all() const noexcept override { return true; }

private:
    atomic<std::uint32_t>& m_posts;
};

// Between the threads of one process.
class local_bell final : public semaphore
{
public:
    void prepare() noexcept override
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        remembered_posts() = m_posts;
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        const std::uint32_t before = remembered_posts();
        std::unique_lock<std::mutex> guard(m_mutex);
        return m_posted.wait_for(
            guard, duration, [&] { return m_posts != before; });
    }

    void post() override
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        ++m_posts;
        m_posted.notify_all();
    }

    bool wakes_all() const noexcept override { return true; }
    bool is_signal_safe() const noexcept override { return false; }

private:
    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::uint32_t m_posts = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
