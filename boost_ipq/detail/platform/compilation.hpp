// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_COMPILATION_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_COMPILATION_HPP

// Header-only, or compiled separately: see src.hpp. BOOST_IPQ_DECL stands
// before each function whose definition is in boost_ipq/impl/.

#if defined(BOOST_IPQ_SEPARATE_COMPILATION)
#define BOOST_IPQ_DECL
#define BOOST_IPQ_DETAIL_HEADER_ONLY 0
#else
#define BOOST_IPQ_DECL inline
#define BOOST_IPQ_DETAIL_HEADER_ONLY 1
#endif

#endif
