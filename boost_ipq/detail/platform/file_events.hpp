// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_FILE_EVENTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FILE_EVENTS_HPP

// Waiting until a process touches one of many files, where the system can.

#if defined(__linux__) && !defined(BOOST_IPQ_FORCE_GENERIC)
#include <boost_ipq/detail/platform/linux/file_events.hpp>
#else
#include <chrono>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// What can be watched of a file; -1: nothing.
inline int watchable(int descriptor) noexcept
{
    return descriptor;
}

inline int watchable(const void*) noexcept
{
    return -1;
}

#if !defined(__linux__) || defined(BOOST_IPQ_FORCE_GENERIC)

class file_events
{
public:
    bool open() noexcept { return false; }
    int watch(int) { return -1; }
    void forget(int) noexcept {}
    int wait(std::chrono::nanoseconds) noexcept { return -1; }
    bool nap(std::chrono::nanoseconds) noexcept { return false; }
    void wake() noexcept {}
};

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
