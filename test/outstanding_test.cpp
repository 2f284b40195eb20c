// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Reservations and deliveries that outlive the handles that made them.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;

namespace {

std::size_t participants(const queue_options& queue)
{
    return inspect(queue).participants.size();
}

std::string next(const queue_options& queue)
{
    subscriber in(open_only, queue);
    std::string message;
    return in.try_dequeue(message) ? message : "-";
}

void fill(const reservation& room, char value)
{
    std::fill_n(static_cast<char*>(room.data()), room.size(), value);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_reservation)
{
    const test::scoped_queue queue;
    reservation room;
    {
        publisher out(create_only, queue.options(1000));
        room = out.try_reserve(3);
    }
    BOOST_TEST(participants(queue) == 1u);
    fill(room, 'r');
    room.commit();
    BOOST_TEST(participants(queue) == 0u);
    BOOST_TEST(next(queue) == "rrr");
}

BOOST_AUTO_TEST_CASE(a_delivery)
{
    const test::scoped_queue queue;
    delivery held, given_back;
    {
        publisher out(create_only, queue.options(1000));
        subscriber in(open_only, queue);
        out.enqueue("a", 1);
        out.enqueue("b", 1);
        held = in.try_receive();
        given_back = in.try_receive();
    }
    given_back.give_back();
    BOOST_TEST(participants(queue) == 1u);
    BOOST_TEST(*static_cast<const char*>(held.data()) == 'a');
    held.acknowledge();
    BOOST_TEST(participants(queue) == 0u);
    BOOST_TEST(next(queue) == "b");
    BOOST_TEST(next(queue) == "-");
}

// Calls that reserve or receive nothing do not count.
BOOST_AUTO_TEST_CASE(calls_that_failed)
{
    const test::scoped_queue queue;
    {
        publisher out(create_only, queue.options(1000));
        subscriber in(open_only, queue);
        BOOST_TEST(!in.try_receive());
        BOOST_TEST(!!out.try_reserve(900)); // and abandons it
        out.enqueue(std::string(900, 'x'));
        BOOST_TEST(!out.try_reserve(900));
        boost::system::error_code ec;
        BOOST_TEST(!out.try_reserve(2000, ec));
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(!in.try_receive());
        BOOST_TEST(!in.timed_receive(std::chrono::milliseconds(1)));
        // While one is held, dead processes are looked for now and then.
        out.enqueue("x", 1);
        const delivery held = in.try_receive();
        BOOST_TEST(!in.try_receive());
        BOOST_TEST(!in.timed_receive(std::chrono::milliseconds(30)));
    }
    BOOST_TEST(participants(queue) == 0u);
}

// The process has one attachment all the time.
BOOST_AUTO_TEST_CASE(opened_again)
{
    const test::scoped_queue queue;
    publisher(create_only, queue.options(1000));
    for (const bool handle_first : {false, true})
    {
        reservation first, second;
        {
            publisher out(open_only, queue);
            first = out.try_reserve(1);
        }
        std::optional<publisher> again(std::in_place, open_only, queue);
        BOOST_TEST(participants(queue) == 1u);
        second = again->try_reserve(2);
        fill(first, '1');
        fill(second, '2');
        first.commit();
        BOOST_TEST(participants(queue) == 1u);
        if (handle_first)
            again.reset();
        second.commit();
        BOOST_TEST(participants(queue) == (handle_first ? 0u : 1u));
        again.reset();
        BOOST_TEST(participants(queue) == 0u);
        BOOST_TEST(next(queue) == "1");
        BOOST_TEST(next(queue) == "22");
    }
}

BOOST_AUTO_TEST_CASE(moved)
{
    const test::scoped_queue queue;
    reservation room, other;
    {
        publisher out(create_only, queue.options(1000));
        room = out.try_reserve(1);
        other = std::move(room);
        room = out.try_reserve(1);
        room = reservation();
    }
    BOOST_TEST(!room);
    BOOST_TEST(participants(queue) == 1u);
    other.abandon();
    BOOST_TEST(participants(queue) == 0u);
}

// The last one is settled by any thread, before or after the last handle is
// closed, or while it is opened again.
BOOST_AUTO_TEST_CASE(by_several_threads)
{
    const test::scoped_queue queue;
    publisher(create_only, queue.options(10000));
    constexpr int each = 8; // reservations
    for (int round = 0; round < 500; ++round)
    {
        std::vector<reservation> rooms[2];
        std::optional<publisher> out(std::in_place, open_only, queue);
        for (int i = 0; i < 2 * each; ++i)
            rooms[i % 2].push_back(out->try_reserve(8));
        const auto settle = [&](int which) {
            for (reservation& room : rooms[which])
                room.abandon();
        };
        std::thread first(settle, 0), second(settle, 1);
        std::thread opener([&] {
            if (round % 2)
                publisher(open_only, queue).try_reserve(8).abandon();
        });
        out.reset();
        first.join();
        second.join();
        opener.join();
        BOOST_REQUIRE(participants(queue) == 0u);
    }
}
