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
#include "storm/workers.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

namespace {

// Capacities from the smallest to megabytes, none a power of two but one.
struct shape
{
    std::size_t capacity, alignment;
    boost_ipq::lifetime lifetime;
};

constexpr shape shapes[] = {
    {32'768, 8, boost_ipq::lifetime::persistent},
    {40, 8, boost_ipq::lifetime::while_open},
    {1'000'003, 16, boost_ipq::lifetime::persistent},
    {4097, 32, boost_ipq::lifetime::while_open},
    {104, 64, boost_ipq::lifetime::persistent},
    {50'001, 64, boost_ipq::lifetime::while_open},
    {3'333'333, 8, boost_ipq::lifetime::persistent},
    {1000, 16, boost_ipq::lifetime::while_open}};

storm::plan plan_for(const test::scoped_queue& queue, const shape& how)
{
    storm::plan result(queue.options(how.capacity));
    result.options.message_alignment(how.alignment).lifetime(how.lifetime);
    result.alignment = how.alignment;
    result.most_progress = how.capacity < 2000 ? 200 : 1000;
    return result;
}

std::uint64_t wanted_kills()
{
    const char* const given = std::getenv("BOOST_IPQ_STORM_KILLS");
    return given ? std::stoull(given) : 200;
}

// How often a crew is disturbed before it ends and is counted.
std::uint64_t in_one_round(std::uint64_t wanted)
{
    return wanted <= 1000 ? 25 : 100;
}

// Effects: runs a crew under load and calls `disturb` up to `most` times.
// Returns: how many times; fewer if the ledger is full.
template <class Function>
std::uint64_t run_round(
    storm::crew& crew, const storm::plan& how, storm::crew::work_function work,
    std::uint64_t most, Function disturb)
{
    const storm::ledger& book = crew.book();
    crew.clear();
    crew.start(how, work);
    std::uint64_t count = 0;
    for (; count < most && !book.stop_sending; ++count)
    {
        test::watchdog::start(120);
        BOOST_REQUIRE_MESSAGE(
            crew.wait_for_progress(
                1 + crew.random()() % how.most_progress,
                storm::crew::time_limit) ||
                book.stop_sending,
            "no hang: " << crew.picture());
        disturb();
    }
    crew.finish();
    BOOST_TEST(book.errors == 0u, book.first_error);
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
    const auto status = boost_ipq::inspect(queue);
    BOOST_TEST(status.messages == 0u);
    BOOST_TEST(status.reservations == 0u);
    BOOST_TEST(status.deliveries == 0u);
    const test::bytes largest = test::make_body(0, out.max_message_size());
    BOOST_TEST(out.try_enqueue(largest));
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST((message == largest));
}

struct totals
{
    std::uint64_t sent = 0, lost = 0, unfinished = 0, redelivered = 0;
    std::uint64_t returned = 0, overtaken = 0, forks = 0;

    void add(const storm::ledger& book, const storm::balance& balance)
    {
        sent += balance.sent;
        lost += balance.lost;
        unfinished += balance.unfinished;
        redelivered += book.redelivered;
        returned += book.returned;
        overtaken += book.overtaken;
        forks += book.forks;
    }

    friend std::ostream& operator<<(std::ostream& out, const totals& all)
    {
        return out << "of " << all.sent << " messages " << all.lost
                   << " were lost with their subscribers, " << all.unfinished
                   << " were being sent, " << all.redelivered
                   << " delivered again, " << all.returned << " given back, "
                   << all.overtaken << " late; " << all.forks << " forks";
    }
};

struct storm_fixture
{
    ~storm_fixture()
    {
        if (times.empty())
            return;
        std::sort(times.begin(), times.end());
        std::cout << "the next message came after " << times[times.size() / 2]
                  << " ms (median), " << times.back() << " ms (worst)\n";
    }

    void kill_one()
    {
        times.push_back(static_cast<double>(crew.kill_one().count()) / 1e6);
    }

    const test::random_seed seed;
    storm::crew crew{seed.value()};
    storm::ledger& book = crew.book();
    std::vector<double> times; // ms
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(storms, storm_fixture)

BOOST_AUTO_TEST_CASE(storm_of_kills)
{
    if (test::with_address_sanitizer)
        test::skip("workers that fork: the locks of AddressSanitizer do not "
                   "survive it");
    totals all;
    std::uint64_t killed_publishers = 0, killed_subscribers = 0;
    const std::uint64_t wanted = wanted_kills();
    std::size_t round = 0;
    for (std::uint64_t kills = 0; kills < wanted; ++round)
    {
        const test::scoped_queue queue;
        storm::plan how = plan_for(queue, shapes[round % std::size(shapes)]);
        how.throws = true;
        boost_ipq::publisher keeper(boost_ipq::create_only, how.options);
        if (how.options.lifetime() == boost_ipq::lifetime::persistent)
            keeper.close();
        kills += run_round(
            crew, how, nullptr, in_one_round(wanted), [&] { kill_one(); });
        const storm::balance balance(book);
        BOOST_TEST(balance.invented == 0u);
        // A message that a process was just copying is lost with it, and so are
        // those of its child. What it had claimed in a run comes late.
        BOOST_TEST(
            balance.lost <=
            crew.killed_subscribers() + book.forks - book.finished_forks);
        BOOST_TEST(
            book.overtaken <= 64 * (crew.killed_subscribers() + book.forks -
                                    book.finished_forks + book.broken_runs));
        check_queue(queue);
        all.add(book, balance);
        killed_publishers += crew.killed_publishers();
        killed_subscribers += crew.killed_subscribers();
        keeper.close();
        if (how.options.lifetime() == boost_ipq::lifetime::while_open)
            BOOST_TEST(test::leftovers(queue.name()).empty());
    }
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": killed "
              << killed_publishers << " publishers and " << killed_subscribers
              << " subscribers in " << round << " queues; " << all << "; ";
}

BOOST_AUTO_TEST_CASE(storm_of_stops)
{
    totals all;
    const std::uint64_t wanted = wanted_kills() / 2;
    std::size_t round = 0;
    for (std::uint64_t stops = 0; stops < wanted; ++round)
    {
        const test::scoped_queue queue;
        const storm::plan how =
            plan_for(queue, shapes[3 * round % std::size(shapes)]);
        const boost_ipq::publisher keeper(boost_ipq::create_only, how.options);
        stops += run_round(crew, how, nullptr, 2 * in_one_round(wanted), [&] {
            crew.stop_one();
        });
        const storm::balance balance(book);
        BOOST_TEST(balance.invented == 0u);
        BOOST_TEST(balance.lost == 0u);
        BOOST_TEST(balance.unfinished == 0u);
        BOOST_TEST(book.overtaken == 0u);
        BOOST_TEST(book.redelivered == 0u);
        check_queue(queue);
        all.add(book, balance);
    }
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": stopped "
              << wanted << " times; " << all << "\n";
}

// Queues end with their last process, while others open them, or create the
// next, and are killed. What was in a queue that ended is lost.
BOOST_AUTO_TEST_CASE(storm_of_queues)
{
    totals all;
    std::uint64_t opened = 0;
    const std::uint64_t wanted = wanted_kills() / 8;
    std::size_t round = 0;
    for (std::uint64_t kills = 0; kills < wanted; ++round)
    {
        const test::scoped_queue queue;
        storm::plan how = plan_for(
            queue, {round % 2 ? 100'003u : 1000u, 16,
                    boost_ipq::lifetime::while_open});
        how.waits = false;
        how.time_limit = std::chrono::milliseconds(1);
        kills += run_round(
            crew, how, &storm::come_and_go, in_one_round(wanted),
            [&] { kill_one(); });
        const storm::balance balance(book);
        BOOST_TEST(balance.invented == 0u);
        BOOST_TEST(test::leftovers(queue.name()).empty());
        all.add(book, balance);
        opened += book.opened;
    }
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": killed " << wanted
              << " processes that opened queues " << opened << " times; " << all
              << "; ";
}

BOOST_AUTO_TEST_SUITE_END()
