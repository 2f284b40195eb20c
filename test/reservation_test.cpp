// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Messages that are written in place.

#include "support/body.hpp"
#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;

namespace {

struct fixture : test::queue_fixture<1024>
{
    void fill(const reservation& room, const std::string& text)
    {
        std::memcpy(room.data(), text.data(), text.size());
    }
};

constexpr std::chrono::milliseconds soon{5};

} // namespace

// Argument: the queue. Reserves, and commits when commanded.
CHILD_ROLE(reserve)
{
    publisher out(open_only, self.argument(0));
    reservation room = out.reserve(5);
    self.tell("reserved");
    self.hear();
    std::memcpy(room.data(), "child", 5);
    room.commit();
    self.tell("committed");
}

BOOST_FIXTURE_TEST_SUITE(reservations, fixture)

BOOST_AUTO_TEST_CASE(committed)
{
    reservation room = out.try_reserve(5);
    BOOST_TEST_REQUIRE(!!room);
    BOOST_TEST(room.size() == 5u);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(room.data()) % 8 == 0u);
    BOOST_TEST(take() == "-");
    fill(room, "hello");
    room.commit();
    BOOST_TEST(!room);
    BOOST_TEST(take() == "hello");
}

BOOST_AUTO_TEST_CASE(committed_shorter)
{
    for (const std::size_t size : {0u, 1u, 8u, 90u, 99u, 100u})
    {
        reservation room = out.try_reserve(100);
        fill(room, std::string(100, 'x'));
        room.commit(size);
        BOOST_TEST(take() == std::string(size, 'x'));
    }
    BOOST_TEST(take() == "-");
    BOOST_TEST(inspect(queue).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(committed_longer)
{
    reservation room = out.try_reserve(5);
    BOOST_TEST(test::thrown([&] {
                   room.commit(6);
               }) == test::code(errc::invalid_argument));
    room.commit(6, ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    BOOST_TEST_REQUIRE(!!room);
    fill(room, "still");
    room.commit();
    BOOST_TEST(take() == "still");
}

BOOST_AUTO_TEST_CASE(abandoned)
{
    {
        const reservation room = out.try_reserve(5);
        out.enqueue("next", 4);
        BOOST_TEST(take() == "-");
    }
    BOOST_TEST(take() == "next");
    reservation room = out.try_reserve(5);
    room.abandon();
    BOOST_TEST(!room);
    room.abandon();
    BOOST_TEST(take() == "-");
}

BOOST_AUTO_TEST_CASE(moved)
{
    reservation first = out.try_reserve(1);
    reservation second(std::move(first));
    BOOST_TEST(!first);
    fill(second, "2");
    reservation third = out.try_reserve(1);
    third = std::move(second); // abandons its reservation
    third.commit();
    BOOST_TEST(take() == "2");
    BOOST_TEST(take() == "-");
}

// Delivered in the order of reservation.
BOOST_AUTO_TEST_CASE(committed_in_any_order)
{
    std::vector<reservation> rooms;
    for (char c = 'a'; c != 'f'; ++c)
    {
        rooms.push_back(out.try_reserve(1));
        fill(rooms.back(), std::string(1, c));
    }
    rooms[4].commit();
    rooms[1].commit();
    BOOST_TEST(take() == "-");
    rooms[2].abandon();
    rooms[0].commit();
    BOOST_TEST(take() == "a");
    BOOST_TEST(take() == "b");
    BOOST_TEST(take() == "-");
    rooms[3].commit();
    BOOST_TEST(take() == "d");
    BOOST_TEST(take() == "e");
    BOOST_TEST(take() == "-");
}

BOOST_AUTO_TEST_CASE(several_processes)
{
    test::child other("reserve", {queue.name()});
    BOOST_TEST(other.hear() == "reserved");
    reservation mine = out.try_reserve(4);
    fill(mine, "mine");
    mine.commit();
    BOOST_TEST(inspect(queue).reservations == 1u);
    BOOST_TEST(take() == "-");
    other.tell("commit");
    BOOST_TEST(other.hear() == "committed");
    BOOST_TEST(take() == "child");
    BOOST_TEST(take() == "mine");
    BOOST_TEST(other.wait() == 0);
}

BOOST_AUTO_TEST_CASE(full)
{
    reservation all = out.try_reserve(out.max_message_size());
    BOOST_TEST_REQUIRE(!!all);
    BOOST_TEST(!out.try_reserve(0));
    BOOST_TEST(!out.try_reserve(0, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!out.timed_reserve(1, soon));
    BOOST_TEST(!out.timed_reserve(1, soon, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!out.reserve(1, test::stop_flag{true}));
    BOOST_TEST(!out.reserve(1, test::stop_flag{true}, ec));
    BOOST_TEST(!ec);
    all.abandon();
    BOOST_TEST(!!out.try_reserve(out.max_message_size(), ec));
}

// A sleeping publisher is notified.
BOOST_AUTO_TEST_CASE(waits_for_room)
{
    reservation all = out.try_reserve(out.max_message_size());
    std::thread other([&] {
        reservation room = out.reserve(1, ec);
        fill(room, "w");
        room.commit();
    });
    while (inspect(queue).waiting_publishers == 0)
        std::this_thread::yield();
    all.abandon();
    other.join();
    BOOST_TEST(take() == "w");
    reservation timed = out.timed_reserve(1, std::chrono::hours(1));
    BOOST_TEST(!!timed);
    BOOST_TEST(!!out.reserve(1));
    BOOST_TEST(!!out.reserve(1, test::stop_flag{false}));
}

BOOST_AUTO_TEST_CASE(too_large)
{
    const std::size_t size = out.max_message_size() + 1;
    BOOST_CHECK_THROW(out.try_reserve(size), message_too_large);
    BOOST_CHECK_THROW(out.reserve(size), message_too_large);
    BOOST_CHECK_THROW(out.timed_reserve(size, soon), message_too_large);
    BOOST_TEST(!out.try_reserve(~std::size_t(0), ec));
    BOOST_TEST(ec == test::code(errc::message_too_large));
    BOOST_TEST(!out.reserve(size, ec));
    BOOST_TEST(ec == test::code(errc::message_too_large));
    publisher closed;
    BOOST_TEST(!closed.try_reserve(1, ec));
    BOOST_TEST(ec == test::code(errc::closed));
}

// The reservation outlives its publisher.
BOOST_AUTO_TEST_CASE(publisher_closed)
{
    reservation room = out.try_reserve(4);
    out.close();
    fill(room, "late");
    room.commit();
    BOOST_TEST(take() == "late");
}

BOOST_AUTO_TEST_SUITE_END()
