// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_EMULATOR_HPP
#define BOOST_IPQ_TEST_EMULATOR_HPP

#include <cstdlib>

namespace test {

// Returns: the program that emulates a different processor for this one, or
// null. It is ten to fifty times as slow as this machine.
inline const char* emulator() noexcept
{
    return std::getenv("BOOST_IPQ_EMULATOR");
}

} // namespace test

#endif
