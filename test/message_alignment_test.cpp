// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Bodies have the alignment of the queue, and use the corresponding room.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

BOOST_AUTO_TEST_CASE(room_that_messages_take)
{
    for (std::size_t alignment : {8, 16, 32, 64})
    {
        BOOST_TEST_CONTEXT("alignment " << alignment)
        {
            const test::scoped_queue queue;
            boost_ipq::publisher out(
                boost_ipq::create_only,
                queue.options(4096).message_alignment(alignment));
            const char data[200] = {};
            std::size_t expected = 0;
            for (std::size_t size : {0, 1, 8, 9, 56, 57, 120, 200})
            {
                BOOST_TEST(out.try_enqueue(data, size));
                expected += (size + 8 + alignment - 1) / alignment * alignment;
                BOOST_TEST(boost_ipq::inspect(queue).bytes == expected);
            }
            BOOST_TEST(
                boost_ipq::inspect(queue).message_alignment == alignment);
        }
    }
}

BOOST_AUTO_TEST_CASE(bodies_are_aligned)
{
    for (std::size_t alignment : {8, 16, 32, 64})
    {
        const test::scoped_queue queue;
        const auto attached = boost_ipq::detail::attach(
            boost_ipq::detail::open_mode::create,
            queue.options(4096).message_alignment(alignment));
        // The first body; the others follow at multiples of the alignment.
        BOOST_TEST(
            reinterpret_cast<std::uintptr_t>(attached->ring().body(0)) %
                alignment ==
            0u);
    }
}

BOOST_AUTO_TEST_CASE(bad_alignments)
{
    boost_ipq::queue_options options("a", 100);
    for (std::size_t alignment :
         {std::size_t(0), std::size_t(1), std::size_t(4), std::size_t(7),
          std::size_t(12), std::size_t(24), std::size_t(65), std::size_t(128),
          ~std::size_t(0)})
        BOOST_CHECK_THROW(
            options.message_alignment(alignment), std::invalid_argument);
    BOOST_TEST(options.message_alignment() == 8u);
}
