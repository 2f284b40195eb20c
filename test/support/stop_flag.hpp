// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STOP_FLAG_HPP
#define BOOST_IPQ_TEST_STOP_FLAG_HPP

namespace test {

// A stop token of a user's own type, for which a stop was requested or not.
struct stop_flag
{
    bool stop;

    bool stop_requested() const noexcept { return stop; }
};

// A stop token for which no stop is ever requested.
struct never
{
    bool stop_requested() const noexcept { return false; }
};

} // namespace test

#endif
