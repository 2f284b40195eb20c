// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A range of ranges is not one message.

#include <boost_ipq/publisher.hpp>
#include <string_view>
#include <vector>

void send(
    boost_ipq::publisher& out, const std::vector<std::string_view>& messages)
{
    out.try_enqueue(messages);
}
