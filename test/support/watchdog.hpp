// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WATCHDOG_HPP
#define BOOST_IPQ_TEST_WATCHDOG_HPP

// Ends a test program that hangs, and its children.

#if defined(_WIN32)
#include "windows/watchdog.hpp"
#else
#include "posix/watchdog.hpp"
#endif

#endif
