// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Publishers and subscribers run under full load. They are killed and replaced,
// or stopped and continued, at random times. A ledger outside of the queue
// shows which messages were lost, duplicated, damaged or reordered.
//
// Environment: BOOST_IPQ_STORM_KILLS=1000000 runs for some hours;
// BOOST_IPQ_TEST_SEED=... repeats a storm as far as the scheduler allows.

#include "storm/crew.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr std::size_t capacity = 32768;
constexpr std::uint64_t kills_per_round = 50, stops_per_round = 100;

std::uint64_t wanted_kills()
{
    const char* const given = std::getenv("BOOST_IPQ_STORM_KILLS");
    return given ? std::stoull(given) : 200;
}

// Effects: runs a crew under load and calls `disturb` up to `most` times.
// Returns: how many times; fewer if the ledger is full.
template <class Function>
std::uint64_t run_round(storm::crew& crew, std::uint64_t most, Function disturb)
{
    const storm::ledger& book = crew.book();
    test::watchdog::start(120);
    crew.clear();
    crew.start();
    std::uint64_t count = 0;
    for (; count < most && !book.stop_sending; ++count)
    {
        BOOST_REQUIRE_MESSAGE(
            crew.wait_for_progress(
                1 + crew.random()() % 2000, storm::crew::time_limit) ||
                book.stop_sending,
            "no hang: " << crew.picture());
        disturb();
    }
    crew.finish();
    return count;
}

// Checks after every round: the queue is empty, and takes as much as when it
// was new.
void check_queue(const test::scoped_queue& queue)
{
    boost_ipq::publisher out(boost_ipq::open_only, queue);
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    test::bytes message;
    BOOST_TEST(!in.try_dequeue(message));
    BOOST_TEST(boost_ipq::inspect(queue).messages == 0u);
    const test::bytes largest = test::make_body(0, out.max_message_size());
    BOOST_TEST(out.try_enqueue(largest));
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST((message == largest));
}

} // namespace

BOOST_AUTO_TEST_CASE(storm_of_kills)
{
    const test::random_seed seed;
    const test::scoped_queue queue;
    boost_ipq::publisher(boost_ipq::create_only, queue.options(capacity));
    storm::crew crew(queue.name(), seed.value());
    storm::ledger& book = crew.book();
    std::vector<double> times; // ms
    std::uint64_t sent = 0, lost = 0, unfinished = 0, redelivered = 0;
    std::uint64_t overtaken = 0, killed_publishers = 0, killed_subscribers = 0;

    const std::uint64_t wanted = wanted_kills();
    for (std::uint64_t kills = 0; kills < wanted;)
    {
        kills += run_round(crew, kills_per_round, [&] {
            times.push_back(static_cast<double>(crew.kill_one().count()) / 1e6);
        });
        const storm::balance balance(book);
        BOOST_TEST(book.errors == 0u, book.first_error);
        BOOST_TEST(balance.invented == 0u);
        BOOST_TEST(balance.lost <= crew.killed_subscribers());
        BOOST_TEST(book.overtaken <= crew.killed_subscribers());
        BOOST_TEST(balance.again <= crew.killed_subscribers());
        check_queue(queue);
        sent += balance.sent;
        lost += balance.lost;
        unfinished += balance.unfinished;
        redelivered += book.redelivered;
        overtaken += book.overtaken;
        killed_publishers += crew.killed_publishers();
        killed_subscribers += crew.killed_subscribers();
    }
    std::sort(times.begin(), times.end());
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": killed "
              << killed_publishers << " publishers and " << killed_subscribers
              << " subscribers; of " << sent << " messages " << lost
              << " were lost with their subscribers, " << unfinished
              << " were being sent, " << redelivered << " delivered again, "
              << overtaken << " late; the next message came after "
              << times[times.size() / 2] << " ms (median), " << times.back()
              << " ms (worst)\n";
}

BOOST_AUTO_TEST_CASE(storm_of_stops)
{
    const test::random_seed seed;
    const test::scoped_queue queue;
    boost_ipq::publisher(boost_ipq::create_only, queue.options(capacity));
    storm::crew crew(queue.name(), seed.value());
    storm::ledger& book = crew.book();

    std::uint64_t sent = 0;
    const std::uint64_t wanted = wanted_kills();
    for (std::uint64_t stops = 0; stops < wanted;)
    {
        stops += run_round(crew, stops_per_round, [&] { crew.stop_one(); });
        const storm::balance balance(book);
        BOOST_TEST(book.errors == 0u, book.first_error);
        BOOST_TEST(balance.invented == 0u);
        BOOST_TEST(balance.lost == 0u);
        BOOST_TEST(balance.unfinished == 0u);
        BOOST_TEST(balance.again == 0u);
        BOOST_TEST(book.overtaken == 0u);
        BOOST_TEST(book.redelivered == 0u);
        check_queue(queue);
        sent += balance.sent;
    }
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": stopped "
              << wanted << " times; of " << sent
              << " messages none was lost, duplicated or reordered\n";
}
