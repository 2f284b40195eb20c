// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Misuse that types cannot prevent fails an assertion. Here, that ends the
// process with a status of its own.

#define BOOST_ENABLE_ASSERT_HANDLER // in every build

#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstdlib>
#include <string>
#include <utility>

namespace {

constexpr int asserted = 42;

} // namespace

namespace boost {

void assertion_failed(const char*, const char*, const char*, long)
{
    std::_Exit(asserted);
}

void assertion_failed_msg(
    const char*, const char*, const char*, const char*, long)
{
    std::_Exit(asserted);
}

} // namespace boost

CHILD_ROLE(misuse)
{
    const std::string what = self.argument(1);
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    boost_ipq::reservation room = out.reserve(8);
    boost_ipq::reservation other = std::move(room);
    if (what == "commit a moved-from reservation")
        room.commit();
    other.commit();
    if (what == "commit twice")
        other.commit();
    boost_ipq::delivery message = in.receive();
    boost_ipq::delivery taken = std::move(message);
    if (what == "acknowledge a moved-from delivery")
        message.acknowledge();
    taken.acknowledge();
    if (what == "read what was acknowledged")
        taken.data();
}

BOOST_AUTO_TEST_CASE(misuses)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    for (const char* what :
         {"commit a moved-from reservation", "commit twice",
          "acknowledge a moved-from delivery", "read what was acknowledged"})
    {
        BOOST_TEST_INFO(what);
        test::child child("misuse", {queue.name(), what});
        BOOST_TEST(child.wait() == asserted);
    }
    test::child child("misuse", {queue.name(), "none"});
    BOOST_TEST(child.wait() == 0);
}
