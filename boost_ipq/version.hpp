// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_VERSION_HPP
#define BOOST_IPQ_VERSION_HPP

//! The version of the library: major * 100000 + minor * 100 + patch.
#define BOOST_IPQ_VERSION 200

//! The version as text: "major.minor.patch".
#define BOOST_IPQ_LIB_VERSION "0.2.0"

#endif
