// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Boost.Test, for programs that are linked with it (BOOST_IPQ_TEST_LINKED): it
// takes longer to compile than most tests.

#include <boost/test/included/unit_test.hpp>
