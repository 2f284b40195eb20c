// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_SYSTEM_HPP

// Selects the operating system. Each system.hpp offers the same names; see
// linux/system.hpp.

#if defined(__linux__)
#include <boost_ipq/detail/platform/linux/system.hpp>
#elif defined(__APPLE__)
#include <boost_ipq/detail/platform/macos/system.hpp>
#elif defined(_WIN32)
#include <boost_ipq/detail/platform/windows/system.hpp>
#else
#error boost_ipq supports Linux, macOS, Windows; add detail/platform/<name>/.
#endif

#endif
