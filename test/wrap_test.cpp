// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Messages whose size does not divide the ring wrap without end.

#include "support/body.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <deque>

static void laps(std::size_t capacity, std::size_t size, int count)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(capacity));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    test::bytes message;
    for (int i = 0; i < count; ++i)
    {
        const auto body = test::make_body(i, size);
        BOOST_REQUIRE(out.try_enqueue(body));
        BOOST_REQUIRE(in.try_dequeue(message));
        BOOST_REQUIRE(message == body);
    }
    BOOST_TEST(!in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(message_of_50_in_a_queue_of_128)
{
    laps(128, 50, 10'000);
}

BOOST_AUTO_TEST_CASE(laps_20000_of_1_kib_with_messages_of_66)
{
    laps(1024, 66, 20'000 * 1024 / 80 + 1);
}

// The queue is repeatedly filled and half emptied.
BOOST_AUTO_TEST_CASE(never_empty)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::deque<test::bytes> waiting;
    test::bytes message;
    std::size_t sent = 0;
    for (int lap = 0; lap < 3000; ++lap)
    {
        for (;; ++sent)
        {
            auto body = test::make_body(sent, sent * 7 % 120);
            if (!out.try_enqueue(body))
                break;
            waiting.push_back(std::move(body));
        }
        // At least until the longest message and its padding do not fit.
        BOOST_REQUIRE(waiting.size() >= 5);
        for (std::size_t left = waiting.size() / 2; waiting.size() > left;)
        {
            BOOST_REQUIRE(in.try_dequeue(message));
            BOOST_REQUIRE(message == waiting.front());
            waiting.pop_front();
        }
    }
}
