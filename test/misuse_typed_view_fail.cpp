// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: T is a view

#include <boost_ipq/typed.hpp>
#include <string_view>

void send()
{
    boost_ipq::typed_publisher<std::string_view> out(
        boost_ipq::open_only, "queue");
}
