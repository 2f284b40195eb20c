// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_FUTEX_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_FUTEX_HPP

// Sleeping on a word of shared memory. The kernel knows the word by its place
// in the mapped file, so processes find each other wherever they see that file.

#include <boost_ipq/detail/platform/convert.hpp>
#include <boost_ipq/detail/platform/generic.hpp>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace platform {

// Can processes sleep on a word of shared memory?
constexpr bool has_shared_futex = !is_generic;

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

// As wake_one(), for all threads.
inline void wake_all(const std::atomic<std::uint32_t>& word) noexcept
{
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// The half of a word of 64 bits that holds its upper 32 bits.
inline const void* upper_half(const void* word) noexcept
{
    return static_cast<const char*>(word) +
           (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 4 : 0);
}

// Sleeping on several words at once (futex_waitv, Linux 5.16).
class futex_list
{
public:
    static constexpr std::size_t capacity = 128; // that of the kernel

    // Does the kernel offer it, and no sandbox forbid it?
    static bool works() noexcept
    {
        return !is_generic && call(nullptr, 0, nullptr) < 0 && errno == EINVAL;
    }

    void clear() noexcept { m_size = 0; }

    void
    add(const std::atomic<std::uint32_t>& word, std::uint32_t value) noexcept
    {
        m_entries[m_size++] = {
            value, reinterpret_cast<std::uintptr_t>(&word), bits_32, 0};
    }

    // Sleeps while all words have their values, until a wake-up or for that
    // time; may return early. Returns which word was changed, if the kernel
    // tells, else 0.
    std::size_t wait(std::chrono::nanoseconds duration) const noexcept
    {
        struct timespec time;
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        time = to_timespec(
            std::chrono::seconds(time.tv_sec) +
            std::chrono::nanoseconds(time.tv_nsec) + duration);
        const long index = call(m_entries, m_size, &time);
        return index < 0 ? 0 : static_cast<std::size_t>(index);
    }

private:
    struct entry // struct futex_waitv, which older headers do not have
    {
        std::uint64_t value;
        std::uint64_t address;
        std::uint32_t flags;
        std::uint32_t reserved;
    };

    static constexpr std::uint32_t bits_32 = 2; // of any process
    static constexpr long number = 449;         // on all processors

    static long call(
        const entry* entries, std::size_t size,
        const struct timespec* until) noexcept
    {
        return ::syscall(
            number, entries, static_cast<unsigned>(size), 0u, until,
            CLOCK_MONOTONIC);
    }

    std::size_t m_size = 0;
    entry m_entries[capacity];
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
