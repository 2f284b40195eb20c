// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: there are no priorities: give (buffer, capacity, size)

#include <boost_ipq/subscriber.hpp>
#include <cstddef>

void receive(boost_ipq::subscriber& in, char* buffer)
{
    std::size_t size;
    unsigned priority;
    in.dequeue(buffer, 10, size, priority);
}
