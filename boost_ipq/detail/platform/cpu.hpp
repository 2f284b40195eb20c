// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_CPU_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_CPU_HPP

// Features of processor and compiler that the language does not offer.

#include <boost/config.hpp>
#include <cstdint>

#if defined(_MSC_VER)
#include <intrin.h>
#endif

#if defined(__SANITIZE_THREAD__)
#define BOOST_IPQ_DETAIL_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define BOOST_IPQ_DETAIL_TSAN 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(BOOST_IPQ_DETAIL_TSAN)
#define BOOST_IPQ_DETAIL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define BOOST_IPQ_DETAIL_SANITIZED 1
#endif
#endif

#if defined(__GNUC__)
#define BOOST_IPQ_DETAIL_NOINLINE __attribute__((noinline, cold))
#define BOOST_IPQ_DETAIL_LIKELY(x) __builtin_expect(!!(x), 1)
#define BOOST_IPQ_DETAIL_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define BOOST_IPQ_DETAIL_NOINLINE __declspec(noinline)
#define BOOST_IPQ_DETAIL_LIKELY(x) (x)
#define BOOST_IPQ_DETAIL_UNLIKELY(x) (x)
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// A program can switch mechanisms off, to measure what they gain.
// BOOST_IPQ_NO_FETCHING: those that bring cache lines near before they are
// needed.
#if defined(BOOST_IPQ_NO_FETCHING)
constexpr bool fetches_lines = false;
#else
constexpr bool fetches_lines = true;
#endif

// BOOST_IPQ_NO_BACKOFF: the short wait at the end of a burst.
#if defined(BOOST_IPQ_NO_BACKOFF)
constexpr bool waits_after_bursts = false;
#else
constexpr bool waits_after_bursts = true;
#endif

// Tells the processor that this is a spinning loop.
inline void pause() noexcept
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#elif defined(_M_X64)
    _mm_pause();
#endif
}

inline void pause(std::uint32_t times) noexcept
{
    for (; times != 0; --times)
        pause();
}

// Returns the value. The compiler does not know that, and so cannot replace it
// by a different expression that it knows to be equal.
template <class T>
inline T opaque(T value) noexcept
{
#if defined(__GNUC__)
    __asm__ __volatile__("" : "+r"(value));
#endif
    return value;
}

// Fetches the cache line of an address that will be read soon. Inlined by
// force: GCC considers a function that does nothing else free of effects and
// removes its calls.
BOOST_FORCEINLINE void prefetch(const void* address) noexcept
{
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
