// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// receive() waits for a message and returns a delivery.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <future>
#include <string>

namespace {

struct fixture : test::queue_fixture<4096>
{
    static std::string text(const boost_ipq::delivery& message)
    {
        return std::string(
            static_cast<const char*>(message.data()), message.size());
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(there_is_one, fixture)
{
    out.enqueue(std::string("first"));
    out.enqueue(std::string("second"));
    boost_ipq::delivery first = in.receive();
    BOOST_TEST(text(first) == "first");
    first.acknowledge();
    const boost_ipq::delivery second = in.receive(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(text(second) == "second");
}

BOOST_FIXTURE_TEST_CASE(waits_for_one, fixture)
{
    auto received =
        std::async(std::launch::async, [&] { return text(in.receive()); });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    out.enqueue(std::string("late"));
    BOOST_TEST(received.get() == "late");
}
