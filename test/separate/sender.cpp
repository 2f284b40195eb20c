// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For separate.sh: sends to a handle that another file has opened.

#include <boost_ipq/publisher.hpp>
#include <string>

void send(boost_ipq::publisher& out, const std::string& message)
{
    out.enqueue(message);
}
