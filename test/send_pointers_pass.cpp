// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The valid counterpart of send_pointers_fail: numbers and arrays of numbers
// are sent.

#include <boost_ipq/publisher.hpp>
#include <array>
#include <vector>

void send(
    boost_ipq::publisher& out, const std::vector<int>& message,
    const std::vector<std::array<int, 3>>& arrays,
    const std::array<std::array<const int, 3>, 2>& constants,
    const int (&matrix)[2][2])
{
    out.try_enqueue(message);
    out.try_enqueue(arrays);
    out.try_enqueue(constants);
    out.try_enqueue(matrix);
}
