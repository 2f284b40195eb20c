// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_CLOUDTOID_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_CLOUDTOID_HPP

// The objects of a queue of cloudtoid/interprocess: memory, leases, semaphore.
// Each system has its own kinds; see posix/cloudtoid.hpp.

#include <cstddef>

#if defined(_WIN32)
#include <boost_ipq/detail/platform/windows/cloudtoid.hpp>
#else
#include <boost_ipq/detail/platform/posix/cloudtoid.hpp>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// Bytes of the longest name. It becomes a part of a semaphore's name.
#if defined(__APPLE__)
constexpr std::size_t max_cloudtoid_name = 24;
#else
constexpr std::size_t max_cloudtoid_name = 245;
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
