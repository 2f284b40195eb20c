// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: T is a pointer or a reference

#include <boost_ipq/typed.hpp>

void send()
{
    boost_ipq::typed_publisher<const char*> out(boost_ipq::open_only, "queue");
}
