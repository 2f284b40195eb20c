// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Null pointers: errc::invalid_argument, and the queue is unchanged.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>

using boost_ipq::errc;
using test::never;
using namespace std::chrono_literals;

namespace {

template <class Function>
void expect_invalid(Function function)
{
    BOOST_TEST(test::thrown(function) == test::code(errc::invalid_argument));
}

using fixture = test::queue_fixture<100>;

} // namespace

BOOST_FIXTURE_TEST_CASE(sending_from_null, fixture)
{
    expect_invalid([&] { out.try_enqueue(nullptr, 1); });
    expect_invalid([&] { out.enqueue(nullptr, 1); });
    expect_invalid([&] { out.enqueue(nullptr, 1, never()); });
    expect_invalid([&] { out.timed_enqueue(nullptr, 1, 1h); });
    expect_invalid([&] { out.try_enqueue(nullptr, ~std::size_t(0)); });
    BOOST_TEST(!out.try_enqueue(nullptr, 1, ec));
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    std::string message;
    BOOST_TEST(!in.try_dequeue(message));
    BOOST_TEST(out.try_enqueue(nullptr, 0)); // an empty message
}

BOOST_FIXTURE_TEST_CASE(receiving_into_null, fixture)
{
    const auto cut = boost_ipq::truncate;
    std::size_t size = 0;
    out.enqueue("x", 1);
    expect_invalid([&] { in.try_dequeue(nullptr, 1, size); });
    expect_invalid([&] { in.try_dequeue(nullptr, 1, size, cut); });
    expect_invalid([&] { in.dequeue(nullptr, 1, size); });
    expect_invalid([&] { in.dequeue(nullptr, 1, size, cut); });
    expect_invalid([&] { in.dequeue(nullptr, 1, size, never()); });
    expect_invalid([&] { in.timed_dequeue(nullptr, 1, size, 1h); });
    expect_invalid([&] { in.timed_dequeue(nullptr, 1, size, cut, 1h); });
    BOOST_TEST(!in.try_dequeue(nullptr, 1, size, ec));
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    BOOST_TEST(in.try_dequeue(nullptr, 0, size, cut));
    BOOST_TEST(size == 1u);
}
