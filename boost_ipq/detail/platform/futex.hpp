// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_FUTEX_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FUTEX_HPP

// Sleeping on a word of shared memory: see linux/futex.hpp. Apart from
// system.hpp, because headers that every program reads need it.

#if defined(__linux__)
#include <boost_ipq/detail/platform/linux/futex.hpp>
#else
#include <boost_ipq/detail/platform/fallback.hpp>
#endif

#endif
