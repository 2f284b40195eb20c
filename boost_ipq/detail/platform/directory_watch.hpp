// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_DIRECTORY_WATCH_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_DIRECTORY_WATCH_HPP

// Selects how to wait for a change of a file that may not exist yet.

#if defined(__linux__) && !defined(BOOST_IPQ_FORCE_GENERIC)
#include <boost_ipq/detail/platform/linux/directory_watch.hpp>
#else
#include <boost_ipq/detail/platform/polling_watch.hpp>
#endif

#endif
