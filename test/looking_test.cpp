// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A handle tells what is in its own queue: size(), bytes(), capacity(),
// publishers(), subscribers(); the same as inspect() while no process works.

#include "support/body.hpp"
#include "support/child_process.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace std::string_view_literals;

namespace {

using fixture = test::queue_fixture<1000>;

void expect_as_inspected(
    const boost_ipq::publisher& out, const test::scoped_queue& queue)
{
    const auto status = boost_ipq::inspect(queue.name());
    BOOST_TEST(out.size() <= status.messages + status.deliveries);
    BOOST_TEST(out.size() >= status.messages);
    BOOST_TEST(out.bytes() == status.bytes);
    BOOST_TEST(out.capacity() == status.capacity);
    BOOST_TEST(out.empty() == (out.size() == 0));
}

} // namespace

CHILD_ROLE(have_it_open)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    self.tell("open");
    self.hear();
}

BOOST_FIXTURE_TEST_CASE(messages_and_bytes, fixture)
{
    BOOST_TEST(in.empty());
    BOOST_TEST(in.bytes() == 0u);
    out.enqueue("one"sv);
    out.enqueue("two"sv);
    BOOST_TEST(in.size() == 2u);
    BOOST_TEST(out.size() == 2u);
    BOOST_TEST(in.bytes() == 32u);
    take();
    BOOST_TEST(!in.empty());
    take();
    BOOST_TEST(in.empty());
    BOOST_TEST(out.empty());
    BOOST_TEST(in.bytes() == 0u);
}

BOOST_FIXTURE_TEST_CASE(messages_in_place, fixture)
{
    out.enqueue("one"sv);
    out.enqueue("two"sv);
    {
        const auto held = in.try_receive();
        BOOST_TEST(in.size() == 1u);
        BOOST_TEST(in.bytes() == 32u);
    }
    BOOST_TEST(in.size() == 2u); // it waits to be delivered again
    auto again = in.try_receive();
    again.acknowledge();
    BOOST_TEST(in.size() == 1u);
    BOOST_TEST(in.bytes() == 16u);
    auto filled = out.try_reserve(3);
    BOOST_TEST(in.size() == 2u);
    filled.commit();
    BOOST_TEST(in.size() == 2u);
}

// All offsets of the ring's end, and padding there.
BOOST_FIXTURE_TEST_CASE(as_inspected_in_every_lap, fixture)
{
    std::mt19937 random(1);
    std::vector<boost_ipq::delivery> held;
    for (int i = 0; i < 3000; ++i)
    {
        const std::string message(random() % 120, 'x');
        if (random() % 2 != 0)
            out.try_enqueue(message);
        else if (random() % 4 != 0)
            take();
        else if (auto one = in.try_receive())
            held.push_back(std::move(one));
        if (!held.empty() && random() % 3 == 0)
        {
            held.front().acknowledge();
            held.erase(held.begin());
        }
        expect_as_inspected(out, queue);
    }
}

BOOST_FIXTURE_TEST_CASE(processes, fixture)
{
    boost_ipq::subscriber second(boost_ipq::open_only, queue);
    BOOST_TEST(in.publishers() == 1u);
    BOOST_TEST(in.subscribers() == 1u);
    test::child child("have_it_open", {queue.name()});
    BOOST_TEST(child.hear() == "open");
    BOOST_TEST(out.subscribers() == 2u);
    BOOST_TEST(out.publishers() == 1u);
    child.tell("end");
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(out.subscribers() == 1u);
}

BOOST_AUTO_TEST_CASE(heap_queue)
{
    using namespace boost_ipq;
    const test::scoped_queue queue;
    basic_publisher<std::allocator<std::byte>, heap_storage> out(
        create_only, queue.options(1000));
    BOOST_TEST(out.capacity() == 1000u);
    BOOST_TEST(out.publishers() == 1u);
    BOOST_TEST(out.subscribers() == 0u);
    out.enqueue("one"sv);
    BOOST_TEST(out.size() == 1u);
    remove_queue<heap_storage>(queue.options(1000));
}

BOOST_AUTO_TEST_CASE(typed_and_asynchronous_handles)
{
    const test::scoped_queue queue;
    boost_ipq::typed_publisher<int> out(
        boost_ipq::create_only, queue.options(1000));
    boost_ipq::typed_subscriber<int> in(boost_ipq::open_only, queue);
    out.enqueue(1);
    BOOST_TEST(in.size() == 1u);
    BOOST_TEST(in.bytes() == 16u);
    BOOST_TEST(out.capacity() == 1000u);
    BOOST_TEST(out.publishers() == 1u);
    BOOST_TEST(out.subscribers() == 1u);
    boost::asio::io_context io;
    boost_ipq::async_subscriber each(
        io.get_executor(), boost_ipq::open_only, queue.name());
    BOOST_TEST(each.size() == 1u);
    BOOST_TEST(each.bytes() == 16u);
    BOOST_TEST(!each.empty());
    BOOST_TEST(each.capacity() == 1000u);
    BOOST_TEST(each.publishers() == 1u);
    BOOST_TEST(each.subscribers() == 1u);
    each.close();
    BOOST_TEST(each.size() == 0u);
}

BOOST_AUTO_TEST_CASE(closed_handle)
{
    const boost_ipq::subscriber in;
    BOOST_TEST(in.empty());
    BOOST_TEST(in.bytes() == 0u);
    BOOST_TEST(in.capacity() == 0u);
    BOOST_TEST(in.publishers() == 0u);
    BOOST_TEST(in.subscribers() == 0u);
}

// An abandoned reservation is no message.
BOOST_AUTO_TEST_CASE(abandoned_reservations)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(4096));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    out.reserve(8);
    out.reserve(8);
    BOOST_TEST(in.size() == 0u);
    BOOST_TEST(in.empty());
    out.enqueue("a", 1);
    out.reserve(8);
    BOOST_TEST(in.size() == 2u); // it has a message in front of it
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(in.size() == 0u);
}
