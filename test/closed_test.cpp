// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Handles without a queue: default-constructed, moved from, closed.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using boost_ipq::errc;
using test::never;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

template <class Function>
void expect_closed(Function function)
{
    BOOST_TEST(test::thrown(function) == test::code(errc::closed));
}

void expect_closed(boost_ipq::publisher& out)
{
    BOOST_TEST(!out.is_open());
    expect_closed([&] { out.try_enqueue("x", 1); });
    expect_closed([&] { out.try_enqueue("x"sv); });
    expect_closed([&] { out.enqueue("x", 1); });
    expect_closed([&] { out.enqueue("x"sv); });
    expect_closed([&] { out.enqueue("x", 1, never()); });
    expect_closed([&] { out.enqueue("x"sv, never()); });
    expect_closed([&] { out.timed_enqueue("x", 1, 1h); });
    expect_closed([&] { out.timed_enqueue("x"sv, 1h); });
    // Large messages take a different path.
    expect_closed([&] { out.try_enqueue(std::string(9000, 'x')); });
    const std::vector<std::string> batch(2, "x");
    expect_closed([&] { out.try_enqueue_all(batch.begin(), batch.end()); });
    BOOST_TEST(out.try_enqueue_all(batch.end(), batch.end()) == 0u);
    expect_closed([&] { out.try_reserve(1); });
    expect_closed([&] { out.reserve(1); });
    boost::system::error_code ec;
    BOOST_TEST(!out.try_enqueue("x"sv, ec));
    BOOST_TEST(ec == test::code(errc::closed));
    out.cancel();
    out.close();
}

void expect_closed(boost_ipq::subscriber& in)
{
    BOOST_TEST(!in.is_open());
    std::string message;
    char buffer[10];
    std::size_t size;
    expect_closed([&] { in.try_dequeue(message); });
    expect_closed([&] { in.try_dequeue(buffer, 10, size); });
    expect_closed(
        [&] { in.try_dequeue(buffer, 10, size, boost_ipq::truncate); });
    expect_closed([&] { in.dequeue(message); });
    expect_closed([&] { in.dequeue(buffer, 10, size); });
    expect_closed([&] { in.dequeue(message, never()); });
    expect_closed([&] { in.dequeue(); });
    expect_closed([&] { in.timed_dequeue(message, 1h); });
    expect_closed([&] { in.timed_dequeue(buffer, 10, size, 1h); });
    expect_closed([&] { in.try_receive(); });
    expect_closed([&] { in.receive(); });
    const auto ignore = [](const void*, std::size_t) {};
    expect_closed([&] { in.consume_one(ignore); });
    expect_closed([&] { in.consume_all(ignore); });
    boost::system::error_code ec;
    BOOST_TEST(!in.try_dequeue(message, ec));
    BOOST_TEST(ec == test::code(errc::closed));
    BOOST_TEST(in.dequeue(ec).empty());
    BOOST_TEST(ec == test::code(errc::closed));
    in.cancel();
    in.close();
}

} // namespace

BOOST_AUTO_TEST_CASE(default_constructed)
{
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    expect_closed(out);
    expect_closed(in);
}

BOOST_AUTO_TEST_CASE(closed)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(100));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    out.close();
    expect_closed(out);
    in.close();
    expect_closed(in);
}

BOOST_AUTO_TEST_CASE(moved_from)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(100));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    boost_ipq::publisher new_out(std::move(out));
    boost_ipq::subscriber new_in(std::move(in));
    expect_closed(out);
    expect_closed(in);
    std::string message;
    BOOST_TEST(new_out.try_enqueue("x"sv));
    BOOST_TEST(new_in.try_dequeue(message));

    out = std::move(new_out);
    in = std::move(new_in);
    expect_closed(new_out);
    expect_closed(new_in);
    BOOST_TEST(out.is_open());
    BOOST_TEST(out.try_enqueue("x"sv));
    BOOST_TEST(in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(assigned)
{
    const test::scoped_queue first, second;
    boost_ipq::publisher out(
        boost_ipq::create_only,
        first.options(100).lifetime(boost_ipq::lifetime::while_open));
    out = boost_ipq::publisher(boost_ipq::create_only, second.options(100));
    // The handle has left its first queue, which was removed then.
    BOOST_TEST(test::leftovers(first.name()).empty());
    BOOST_TEST(out.try_enqueue("x"sv));
    std::string message;
    BOOST_TEST(boost_ipq::subscriber(boost_ipq::open_only, second)
                   .try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(assigned_to_itself)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(100));
    boost_ipq::publisher& same = out;
    out = std::move(same);
    BOOST_TEST(out.is_open());
    BOOST_TEST(out.try_enqueue("x"sv));
}

BOOST_AUTO_TEST_CASE(swapped)
{
    const test::scoped_queue first, second;
    boost_ipq::publisher one(boost_ipq::create_only, first.options(100));
    boost_ipq::publisher two(boost_ipq::create_only, second.options(200));
    std::swap(one, two);
    BOOST_TEST(one.max_message_size() == 192u);
    BOOST_TEST(two.max_message_size() == 96u);
}
