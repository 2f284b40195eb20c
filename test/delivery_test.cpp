// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Messages that are read in place.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;

namespace {

struct fixture : test::queue_fixture<1024>
{
    void send(const std::string& text) { out.enqueue(text); }
};

std::string text(const delivery& message)
{
    return {static_cast<const char*>(message.data()), message.size()};
}

constexpr std::chrono::milliseconds soon{5};

} // namespace

// Argument: the queue. Receives, and ends as commanded.
CHILD_ROLE(receive)
{
    subscriber in(open_only, self.argument(0));
    delivery message = in.receive();
    self.tell(text(message));
    if (self.hear() == "acknowledge")
        message.acknowledge();
    else
        message.give_back();
    self.tell("done");
}

BOOST_FIXTURE_TEST_SUITE(deliveries, fixture)

BOOST_AUTO_TEST_CASE(acknowledged)
{
    send("hello");
    delivery message = in.try_receive();
    BOOST_TEST_REQUIRE(!!message);
    BOOST_TEST(text(message) == "hello");
    BOOST_TEST(!message.redelivered());
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(message.data()) % 8 == 0u);
    BOOST_TEST(!in.try_receive());
    message.acknowledge();
    BOOST_TEST(!message);
    BOOST_TEST(!in.try_receive());
    BOOST_TEST(inspect(queue).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(delivered_again)
{
    send("hello");
    for (int i = 0; i < 3; ++i)
    {
        const delivery message = in.try_receive();
        BOOST_TEST(text(message) == "hello");
        BOOST_TEST(message.redelivered() == (i != 0));
    }
    delivery message = in.try_receive();
    message.give_back();
    BOOST_TEST(!message);
    message.give_back();
    std::string copy;
    BOOST_TEST(in.try_dequeue(copy));
    BOOST_TEST(copy == "hello");
    BOOST_TEST(!in.try_receive());
}

BOOST_AUTO_TEST_CASE(moved)
{
    send("1");
    send("2");
    delivery first = in.try_receive();
    delivery other(std::move(first));
    BOOST_TEST(!first);
    BOOST_TEST(text(other) == "1");
    other = in.try_receive(); // gives its message back
    BOOST_TEST(text(other) == "2");
    other.acknowledge();
    delivery again = in.try_receive();
    BOOST_TEST(text(again) == "1");
    BOOST_TEST(again.redelivered());
    again.acknowledge();
}

// Space is free once the oldest delivery is acknowledged; others may be
// acknowledged before.
BOOST_AUTO_TEST_CASE(acknowledged_in_any_order)
{
    std::vector<delivery> held;
    for (char c = 'a'; c != 'f'; ++c)
        send(std::string(1, c));
    for (char c = 'a'; c != 'f'; ++c)
    {
        held.push_back(in.try_receive());
        BOOST_TEST(text(held.back()) == std::string(1, c));
    }
    held[4].acknowledge();
    held[2].acknowledge();
    BOOST_TEST(inspect(queue).deliveries == 3u);
    BOOST_TEST(inspect(queue).bytes == 5 * 16u);
    held[0].acknowledge();
    BOOST_TEST(inspect(queue).bytes == 4 * 16u);
    held[3].give_back();
    held[1].acknowledge();
    BOOST_TEST(inspect(queue).bytes == 2 * 16u);
    delivery again = in.try_receive();
    BOOST_TEST(text(again) == "d");
    again.acknowledge();
    BOOST_TEST(inspect(queue).bytes == 0u);
    BOOST_TEST(inspect(queue).received == 5u);
}

BOOST_AUTO_TEST_CASE(several_processes)
{
    send("1");
    send("2");
    test::child first("receive", {queue.name()});
    BOOST_TEST(first.hear() == "1");
    test::child second("receive", {queue.name()});
    BOOST_TEST(second.hear() == "2");
    BOOST_TEST(!in.try_receive());
    second.tell("acknowledge");
    BOOST_TEST(second.hear() == "done");
    first.tell("give back");
    BOOST_TEST(first.hear() == "done");
    delivery again = in.try_receive();
    BOOST_TEST(text(again) == "1");
    BOOST_TEST(again.redelivered());
    again.acknowledge();
    BOOST_TEST(!in.try_receive());
    BOOST_TEST(first.wait() == 0);
    BOOST_TEST(second.wait() == 0);
}

BOOST_AUTO_TEST_CASE(empty)
{
    BOOST_TEST(!in.try_receive());
    BOOST_TEST(!in.try_receive(ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!in.timed_receive(soon));
    BOOST_TEST(!in.timed_receive(soon, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!in.receive(test::stop_flag{true}));
    BOOST_TEST(!in.receive(test::stop_flag{true}, ec));
    BOOST_TEST(!ec);
    subscriber closed;
    BOOST_TEST(!closed.try_receive(ec));
    BOOST_TEST(ec == test::code(errc::closed));
}

BOOST_AUTO_TEST_CASE(waits)
{
    for (int i = 0; i < 5; ++i)
        send("x");
    BOOST_TEST(!!in.receive());
    BOOST_TEST(!!in.receive(ec));
    BOOST_TEST(!!in.receive(test::stop_flag{false}));
    BOOST_TEST(!!in.timed_receive(std::chrono::hours(1)));
    while (in.consume_one([](const void*, std::size_t) {}) != 0)
    {
    }
    // A delivery that is given back wakes a sleeper.
    send("again");
    delivery message = in.try_receive();
    std::thread other([&] {
        delivery mine = in.receive();
        BOOST_TEST(text(mine) == "again");
        mine.acknowledge();
    });
    while (inspect(queue).waiting_subscribers == 0)
        std::this_thread::yield();
    message.give_back();
    other.join();
}

BOOST_AUTO_TEST_CASE(canceled)
{
    std::thread other([&] { BOOST_TEST(!in.receive()); });
    while (inspect(queue).waiting_subscribers == 0)
        std::this_thread::yield();
    in.cancel();
    other.join();
}

// An id stays the same in every process, and no two messages have the same.
BOOST_AUTO_TEST_CASE(ids)
{
    for (const char* one : {"a", "b", "c"})
        send(one);
    test::child child("receive", {queue.name()});
    BOOST_TEST(child.hear() == "a");
    delivery second = in.try_receive();
    delivery third = in.try_receive();
    BOOST_TEST(second.id().sequence == 1u);
    BOOST_TEST(third.id().sequence == 2u);
    BOOST_TEST(second.id().epoch != 0u);
    child.kill();
    delivery first = in.receive();
    BOOST_TEST(text(first) == "a");
    BOOST_TEST((first.id() == message_id{second.id().epoch, 0}));
    const auto id = second.id();
    second.release();
    second = in.receive();
    BOOST_TEST((second.id() == id && second.id() != third.id()));
    for (delivery* held : {&first, &second, &third})
        held->acknowledge();
    send("d");
    delivery newest;
    newest = in.try_receive();
    BOOST_TEST(newest.id().sequence == 3u);
    newest.acknowledge();
    const test::scoped_queue other;
    publisher out2(create_only, other.options(1024));
    subscriber in2(open_only, other);
    out2.enqueue("a", 1);
    BOOST_TEST(in2.try_receive().id().sequence == 0u);
    BOOST_TEST(in2.try_receive().id().epoch != id.epoch);
}

// The delivery outlives its subscriber.
BOOST_AUTO_TEST_CASE(subscriber_closed)
{
    send("kept");
    {
        const delivery message = in.try_receive();
        in.close();
        BOOST_TEST(text(message) == "kept");
    }
    subscriber other(open_only, queue);
    BOOST_TEST(other.try_receive().redelivered());
}

BOOST_AUTO_TEST_SUITE_END()
