// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: there are no priorities: give (data, size)

#include <boost_ipq/publisher.hpp>

void send(boost_ipq::publisher& out, const char* text)
{
    out.enqueue(text, 5, 0);
}
