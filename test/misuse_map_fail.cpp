// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: use a typed_publisher with a serialization_codec

#include <boost_ipq/publisher.hpp>
#include <map>

void send(boost_ipq::publisher& out, const std::map<int, int>& message)
{
    out.enqueue(message);
}
