// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_GENERIC_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_GENERIC_HPP

namespace boost_ipq {
namespace detail {
namespace platform {

// BOOST_IPQ_FORCE_GENERIC: Linux goes the ways of the other systems, to test
// them here. Object names are as short as on macOS and do not distinguish "a"
// from "A", so that a hash stands for many; queues in files have named
// semaphores, which are waited for in a loop; wait sets sleep as one of a
// queue's sleepers; nothing watches files (inotify); there are no membarrier
// and no fallocate. All processes that share a queue must be compiled alike.
#if defined(BOOST_IPQ_FORCE_GENERIC)
constexpr bool is_generic = true;
#else
constexpr bool is_generic = false;
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
