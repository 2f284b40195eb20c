// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A message whose record is as long as the queue fits an empty queue, wherever
// in the ring the previous messages ended, and even if no subscriber runs.

#include "support/body.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

static void fill_at_every_offset(std::size_t capacity, std::size_t alignment)
{
    BOOST_TEST_CONTEXT("capacity " << capacity << ", alignment " << alignment)
    {
        const std::size_t whole =
            (capacity + alignment - 1) / alignment * alignment;
        const test::scoped_queue queue;
        boost_ipq::publisher out(
            boost_ipq::create_only,
            queue.options(capacity).message_alignment(alignment));
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        BOOST_TEST(out.max_message_size() >= capacity - 8);
        BOOST_TEST(out.max_message_size() == whole - 8);
        test::bytes message;
        for (std::size_t i = 0; i <= 2 * whole / alignment; ++i)
        {
            // Advances the ring by one step, then fills it.
            BOOST_REQUIRE(out.try_enqueue("", 0));
            BOOST_REQUIRE(in.try_dequeue(message));
            BOOST_REQUIRE(message.empty());
            const auto body = test::make_body(i, whole - 8);
            BOOST_REQUIRE(out.try_enqueue(body));
            BOOST_REQUIRE(!out.try_enqueue("", 0));
            BOOST_REQUIRE(in.try_dequeue(message));
            BOOST_REQUIRE(message == body);
        }
    }
}

BOOST_AUTO_TEST_CASE(capacities)
{
    for (std::size_t capacity :
         {8, 9, 15, 16, 17, 24, 40, 56, 63, 64, 65, 100, 127, 128, 129, 1000,
          1023, 1024, 1025})
        fill_at_every_offset(capacity, 8);
}

BOOST_AUTO_TEST_CASE(alignments)
{
    for (std::size_t alignment : {16, 32, 64})
        for (std::size_t capacity : {8, 17, 64, 65, 100, 333, 1000, 1024})
            fill_at_every_offset(capacity, alignment);
}

// Bodies above copy_limit() are copied outside of the lock.
BOOST_AUTO_TEST_CASE(large)
{
    fill_at_every_offset(boost_ipq::detail::min_copy_limit + 8, 64);
    fill_at_every_offset(boost_ipq::detail::min_copy_limit + 9, 64);
    fill_at_every_offset(10'007, 64);
}

BOOST_AUTO_TEST_CASE(empty_messages_fill_a_queue)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(100));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    int sent = 0, received = 0;
    while (out.try_enqueue(nullptr, 0))
        ++sent;
    BOOST_TEST(sent == 104 / 8);
    std::size_t size = 1;
    while (in.try_dequeue(nullptr, 0, size))
    {
        BOOST_TEST(size == 0u);
        ++received;
    }
    BOOST_TEST(received == sent);
}
