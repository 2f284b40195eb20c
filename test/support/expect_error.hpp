// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_EXPECT_ERROR_HPP
#define BOOST_IPQ_TEST_EXPECT_ERROR_HPP

#include <boost_ipq/error.hpp>
#include <string>

namespace test {

// Returns: the error code that the function throws, or none.
template <class Function>
boost::system::error_code thrown(Function function)
{
    try
    {
        function();
    }
    catch (const boost_ipq::error& e)
    {
        return e.code();
    }
    return {};
}

inline boost::system::error_code code(boost_ipq::errc value)
{
    return value;
}

} // namespace test

#endif
