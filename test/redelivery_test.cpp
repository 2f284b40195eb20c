// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// 10,000 redeliveries: subscribers are killed between receive() and
// acknowledge(). Every message is acknowledged, none is lost.

#include "support/child_process.hpp"
#include "support/mapped_object.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

// Starting a process takes much longer on Windows.
#if defined(_WIN32)
constexpr std::uint64_t wanted = 1000;
#else
constexpr std::uint64_t wanted = 10000;
#endif
constexpr std::uint32_t at_once = 16; // deliveries of one victim
constexpr std::uint32_t most_messages = 1 << 16;

struct ledger
{
    std::atomic<std::uint64_t> redelivered;
    std::atomic<std::uint64_t> wrong; // first seen, but called redelivered
    std::atomic<std::uint8_t> seen[most_messages];
    std::atomic<std::uint8_t> acknowledged[most_messages];

    std::uint32_t see(const boost_ipq::delivery& message)
    {
        std::uint32_t number;
        std::memcpy(&number, message.data(), sizeof number);
        const bool before = seen[number].exchange(1) != 0;
        redelivered += message.redelivered();
        // It may have been claimed and never returned, but not the reverse.
        wrong += before && !message.redelivered();
        return number;
    }

    void acknowledge(boost_ipq::delivery& message, std::uint32_t number)
    {
        message.acknowledge();
        ++acknowledged[number];
    }
};

} // namespace

// Takes all it can, acknowledges some, and waits for its death. Arguments: the
// queue, the ledger, how many it acknowledges.
CHILD_ROLE(victim)
{
    const test::mapped_object<ledger> book(self.argument(1));
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    std::vector<boost_ipq::delivery> held;
    std::vector<std::uint32_t> numbers;
    while (held.size() != at_once)
    {
        held.push_back(in.receive());
        numbers.push_back(book->see(held.back()));
    }
    for (std::size_t i = 0; i < at_once; i += 1 + self.number(2))
        book->acknowledge(held[i], numbers[i]);
    self.tell("ready");
    self.hear();
}

BOOST_AUTO_TEST_CASE(ten_thousand)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(8192));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    const test::mapped_object<ledger> book;
    std::uint32_t sent = 0;
    std::uint64_t kills = 0;
    test::watchdog::start(120);
    while (book->redelivered < wanted)
    {
        // Until it is full of what dead victims hold.
        while (sent != most_messages &&
               boost_ipq::inspect(queue).messages < at_once &&
               out.try_enqueue(&sent, sizeof sent))
            ++sent;
        BOOST_TEST_REQUIRE(sent != most_messages);
        test::child victim = test::child::copy(
            "victim",
            {queue.name(), book.path(), std::to_string(random() % at_once)});
        BOOST_REQUIRE(victim.hear() == "ready");
        victim.kill();
        ++kills;
    }
    // What is left, to a survivor.
    for (boost_ipq::delivery last;
         (last = in.timed_receive(std::chrono::milliseconds(500)));)
        book->acknowledge(last, book->see(last));
    std::uint64_t lost = 0, doubled = 0;
    for (std::uint32_t i = 0; i != sent; ++i)
    {
        lost += book->acknowledged[i] == 0;
        doubled += book->acknowledged[i] > 1;
    }
    BOOST_TEST(lost == 0u);
    BOOST_TEST(doubled == 0u);
    BOOST_TEST(book->wrong == 0u);
    std::cout << kills << " kills, " << book->redelivered << " redeliveries of "
              << sent << " messages\n";
}
