// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Copies write what they should and nothing beyond it: on the caller's side
// exactly the message, in the ring up to the next multiple of 8. Guards
// directly at the ends let AddressSanitizer detect reads beyond them, too.

#include "support/body.hpp"
#include "support/main.hpp"
#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <algorithm>
#include <cstddef>
#include <memory>

namespace detail = boost_ipq::detail;
using test::bytes;

namespace {

constexpr std::byte guard{0xa5};
constexpr std::size_t most_alignment = 16;

// Sizes around every branch, then some that memcpy handles.
std::vector<std::size_t> sizes()
{
    std::vector<std::size_t> result;
    for (std::size_t size = 0; size <= detail::inline_copy_limit + 40; ++size)
        result.push_back(size);
    for (const std::size_t size : {511, 1000, 8192, 8193, 65'537})
        result.push_back(size);
    return result;
}

std::size_t rounded(std::size_t size)
{
    return (size + 7) / 8 * 8;
}

// Memory of exactly this size, for AddressSanitizer. It begins `shift` bytes
// behind an aligned address.
struct exact_memory
{
    exact_memory(std::size_t size, std::size_t shift)
        : memory(new std::byte[size + shift]),
          data(memory.get() + shift)
    {
        std::fill(memory.get(), data + size, guard);
    }

    std::unique_ptr<std::byte[]> memory;
    std::byte* data;
};

} // namespace

BOOST_AUTO_TEST_CASE(into_the_ring)
{
    for (const std::size_t size : sizes())
        for (std::size_t shift = 0; shift < most_alignment; ++shift)
        {
            const bytes expected = test::make_body(shift, size);
            const exact_memory from(size, shift);
            std::copy(expected.begin(), expected.end(), from.data);
            // One more word on each side.
            const exact_memory to(rounded(size) + 16, 0);
            std::byte* const body = to.data + 8;

            detail::copy_in(body, from.data, size);

            BOOST_TEST_INFO("size " << size << ", shift " << shift);
            BOOST_REQUIRE(std::equal(expected.begin(), expected.end(), body));
            BOOST_REQUIRE(std::count(to.data, body, guard) == 8);
            std::byte* const end = body + rounded(size);
            BOOST_REQUIRE(std::count(end, end + 8, guard) == 8);
        }
}

BOOST_AUTO_TEST_CASE(out_of_the_ring)
{
    for (const std::size_t size : sizes())
        for (std::size_t shift = 0; shift < most_alignment; ++shift)
        {
            const bytes expected = test::make_body(shift, size);
            const exact_memory body(rounded(size), 0);
            std::copy(expected.begin(), expected.end(), body.data);
            const exact_memory to(size + 8, shift);

            detail::copy_out(to.data, body.data, size);

            BOOST_TEST_INFO("size " << size << ", shift " << shift);
            BOOST_REQUIRE(
                std::equal(expected.begin(), expected.end(), to.data));
            BOOST_REQUIRE(
                std::count(to.memory.get(), to.data, guard) ==
                static_cast<std::ptrdiff_t>(shift));
            BOOST_REQUIRE(
                std::count(to.data + size, to.data + size + 8, guard) == 8);

            // Into memory that ends with the message.
            const exact_memory exact(size, shift);
            detail::copy_out(exact.data, body.data, size);
            BOOST_REQUIRE(
                std::equal(expected.begin(), expected.end(), exact.data));
        }
}

BOOST_AUTO_TEST_CASE(nothing_from_nowhere)
{
    std::byte body[8] = {guard};
    detail::copy_in(body, nullptr, 0);
    detail::copy_out(nullptr, body, 0);
    BOOST_TEST((body[0] == guard));
}
