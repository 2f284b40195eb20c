// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_ATOMIC_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_ATOMIC_HPP

// The words that processes share, and the fences between accesses to them. All
// of the ring, its participants and its sleepers takes them from here, so that
// a test can put a simulated processor with weakly ordered memory in their
// place: see test/weak_memory/.

#include <boost_ipq/detail/platform/cpu.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(BOOST_IPQ_DETAIL_TSAN)
extern "C" void __tsan_acquire(void* address);
#endif

namespace boost_ipq {
namespace detail {

template <class T>
using atomic = std::atomic<T>;

namespace platform {

// A full barrier. ThreadSanitizer does not understand fences: it gets an access
// to an atomic instead.
inline void full_fence() noexcept
{
#if defined(BOOST_IPQ_DETAIL_TSAN)
    static std::atomic<int> word{0};
    word.fetch_add(0, std::memory_order_seq_cst);
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

// The cheap side of the asymmetric fence: only the compiler must keep the
// order. asymmetric_fence_heavy() does the rest.
inline void asymmetric_fence_light() noexcept
{
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

// Loads a header that may have become part of a different record's body, which
// is written with plain stores. The caller uses the value only as a hint, or
// validates it; ThreadSanitizer cannot know that, and is told of the order.
#if defined(BOOST_IPQ_DETAIL_TSAN)
__attribute__((no_sanitize("thread"), noinline)) inline std::uint64_t
load_hint(const atomic<std::uint64_t>& word) noexcept
{
    auto* const plain = reinterpret_cast<const volatile std::uint64_t*>(&word);
    const std::uint64_t result = *plain;
    __tsan_acquire(const_cast<std::uint64_t*>(plain));
    return result;
}
#else
inline std::uint64_t load_hint(const atomic<std::uint64_t>& word) noexcept
{
    return word.load(std::memory_order_acquire);
}
#endif

// Copies bytes that may be overwritten meanwhile, with plain stores. The caller
// validates the copy.
#if defined(BOOST_IPQ_DETAIL_TSAN)
__attribute__((no_sanitize("thread"), noinline)) inline void
copy_hint(void* to, const void* from, std::size_t size) noexcept
{
    auto* const bytes = static_cast<volatile char*>(to);
    for (std::size_t i = 0; i != size; ++i)
        bytes[i] = static_cast<const volatile char*>(from)[i];
}
#else
inline void copy_hint(void* to, const void* from, std::size_t size) noexcept
{
    if (size != 0)
        std::memcpy(to, from, size);
}
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
