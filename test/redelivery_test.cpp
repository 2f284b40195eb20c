// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// 10,000 redeliveries: subscribers are killed between receive() and
// acknowledge(). Every message is acknowledged, none is lost.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/shared_object.hpp"
#include "support/watchdog.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/test/unit_test.hpp>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <random>
#include <vector>

namespace {

constexpr std::uint64_t wanted = 10000;
constexpr std::uint32_t at_once = 16; // deliveries of one victim
constexpr std::uint32_t most_messages = 1 << 16;

struct ledger
{
    sem_t ready; // a token when a victim may be killed
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

// Takes all it can, acknowledges some, and waits for its death.
[[noreturn]] void
be_victim(ledger& book, boost_ipq::subscriber& in, std::uint32_t some)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::vector<boost_ipq::delivery> held;
    std::vector<std::uint32_t> numbers;
    while (held.size() != at_once)
    {
        held.push_back(in.receive());
        numbers.push_back(book.see(held.back()));
    }
    for (std::size_t i = 0; i < at_once; i += 1 + some)
        book.acknowledge(held[i], numbers[i]);
    ::sem_post(&book.ready);
    for (;;)
        ::pause();
}

} // namespace

BOOST_AUTO_TEST_CASE(ten_thousand)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(8192));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    test::shared_object<ledger> book;
    ::sem_init(&book->ready, 1, 0);
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
        const auto some = static_cast<std::uint32_t>(random() % at_once);
        std::cout.flush(); // or the child writes it again
        const pid_t victim = ::fork();
        if (victim == 0)
            be_victim(*book, in, some);
        while (::sem_wait(&book->ready) != 0 && errno == EINTR)
        {
        }
        ::kill(victim, SIGKILL);
        ::waitpid(victim, nullptr, 0);
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
