// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_FALLBACK_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FALLBACK_HPP

// Portable substitutes for what macOS and Windows do not offer.

#include <boost_ipq/detail/platform/page_placement.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace platform {

// Reads one byte of each page, so that it is mapped.
inline void
touch_pages(void* address, std::size_t size, std::size_t page) noexcept
{
    const volatile char* const bytes = static_cast<const char*>(address);
    for (std::size_t i = 0; i < size; i += page)
        (void)bytes[i];
}

// There are no huge pages, and a NUMA node cannot be chosen.
template <class Descriptor>
inline void place_pages(
    Descriptor, std::uint64_t, const page_placement& wanted,
    boost::system::error_code& ec) noexcept
{
    ec.clear();
    if (wanted.numa_node)
        ec = boost::system::errc::make_error_code(
            boost::system::errc::operation_not_supported);
}

inline void* aligned_address(std::size_t) noexcept
{
    return nullptr;
}

// No system call runs a barrier in the threads of other processes, so wakers
// execute a full fence.
inline bool register_for_asymmetric_fence() noexcept
{
    return false;
}

inline bool asymmetric_fence_heavy() noexcept
{
    return false;
}

// Can processes sleep on a word of shared memory?
constexpr bool has_shared_futex = false;

inline bool wait_on(
    const std::atomic<std::uint32_t>&, std::uint32_t,
    std::chrono::nanoseconds) noexcept
{
    return false;
}

inline void wake_one(const std::atomic<std::uint32_t>&) noexcept {}
inline void wake_all(const std::atomic<std::uint32_t>&) noexcept {}

// Wait sets do not sleep on words: see set_sleep.hpp.
inline const void* upper_half(const void* word) noexcept
{
    return word;
}

class futex_list
{
public:
    static constexpr std::size_t capacity = 0;
    static bool works() noexcept { return false; }
    void clear() noexcept {}
    void add(const std::atomic<std::uint32_t>&, std::uint32_t) noexcept {}
    std::size_t wait(std::chrono::nanoseconds) const noexcept { return 0; }
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
