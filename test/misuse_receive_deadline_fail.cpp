// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: such as std::chrono::seconds(1)

#include <boost_ipq/subscriber.hpp>
#include <string>

void receive(boost_ipq::subscriber& in, std::string& message)
{
    in.timed_dequeue(message, 100);
}
