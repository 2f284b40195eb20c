// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A 24-byte queue takes a 3-byte message and refuses the next: with the header
// it needs 11 bytes, rounded up to 16.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <string_view>

BOOST_AUTO_TEST_CASE(a_24_byte_queue)
{
    using namespace std::literals;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(24));
    boost_ipq::subscriber in(boost_ipq::open_only, queue.options(24));
    std::string message;
    for (int lap = 0; lap < 100; ++lap)
    {
        BOOST_TEST(out.try_enqueue("100"sv));
        BOOST_TEST(!out.try_enqueue("110"sv));
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "100");
        BOOST_TEST(!in.try_dequeue(message));
        BOOST_TEST(message == "100"); // unchanged
    }
}

BOOST_AUTO_TEST_CASE(full_leaves_what_is_there)
{
    using namespace std::literals;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(64));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    BOOST_TEST(out.try_enqueue("abcdefgh"sv)); // 16 bytes each
    BOOST_TEST(out.try_enqueue("ijklmnop"sv));
    BOOST_TEST(out.try_enqueue("qrstuvwx"sv));
    BOOST_TEST(!out.try_enqueue("too long for the rest"sv));
    BOOST_TEST(out.try_enqueue("yz"sv)); // a shorter message still fits
    BOOST_TEST(!out.try_enqueue(""sv));
    std::string message;
    for (const auto expected :
         {"abcdefgh"sv, "ijklmnop"sv, "qrstuvwx"sv, "yz"sv})
    {
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == expected);
    }
    BOOST_TEST(!in.try_dequeue(message));
}

// The segment has room for its root at every capacity, however much space the
// version of Boost needs for itself.
BOOST_AUTO_TEST_CASE(every_small_capacity_can_be_created)
{
    const test::scoped_queue queue;
    for (const std::size_t alignment : {8, 16, 64})
        for (std::size_t capacity = 8; capacity < 12000; capacity += 88)
        {
            auto options = queue.options(capacity);
            options.message_alignment(alignment);
            boost_ipq::publisher out(boost_ipq::create_only, options);
            BOOST_TEST(out.try_enqueue("", 0));
            out.close();
            boost_ipq::remove_queue(options);
        }
}
