// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_REQUIREMENTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_REQUIREMENTS_HPP

// What the compiler must offer. The first include of every public header, so
// that this is the first that a user reads, and not a thousand lines that
// follow from it: a missing file ends the compilation.

#if defined(_MSVC_LANG)
#define BOOST_IPQ_DETAIL_CPLUSPLUS _MSVC_LANG
#else
#define BOOST_IPQ_DETAIL_CPLUSPLUS __cplusplus
#endif

#if BOOST_IPQ_DETAIL_CPLUSPLUS < 201703L
#error boost_ipq needs C++17 or later: -std=c++17, or /std:c++17
#include "see_the_error_above"
#elif defined(__SIZEOF_POINTER__) && __SIZEOF_POINTER__ != 8 ||                \
    defined(_WIN32) && !defined(_WIN64)
#error boost_ipq needs a 64-bit target: its 64-bit atomics are in shared memory
#include "see_the_error_above"
#elif defined(__GNUC__) && !defined(__EXCEPTIONS) ||                           \
    defined(_MSC_VER) && !defined(_CPPUNWIND)
#error boost_ipq needs exceptions, as Boost.Interprocess: no -fno-exceptions
#include "see_the_error_above"
#elif defined(__GNUC__) && !defined(__GXX_RTTI) ||                             \
    defined(_MSC_VER) && !defined(__clang__) && !defined(_CPPRTTI)
#error boost_ipq needs typeid, as Boost.Interprocess: no -fno-rtti
#include "see_the_error_above"
#endif

#endif
