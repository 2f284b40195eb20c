// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_FUTEX_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_FUTEX_SEMAPHORE_HPP

// Between processes: the number of posts in a word of the queue's own segment.
// It is found wherever the segment is, and ends with it.
//
//   wait:  posts > 0 ? posts - 1;  else sleep while posts is 0
//   post:  posts + 1;  wake one
//
// The kernel compares the word before it lets a thread sleep, so a post between
// the look and the sleep is seen. A process that dies between the two steps of
// post() leaves its post: each thread that is about to sleep, or whose bounded
// sleep has ended, takes it.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/futex.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace boost_ipq {
namespace detail {

class futex_semaphore final : public semaphore
{
public:
    explicit futex_semaphore(atomic<std::uint32_t>& posts) noexcept
        : m_posts(posts)
    {
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + duration;
        for (;;)
        {
            if (take())
                return true;
            const std::chrono::nanoseconds rest = until - clock::now();
            if (rest <= std::chrono::nanoseconds::zero())
                return false;
            if (!platform::wait_on(m_posts, 0, rest))
                std::this_thread::sleep_for(
                    (std::min<std::chrono::nanoseconds>)(rest, futex_nap));
        }
    }

    void post() override
    {
        auto posts = m_posts.load(std::memory_order_relaxed);
        // There are never more posts than sleepers, unless the word is damaged.
        // release: pairs with take(); what this thread changed in the ring
        // comes before its post
        while (!m_posts.compare_exchange_weak(
            posts, (std::min)(posts, max_sleepers - 1) + 1,
            std::memory_order_release, std::memory_order_relaxed))
        {
        }
        platform::wake_one(m_posts);
    }

private:
    bool take() noexcept
    {
        auto posts = m_posts.load(std::memory_order_relaxed);
        while (posts != 0)
            // A damaged number must not keep sleepers awake for hours: one post
            // is taken, and no other remains. acquire: pairs with post()
            if (m_posts.compare_exchange_weak(
                    posts, posts > max_sleepers ? 0 : posts - 1,
                    std::memory_order_acquire, std::memory_order_relaxed))
                return true;
        return false;
    }

    atomic<std::uint32_t>& m_posts;
};

} // namespace detail
} // namespace boost_ipq

#endif
