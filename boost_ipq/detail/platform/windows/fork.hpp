// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_FORK_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_FORK_HPP

#include <boost_ipq/detail/platform/fork_registry.hpp>

namespace boost_ipq {
namespace detail {
namespace platform {

// Processes do not fork here.
inline void at_fork(void (*)(), void (*)(), void (*)()) noexcept {}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
