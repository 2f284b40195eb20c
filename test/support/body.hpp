// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_BODY_HPP
#define BOOST_IPQ_TEST_BODY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace test {

using bytes = std::vector<std::byte>;

// The body of a message: every byte depends on the number and the size.
inline bytes make_body(std::uint64_t number, std::size_t size)
{
    bytes result(size);
    std::uint64_t state = (number + 1) * 0x9e3779b97f4a7c15u ^ size;
    for (std::size_t i = 0; i < size; i += 8)
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        const std::uint64_t word = state * 0x2545f4914f6cdd1du;
        std::memcpy(&result[i], &word, (std::min)(size - i, sizeof word));
    }
    return result;
}

} // namespace test

#endif
