// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_FUTEX_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_FUTEX_HPP

// Sleeping on a word of shared memory. The kernel knows the word by its place
// in the mapped file, so processes find each other wherever they see that file.

#include <boost_ipq/detail/platform/convert.hpp>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <climits>
#include <chrono>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace platform {

// Can processes sleep on a word of shared memory?
constexpr bool has_shared_futex = true;

inline struct timespec to_timespec(std::chrono::nanoseconds time) noexcept
{
    return {
        convert<time_t>(time.count() / 1000000000),
        convert<long>(time.count() % 1000000000)};
}

// Sleeps while the word has this value, until a wake-up or for that time; may
// return early. Follows the monotonic clock. Returns false if the kernel cannot
// do that.
inline bool wait_on(
    const std::atomic<std::uint32_t>& word, std::uint32_t value,
    std::chrono::nanoseconds duration) noexcept
{
    const struct timespec time = to_timespec(duration);
    return ::syscall(SYS_futex, &word, FUTEX_WAIT, value, &time, nullptr, 0) ==
               0 ||
           errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT;
}

// Wakes a thread that sleeps on the word, after the word was changed.
inline void wake_one(const std::atomic<std::uint32_t>& word) noexcept
{
    ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

inline void wake_all(const std::atomic<std::uint32_t>& word) noexcept
{
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
