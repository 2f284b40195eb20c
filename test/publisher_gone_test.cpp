// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A publisher that ends before its subscriber starts.

#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

CHILD_ROLE(publish)
{
    boost_ipq::publisher out(boost_ipq::create_only, {self.argument(0), 4096});
    for (char c = 'a'; c != 'e'; ++c)
        out.enqueue(&c, 1);
    self.tell("sent");
    self.hear(); // returns when a line arrives, which may never happen
}

static void expect_messages(const boost_ipq::queue_options& queue)
{
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::string message;
    for (const char* expected : {"a", "b", "c", "d"})
    {
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == expected);
    }
    BOOST_TEST(!in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(a_publisher_that_ended)
{
    const test::scoped_queue queue;
    test::child publisher("publish", {queue.name()});
    BOOST_TEST(publisher.hear() == "sent");
    publisher.tell("end");
    BOOST_TEST(publisher.wait() == 0);
    expect_messages(queue);
}

BOOST_AUTO_TEST_CASE(a_publisher_that_was_killed)
{
    const test::scoped_queue queue;
    test::child publisher("publish", {queue.name()});
    BOOST_TEST(publisher.hear() == "sent");
    BOOST_TEST(publisher.kill() == -SIGKILL);
    expect_messages(queue);
}
