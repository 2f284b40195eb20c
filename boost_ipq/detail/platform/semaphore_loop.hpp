// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_SEMAPHORE_LOOP_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_SEMAPHORE_LOOP_HPP

// Waiting for a named semaphore by the monotonic clock. Boost's wait, and
// POSIX's, follow the wall clock, which may be set back.

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

using system_semaphore = boost::interprocess::named_semaphore;

// Semaphores have the queue's name. Only those of queues in files need the
// identity of the lock file: see object_names.
constexpr bool semaphores_by_identity = false;

inline system_semaphore
open_semaphore(const std::string& name, const std::string&)
{
    return system_semaphore(boost::interprocess::open_only, name.c_str());
}

// Decrements the semaphore, or returns false after `duration`. In between it
// calls sleep(posts, rest), which may return early: `posts` is the value of the
// shared word, which each post changes, and `rest` is the remaining time.
template <class Sleep>
bool wait_in_loop(
    boost::interprocess::named_semaphore& semaphore,
    const std::atomic<std::uint32_t>& posts, std::chrono::nanoseconds duration,
    Sleep sleep)
{
    using clock = std::chrono::steady_clock;
    const auto until = clock::now() + duration;
    for (;;)
    {
        // seq_cst: before the semaphore is tried; pairs with post_and_count()
        const std::uint32_t before = posts.load(std::memory_order_seq_cst);
        if (semaphore.try_wait())
            return true;
        const std::chrono::nanoseconds rest = until - clock::now();
        if (rest <= std::chrono::nanoseconds::zero())
            return false;
        sleep(before, rest);
    }
}

// Takes all posts of a semaphore, but no more than `most`. Returns whether none
// is left.
inline bool drain_semaphore(const std::string& name, std::uint32_t most)
{
    // See shared_semaphore.
    return fork_registry::instance().guarded([&] {
        boost::interprocess::named_semaphore semaphore(
            boost::interprocess::open_only, name.c_str());
        for (; semaphore.try_wait(); --most)
            if (most == 0)
                return false;
        return true;
    });
}

inline void post_and_count(
    boost::interprocess::named_semaphore& semaphore,
    std::atomic<std::uint32_t>& posts)
{
    semaphore.post();
    // seq_cst: after the semaphore was posted; pairs with wait_in_loop()
    posts.fetch_add(1, std::memory_order_seq_cst);
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
