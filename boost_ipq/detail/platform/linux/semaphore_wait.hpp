// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_SEMAPHORE_WAIT_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_SEMAPHORE_WAIT_HPP

// Waiting for a named semaphore by the monotonic clock: in the C library, or in
// a loop around a futex.

#include <boost_ipq/detail/platform/linux/futex.hpp>
#include <boost_ipq/detail/platform/semaphore_loop.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <semaphore.h>
#include <time.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>

#if defined(__GLIBC__) && !defined(BOOST_IPQ_FORCE_GENERIC)
#if __GLIBC_PREREQ(2, 30)
#define BOOST_IPQ_DETAIL_SEM_CLOCKWAIT 1
#endif
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// Sleeps on the shared word `posts`. A process whose C library offers
// sem_clockwait() posts without changing that word: then the wait lasts for its
// full duration.
class futex_wait
{
public:
    futex_wait(
        boost::interprocess::named_semaphore& semaphore, const std::string&,
        std::atomic<std::uint32_t>& posts) noexcept
        : m_semaphore(semaphore),
          m_posts(posts)
    {
    }

    futex_wait(const futex_wait&) = delete;
    futex_wait& operator=(const futex_wait&) = delete;

    // Decrements the semaphore, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        return wait_in_loop(
            m_semaphore, m_posts, duration,
            [this](std::uint32_t posts, std::chrono::nanoseconds rest) {
                wait_on(m_posts, posts, rest);
            });
    }

    void post()
    {
        post_and_count(m_semaphore, m_posts);
        wake_one(m_posts);
    }

private:
    boost::interprocess::named_semaphore& m_semaphore;
    std::atomic<std::uint32_t>& m_posts;
};

#if defined(BOOST_IPQ_DETAIL_SEM_CLOCKWAIT)

// Waits in the C library. POSIX guarantees that opening a semaphore again gives
// the same object.
class clock_wait
{
public:
    clock_wait(
        boost::interprocess::named_semaphore& semaphore,
        const std::string& name, std::atomic<std::uint32_t>&)
        : m_semaphore(semaphore),
          m_native(::sem_open(("/" + name).c_str(), 0))
    {
        using namespace boost::interprocess;
        if (m_native == SEM_FAILED)
            throw interprocess_exception(error_info(errno));
    }

    clock_wait(const clock_wait&) = delete;
    clock_wait& operator=(const clock_wait&) = delete;
    ~clock_wait() { ::sem_close(m_native); }

    // Decrements the semaphore, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        const struct timespec time = to_timespec(now() + duration);
        int result;
        do
            result = ::sem_clockwait(m_native, CLOCK_MONOTONIC, &time);
        while (result != 0 && errno == EINTR);
        return result == 0;
    }

    void post() { m_semaphore.post(); }

private:
    static std::chrono::nanoseconds now() noexcept
    {
        struct timespec time;
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        return std::chrono::seconds(time.tv_sec) +
               std::chrono::nanoseconds(time.tv_nsec);
    }

    boost::interprocess::named_semaphore& m_semaphore;
    sem_t* m_native;
};

using semaphore_wait = clock_wait;

#else

using semaphore_wait = futex_wait;

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
