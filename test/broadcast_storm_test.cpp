// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Publishers of a broadcast are killed and replaced. Subscribers come, go, lag,
// are killed and are stopped. Those that stay get every message, or are told
// how many they missed.
//
// Environment: BOOST_IPQ_STORM_KILLS=1000 kills that number of processes;
// BOOST_IPQ_BROADCAST_MESSAGES=10000000 sends that number of messages.

#include "support/body.hpp"
#include "support/child_process.hpp"
#include "support/cursor_state.hpp"
#include "support/forked_process.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/shared_object.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/handle/handle_access.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t capacity = 32768;

// In memory that all processes share.
struct board
{
    std::atomic<bool> stop_sending, stop_receiving;
    std::atomic<unsigned> ready, errors;
    std::array<std::atomic<std::uint64_t>, 2> received, missed;
    char first_error[200];

    void fail(const std::string& what)
    {
        if (errors++ == 0)
            std::snprintf(first_error, sizeof first_error, "%s", what.c_str());
    }
};

struct message_head
{
    std::uint64_t life; // of its publisher
    std::uint64_t sequence;
};

test::bytes make_message(const message_head& head, std::size_t size)
{
    test::bytes result =
        test::make_body(head.life * 1'000'003 + head.sequence, size);
    std::memcpy(result.data(), &head, sizeof head);
    return result;
}

void publish(
    const std::string& name, board& shared, std::uint64_t life,
    std::uint32_t seed)
{
    broadcast_publisher out(open_only, name);
    std::mt19937 random(seed);
    for (std::uint64_t sequence = 0; !shared.stop_sending;)
    {
        const std::size_t size =
            sizeof(message_head) + (random() % 50 == 0 ? 9000 : random() % 200);
        const test::bytes message = make_message({life, sequence}, size);
        bool sent = true;
        if (random() % 4 == 0)
        {
            reservation room = out.try_reserve(size);
            sent = bool(room);
            if (room)
            {
                std::memcpy(room.data(), message.data(), size);
                room.commit();
            }
        }
        else
            sent = out.timed_enqueue(message, 5ms);
        sequence += sent;
    }
}

// What one subscriber knows.
class listener
{
public:
    listener(board& shared, bool complete)
        : m_shared(shared),
          m_complete(complete)
    {
    }

    void check(const void* data, std::size_t size)
    {
        message_head head;
        if (size < sizeof head)
            return m_shared.fail("a message of " + std::to_string(size));
        std::memcpy(&head, data, sizeof head);
        const test::bytes expected = make_message(head, size);
        if (std::memcmp(data, expected.data(), size) != 0)
            return m_shared.fail("a message that no process sent");
        const auto last = m_last.find(head.life);
        if (last != m_last.end() &&
            (head.sequence <= last->second ||
             (m_complete && head.sequence != last->second + 1)))
            m_shared.fail(
                "number " + std::to_string(head.sequence) + " after " +
                std::to_string(last->second));
        m_last[head.life] = head.sequence;
        ++received;
    }

    std::uint64_t received = 0;

private:
    board& m_shared;
    const bool m_complete;
    std::map<std::uint64_t, std::uint64_t> m_last;
};

// By every call.
void receive_some(
    broadcast_subscriber& in, listener& mine, std::mt19937& random)
{
    const auto check = [&](const void* data, std::size_t size) {
        mine.check(data, size);
    };
    test::bytes message;
    switch (random() % 4)
    {
    case 0:
        in.consume_all(check);
        break;
    case 1:
        if (delivery first = in.timed_receive(2ms))
        {
            delivery second = in.try_receive();
            check(first.data(), first.size());
            first.acknowledge();
            if (second && random() % 2 == 0)
                second.give_back();
            else if (second)
            {
                check(second.data(), second.size());
                second.acknowledge();
            }
        }
        break;
    default:
        for (int i = 0; i < 20 && in.timed_dequeue(message, 2ms); ++i)
            check(message.data(), message.size());
    }
}

// Stays, and counts. The second one is slow.
void stay(
    const std::string& name, board& shared, std::size_t number, bool complete,
    std::uint32_t seed)
{
    broadcast_subscriber in(open_only, name);
    listener mine(shared, complete);
    std::mt19937 random(seed);
    ++shared.ready;
    while (!shared.stop_receiving || !in.empty())
    {
        receive_some(in, mine, random);
        shared.received[number] = mine.received;
        if (number == 1 && random() % 8 == 0 && !shared.stop_receiving)
            std::this_thread::sleep_for(500us);
    }
    shared.missed[number] = in.missed();
}

void come_and_go(
    const std::string& name, board& shared, bool complete, std::uint32_t seed)
{
    std::mt19937 random(seed);
    while (!shared.stop_receiving)
    {
        broadcast_subscriber in(open_only, name, history(random() % 20));
        listener mine(shared, complete);
        for (unsigned i = random() % 50; i != 0; --i)
            receive_some(in, mine, random);
    }
}

using process = test::forked_process;

// The heavy forms take as long as they take.
void be_patient(const char* variable)
{
    if (std::getenv(variable))
        test::watchdog::start(3600);
}

unsigned wanted_kills()
{
    const char* const given = std::getenv("BOOST_IPQ_STORM_KILLS");
    return given ? static_cast<unsigned>(std::atoi(given)) : 60;
}

void storm(overflow policy)
{
    be_patient("BOOST_IPQ_STORM_KILLS");
    const test::random_seed seed;
    std::mt19937 random(static_cast<std::uint32_t>(seed.value()));
    const test::scoped_queue queue;
    const std::string name = queue.name();
    const bool complete = policy == overflow::block;
    test::shared_object<board> shared;
    const broadcast_publisher keeper(
        create_only, queue.options(capacity).overflow(policy));
    std::vector<process> staying, publishers, others;
    for (std::size_t i = 0; i < 2; ++i)
        staying.emplace_back([&, i, s = random()] {
            stay(name, *shared, i, complete, static_cast<std::uint32_t>(s));
        });
    while (shared->ready != 2)
        std::this_thread::yield();
    std::uint64_t life = 0;
    const auto make_publisher = [&] {
        return process([&, s = random(), mine = ++life] {
            publish(name, *shared, mine, static_cast<std::uint32_t>(s));
        });
    };
    const auto make_other = [&] {
        return process([&, s = random()] {
            come_and_go(name, *shared, complete, static_cast<std::uint32_t>(s));
        });
    };
    for (int i = 0; i < 2; ++i)
        publishers.push_back(make_publisher());
    for (int i = 0; i < 3; ++i)
        others.push_back(make_other());

    std::chrono::nanoseconds worst{0};
    unsigned killed_publishers = 0;
    for (unsigned i = 0; i < wanted_kills(); ++i)
    {
        const std::uint64_t goal = shared->received[0] + random() % 500;
        const auto wait_for = [&](std::uint64_t number) {
            const auto begin = std::chrono::steady_clock::now();
            while (shared->received[0] < number)
            {
                BOOST_REQUIRE(std::chrono::steady_clock::now() - begin < 10s);
                std::this_thread::yield();
            }
            return std::chrono::steady_clock::now() - begin;
        };
        wait_for(goal);
        const unsigned victim = random() % 5;
        if (victim < 2)
        {
            publishers[victim].kill();
            ++killed_publishers;
            publishers[victim] = make_publisher();
        }
        else
            others[victim - 2].kill();
        worst = (std::max)(
            worst,
            std::chrono::nanoseconds(wait_for(shared->received[0] + 200)));
        if (victim >= 2)
            others[victim - 2] = make_other();
    }
    shared->stop_sending = true;
    for (auto& each : publishers)
        BOOST_TEST(each.wait());
    shared->stop_receiving = true;
    for (auto& each : others)
        BOOST_TEST(each.wait());
    for (auto& each : staying)
        BOOST_TEST(each.wait());

    BOOST_TEST(shared->errors == 0u, shared->first_error);
    const std::uint64_t sent = inspect(name).sent;
    for (std::size_t i = 0; i < 2; ++i)
    {
        const std::uint64_t counted = shared->received[i] + shared->missed[i];
        // A publisher that was killed may have left a reservation.
        BOOST_TEST(counted <= sent);
        BOOST_TEST(counted + killed_publishers >= sent);
        if (complete)
            BOOST_TEST(shared->missed[i] == 0u);
    }
    std::cout << "BOOST_IPQ_TEST_SEED=" << seed.value() << ": of " << sent
              << " messages, the slow one missed " << shared->missed[1]
              << "; 200 messages came within " << worst.count() / 1'000'000
              << " ms after each of " << wanted_kills() << " kills\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast_storm)

BOOST_AUTO_TEST_CASE(block)
{
    storm(overflow::block);
}

BOOST_AUTO_TEST_CASE(drop_oldest)
{
    storm(overflow::drop_oldest);
}

std::uint64_t wanted_messages()
{
    const char* const given = std::getenv("BOOST_IPQ_BROADCAST_MESSAGES");
    return given ? std::strtoull(given, nullptr, 10) : 20'000;
}

// Two processes send messages of 1 to 2,000 bytes, six receive all of them.
struct ledger
{
    static constexpr std::size_t publishers = 2, subscribers = 6;

    std::atomic<unsigned> ready, sent_all;
    std::array<std::atomic<std::uint64_t>, subscribers> received, missed;
};

test::bytes numbered(std::uint64_t publisher, std::uint64_t number)
{
    const std::uint64_t stamp = publisher << 48 | number;
    test::bytes result = test::make_body(stamp, 1 + stamp * 2654435761u % 2000);
    std::memcpy(result.data(), &stamp, (std::min)(result.size(), sizeof stamp));
    return result;
}

// Those of one byte carry no number: they are only counted.
void check_numbered(
    const test::bytes& message, std::array<std::uint64_t, 2>& last,
    bool complete)
{
    std::uint64_t stamp = 0;
    if (message.size() < sizeof stamp)
        return;
    std::memcpy(&stamp, message.data(), sizeof stamp);
    const std::size_t publisher = stamp >> 48;
    const std::uint64_t number = stamp & 0xffffffffffffu;
    test::require(publisher < last.size(), "a message that no process sent");
    test::require(message == numbered(publisher, number), "a damaged message");
    test::require(number > last[publisher], "a message came twice, or late");
    // Between two that carry a number, only such as are too short for it.
    for (std::uint64_t i = last[publisher] + 1; complete && i < number; ++i)
        test::require(
            numbered(publisher, i).size() < sizeof stamp, "a message is lost");
    last[publisher] = number;
}

void exchange_all(overflow policy)
{
    be_patient("BOOST_IPQ_BROADCAST_MESSAGES");
    const test::scoped_queue queue;
    const std::string name = queue.name();
    const std::uint64_t each = wanted_messages() / ledger::publishers;
    test::shared_object<ledger> shared;
    const broadcast_publisher keeper(
        create_only, queue.options(1 << 20).overflow(policy));
    std::vector<process> all;
    for (std::size_t i = 0; i < ledger::subscribers; ++i)
        all.emplace_back([&, i] {
            broadcast_subscriber in(open_only, name);
            std::array<std::uint64_t, 2> last{};
            ++shared->ready;
            test::bytes message;
            std::uint64_t count = 0;
            for (;;)
            {
                const bool ends = shared->sent_all == ledger::publishers;
                if (in.timed_dequeue(message, 5ms))
                {
                    check_numbered(message, last, policy == overflow::block);
                    ++count;
                }
                else if (ends)
                    break;
            }
            shared->received[i] = count;
            shared->missed[i] = in.missed();
        });
    while (shared->ready != ledger::subscribers)
        std::this_thread::yield();
    for (std::uint64_t k = 0; k < ledger::publishers; ++k)
        all.emplace_back([&, k] {
            broadcast_publisher out(open_only, name);
            for (std::uint64_t number = 1; number <= each; ++number)
                out.enqueue(numbered(k, number));
            ++shared->sent_all;
        });
    for (auto& member : all)
        BOOST_TEST(member.wait());
    for (std::size_t i = 0; i < ledger::subscribers; ++i)
    {
        BOOST_TEST(
            shared->received[i] + shared->missed[i] ==
            ledger::publishers * each);
        if (policy == overflow::block)
            BOOST_TEST(shared->missed[i] == 0u);
        std::cout << "subscriber " << i << ": " << shared->received[i]
                  << " received, " << shared->missed[i] << " missed\n";
    }
}

BOOST_AUTO_TEST_CASE(every_message_to_every_subscriber)
{
    exchange_all(overflow::block);
}

BOOST_AUTO_TEST_CASE(every_message_is_received_or_missed)
{
    exchange_all(overflow::drop_oldest);
}

// A subscriber that is stopped at a random moment, while it copies or skips to
// the newest messages, holds no publisher up. It takes the publishers' lock
// only when it joins.
void stop_at_random(
    std::size_t size, unsigned stops, std::mt19937& random,
    const std::function<void(broadcast_subscriber&, test::bytes&)>& receive)
{
    const test::scoped_queue queue;
    broadcast_publisher out(
        create_only,
        queue.options(4 * (size + 64)).overflow(overflow::drop_oldest));
    const test::bytes message(size);
    for (unsigned i = 0; i < stops; ++i)
    {
        test::shared_object<std::atomic<bool>> joined;
        process subscriber([&] {
            broadcast_subscriber in(open_only, queue.name());
            *joined = true;
            test::bytes copy;
            for (;;)
                receive(in, copy);
        });
        while (!*joined)
            std::this_thread::yield();
        const auto until = std::chrono::steady_clock::now() +
                           std::chrono::microseconds(random() % 3000);
        while (std::chrono::steady_clock::now() < until)
            out.try_enqueue(message);
        subscriber.signal(SIGSTOP);
        for (int sent = 0; sent < 20; ++sent)
            BOOST_REQUIRE(out.try_enqueue(message));
    }
}

BOOST_AUTO_TEST_CASE(stopped_while_it_copies)
{
    be_patient("BOOST_IPQ_STORM_KILLS");
    const test::random_seed seed;
    std::mt19937 random(static_cast<std::uint32_t>(seed.value()));
    const unsigned stops = wanted_kills() >= 500 ? 80 : 8;
    for (const std::size_t size : {8, 1024, 16'384, 200'000})
    {
        stop_at_random(
            size, stops, random,
            [](broadcast_subscriber& in, auto& copy) { in.dequeue(copy); });
        stop_at_random(
            size, stops, random, [](broadcast_subscriber& in, auto& copy) {
                in.try_dequeue_latest(copy);
            });
        // What a subscriber does that was overtaken several times.
        stop_at_random(
            size, stops, random, [](broadcast_subscriber& in, auto&) {
                test::state_of(*detail::handle_access::ring(in).reader())
                    .mine.skip_to_newest(0);
            });
    }
}

BOOST_AUTO_TEST_SUITE_END()
