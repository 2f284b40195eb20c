// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WARNINGS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WARNINGS_HPP

// Users' flags must not warn in headers of the library. These macros stand
// around what is right, but is not as -Weffc++ of GCC wants it: classes whose
// base from Boost has no virtual destructor, and the structures of shared
// memory, whose words are initialized where they are placed.

#if defined(__GNUC__) && !defined(__clang__)
#define BOOST_IPQ_DETAIL_EFFCXX_OFF                                            \
    _Pragma("GCC diagnostic push")                                             \
        _Pragma("GCC diagnostic ignored \"-Wnon-virtual-dtor\"")               \
            _Pragma("GCC diagnostic ignored \"-Weffc++\"")
#define BOOST_IPQ_DETAIL_EFFCXX_ON _Pragma("GCC diagnostic pop")
#else
#define BOOST_IPQ_DETAIL_EFFCXX_OFF
#define BOOST_IPQ_DETAIL_EFFCXX_ON
#endif

#endif
