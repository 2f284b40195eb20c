// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SANITIZER_HPP
#define BOOST_IPQ_TEST_SANITIZER_HPP

// Whether the test is compiled with a sanitizer, for the few cases that cannot
// run with one.

#include <boost_ipq/detail/platform/cpu.hpp>

#if defined(BOOST_IPQ_DETAIL_SANITIZED) && !defined(BOOST_IPQ_DETAIL_TSAN)
#define BOOST_IPQ_TEST_ADDRESS_SANITIZER 1
#endif

namespace test {

#if defined(BOOST_IPQ_DETAIL_SANITIZED)
constexpr bool with_sanitizer = true;
#else
constexpr bool with_sanitizer = false;
#endif

#if defined(BOOST_IPQ_DETAIL_TSAN)
constexpr bool with_thread_sanitizer = true;
#else
constexpr bool with_thread_sanitizer = false;
#endif

constexpr bool with_address_sanitizer =
    with_sanitizer && !with_thread_sanitizer;

} // namespace test

#endif
