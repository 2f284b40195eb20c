// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: give (&x, sizeof x, size), where size is a std::size_t variable

#include <boost_ipq/subscriber.hpp>

void receive(boost_ipq::subscriber& in, int& number)
{
    in.dequeue(number);
}
