// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_FORK_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_FORK_HPP

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <pthread.h>

namespace boost_ipq {
namespace detail {
namespace platform {

inline void
at_fork(void (*before)(), void (*parent)(), void (*child)()) noexcept
{
    ::pthread_atfork(before, parent, child);
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
