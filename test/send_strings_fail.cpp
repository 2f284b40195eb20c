// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A type that is not trivially copyable cannot be sent.

#include <boost_ipq/publisher.hpp>
#include <string>
#include <vector>

void send(boost_ipq::publisher& out, const std::vector<std::string>& message)
{
    out.try_enqueue(message);
}
