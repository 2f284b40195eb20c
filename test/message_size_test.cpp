// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Messages of all sizes arrive unchanged.

#include "support/body.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstring>
#include <memory>

namespace {

struct both_ends
{
    explicit both_ends(std::size_t capacity, std::size_t alignment = 8)
        : out(boost_ipq::create_only,
              queue.options(capacity).message_alignment(alignment)),
          in(boost_ipq::open_only, queue)
    {
    }

    // Sends a message of this size and receives it with each call.
    void check(std::uint64_t number, std::size_t size)
    {
        const auto body = test::make_body(number, size);
        // Memory of exactly this size: a sanitizer detects an access beyond its
        // end.
        const std::unique_ptr<std::byte[]> sent(new std::byte[size]);
        const std::unique_ptr<std::byte[]> received(new std::byte[size]);
        if (size != 0)
            std::memcpy(sent.get(), body.data(), size);
        for (int way = 0; way < 3; ++way)
        {
            BOOST_REQUIRE(out.try_enqueue(sent.get(), size));
            test::bytes got(way == 0 ? size : 0);
            std::size_t length = ~std::size_t(0);
            if (way == 0)
            {
                BOOST_REQUIRE(in.try_dequeue(received.get(), size, length));
                if (size != 0)
                    std::memcpy(got.data(), received.get(), size);
            }
            else if (way == 1)
            {
                BOOST_REQUIRE(in.try_dequeue(got));
                length = got.size();
            }
            else
            {
                std::string text;
                BOOST_REQUIRE(in.try_dequeue(text));
                length = text.size();
                const auto* const data =
                    reinterpret_cast<const std::byte*>(text.data());
                got.assign(data, data + length);
            }
            BOOST_REQUIRE(length == size);
            BOOST_REQUIRE(got == body);
        }
    }

    const test::scoped_queue queue;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
};

} // namespace

BOOST_AUTO_TEST_CASE(sizes_0_to_300)
{
    for (std::size_t alignment : {8, 16, 32, 64})
    {
        both_ends ends(4000, alignment);
        for (std::size_t size = 0; size <= 300; ++size)
            ends.check(size, size);
    }
}

// Messages of one byte: each value arrives.
BOOST_AUTO_TEST_CASE(one_byte)
{
    both_ends ends(100);
    for (int value = 0; value < 256; ++value)
    {
        const auto sent = static_cast<unsigned char>(value);
        BOOST_TEST(ends.out.try_enqueue(&sent, 1));
        unsigned char received = static_cast<unsigned char>(~sent);
        std::size_t size;
        BOOST_TEST(ends.in.try_dequeue(&received, 1, size));
        BOOST_TEST(size == 1u);
        BOOST_TEST(received == sent);
    }
}

BOOST_AUTO_TEST_CASE(sizes_around_the_copy_limit)
{
    namespace detail = boost_ipq::detail;
    for (const std::size_t capacity :
         {std::size_t(25'000), 32 * detail::max_copy_limit})
    {
        const std::size_t limit = detail::copy_limit(capacity);
        both_ends ends(capacity);
        for (std::size_t size = limit - 6; size <= limit + 9; ++size)
            for (int lap = 0; lap < 10; ++lap)
                ends.check(lap, size);
    }
    BOOST_TEST(detail::copy_limit(25'000) == detail::min_copy_limit);
    BOOST_TEST(detail::copy_limit(500'000) == 15'625u);
    BOOST_TEST(detail::copy_limit(1 << 24) == detail::max_copy_limit);
}

// From here to there the processor's string instruction copies, if it is fast.
BOOST_AUTO_TEST_CASE(sizes_around_the_string_copies)
{
    both_ends ends(20000);
    for (const std::size_t edge :
         {boost_ipq::detail::min_string_out, boost_ipq::detail::min_string_in,
          boost_ipq::detail::max_string_copy})
        for (std::size_t size = edge - 9; size <= edge + 9; ++size)
            ends.check(size, size);
}

BOOST_AUTO_TEST_CASE(a_mebibyte)
{
    both_ends ends(3 << 20);
    for (std::size_t size = (1 << 20) - 3; size <= (1 << 20) + 3; ++size)
        ends.check(size, size);
}
