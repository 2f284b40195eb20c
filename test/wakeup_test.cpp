// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How fast a waiting process is woken, and how little processor time it uses.

#include "support/child_process.hpp"
#include "support/asleep.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <time.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock; // common to all processes

std::int64_t now()
{
    return std::chrono::nanoseconds(clock_type::now().time_since_epoch())
        .count();
}

std::uint64_t used_processor_time() // nanoseconds
{
    struct timespec time;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
           static_cast<std::uint64_t>(time.tv_nsec);
}

constexpr unsigned rounds = 200;

void expect_quick(const char* what, std::vector<std::uint64_t> delays)
{
    BOOST_REQUIRE(delays.size() == rounds);
    std::sort(delays.begin(), delays.end());
    const auto p10 = delays[rounds / 10], median = delays[rounds / 2],
               p99 = delays[rounds * 99 / 100];
    BOOST_TEST_MESSAGE(
        what << " woken in: p10 " << p10 / 1000 << " us, median "
             << median / 1000 << " us, p99 " << p99 / 1000 << " us, most "
             << delays.back() / 1000 << " us");
    // A sleep that no process ends takes 50 ms. A busy machine delays some
    // rounds.
    BOOST_TEST(p10 < 1'000'000u); // ns
    BOOST_TEST(median < 40'000'000u);
}

} // namespace

// Reports how long after its sending each message arrived.
CHILD_ROLE(woken_subscriber)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    for (unsigned i = 0; i < rounds; ++i)
    {
        std::int64_t sent;
        std::size_t size;
        in.dequeue(&sent, sizeof sent, size);
        self.tell(static_cast<unsigned long long>(now() - sent));
    }
}

BOOST_AUTO_TEST_CASE(subscriber_is_woken)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    test::child subscriber("woken_subscriber", {queue.name()});
    std::vector<std::uint64_t> delays;
    for (unsigned i = 0; i < rounds; ++i)
    {
        BOOST_REQUIRE(test::subscriber_sleeps(queue.name(), subscriber.pid()));
        const std::int64_t sent = now();
        out.enqueue(&sent, sizeof sent);
        delays.push_back(subscriber.hear_number());
    }
    BOOST_TEST(subscriber.wait() == 0);
    expect_quick("a subscriber is", delays);
}

// Sends the time at which it found room.
CHILD_ROLE(woken_publisher)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const std::vector<char> filling(out.max_message_size());
    for (unsigned i = 0; i < rounds; ++i)
    {
        out.enqueue(filling);
        self.tell(static_cast<unsigned long long>(now()));
    }
}

BOOST_AUTO_TEST_CASE(publisher_is_woken)
{
    const test::scoped_queue queue;
    boost_ipq::subscriber in(boost_ipq::create_only, queue.options(1000));
    test::child publisher("woken_publisher", {queue.name()});
    publisher.hear(); // the first message found an empty queue
    std::vector<std::uint64_t> delays;
    std::vector<std::byte> message(1000);
    for (unsigned i = 1; i < rounds; ++i)
    {
        BOOST_REQUIRE(test::publisher_sleeps(queue.name(), publisher.pid()));
        const std::int64_t taken = now();
        BOOST_REQUIRE(in.try_dequeue(message));
        delays.push_back(
            publisher.hear_number() - static_cast<std::uint64_t>(taken));
    }
    BOOST_TEST(publisher.wait() == 0);
    delays.push_back(delays.back());
    expect_quick("a publisher is", delays);
}

// Reports how much processor time it used while it waited.
CHILD_ROLE(idle_subscriber)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    std::vector<std::byte> message(100);
    const auto begin = used_processor_time();
    test::require(
        !in.timed_dequeue(message, std::chrono::seconds(2)), "a message");
    self.tell(used_processor_time() - begin);
}

CHILD_ROLE(idle_publisher)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const auto begin = used_processor_time();
    test::require(
        !out.timed_enqueue("no room", 7, std::chrono::seconds(2)), "room");
    self.tell(used_processor_time() - begin);
}

BOOST_AUTO_TEST_CASE(idle)
{
    const test::scoped_queue empty, full;
    boost_ipq::publisher to_empty(boost_ipq::create_only, empty.options(1000));
    boost_ipq::publisher to_full(boost_ipq::create_only, full.options(16));
    to_full.enqueue("x", 1);
    test::child subscriber("idle_subscriber", {empty.name()});
    test::child publisher("idle_publisher", {full.name()});
    for (test::child* const child : {&subscriber, &publisher})
    {
        const auto used = child->hear_number();
        BOOST_TEST_MESSAGE("idle for 2 s: used " << used / 1000 << " us");
        BOOST_TEST(used < 20'000'000u); // 1 % of a core, in ns
        BOOST_TEST(child->wait() == 0);
    }
}
