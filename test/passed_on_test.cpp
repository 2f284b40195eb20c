// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A sleeper that is woken and cannot use the message or the room wakes another:
// neither has to wait until a sleep ends by itself.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr unsigned rounds = 60;
// If wake-ups were lost, about half of the rounds would stall, for up to 50 ms.
// On a busy machine some rounds stall anyway.
constexpr unsigned most_stalls = rounds / 3;

class stall_counter
{
public:
    template <class Function>
    void measure(Function function)
    {
        const auto begin = clock_type::now();
        function();
        m_stalls += clock_type::now() - begin > 15ms;
    }

    ~stall_counter() { BOOST_TEST(m_stalls <= most_stalls); }

private:
    unsigned m_stalls = 0;
};

} // namespace

// One subscriber's buffer is too small for the message.
BOOST_AUTO_TEST_CASE(buffer_too_small)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    stall_counter stalls;
    for (unsigned i = 0; i < rounds; ++i)
    {
        // In either order.
        const auto small = [&] {
            boost_ipq::subscriber in(boost_ipq::open_only, queue);
            std::byte buffer[1];
            std::size_t size;
            boost::system::error_code ec;
            in.dequeue(buffer, sizeof buffer, size, ec);
        };
        std::atomic<bool> received{false};
        const auto large = [&] {
            boost_ipq::subscriber in(boost_ipq::open_only, queue);
            std::vector<std::byte> message;
            in.dequeue(message);
            received = true;
        };
        std::thread first = i % 2 ? std::thread(small) : std::thread(large);
        BOOST_REQUIRE(test::subscribers_wait(queue.name(), 1));
        std::thread second = i % 2 ? std::thread(large) : std::thread(small);
        BOOST_REQUIRE(test::subscribers_wait(queue.name(), 2));
        stalls.measure([&] {
            out.enqueue("large", 5);
            while (!received)
                std::this_thread::yield();
        });
        // If the subscriber with the small buffer still waits, this message is
        // for it.
        out.enqueue("", 0);
        first.join();
        second.join();
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        std::vector<std::byte> left;
        in.try_dequeue(left);
    }
}

// The message of one publisher does not fit the room that was made.
BOOST_AUTO_TEST_CASE(not_enough_room)
{
    stall_counter stalls;
    for (unsigned i = 0; i < rounds; ++i)
    {
        const test::scoped_queue queue;
        boost_ipq::publisher out(boost_ipq::create_only, queue.options(800));
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        std::vector<std::byte> message;
        out.enqueue(std::string(200, 'f'));
        while (out.try_enqueue(std::string(72, 'f')))
            ;
        const auto large = [&] { out.enqueue(std::string(600, 'l')); };
        std::atomic<bool> sent{false};
        const auto small = [&] {
            out.enqueue(std::string(72, 's'));
            sent = true;
        };
        std::thread first = i % 2 ? std::thread(small) : std::thread(large);
        BOOST_REQUIRE(test::publishers_wait(queue.name(), 1));
        std::thread second = i % 2 ? std::thread(large) : std::thread(small);
        BOOST_REQUIRE(test::publishers_wait(queue.name(), 2));
        stalls.measure([&] {
            in.dequeue(message); // 200 bytes: room for the small message
            while (!sent)
                std::this_thread::yield();
        });
        while (in.dequeue(message) && message.size() != 600)
            ;
        first.join();
        second.join();
    }
}

// Several messages come while one subscriber is waking up.
BOOST_AUTO_TEST_CASE(several_messages)
{
    constexpr unsigned subscribers = 4;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    stall_counter stalls;
    for (unsigned i = 0; i < rounds; ++i)
    {
        std::atomic<unsigned> received{0};
        std::vector<std::thread> threads;
        for (unsigned j = 0; j < subscribers; ++j)
            threads.emplace_back([&] {
                boost_ipq::subscriber in(boost_ipq::open_only, queue);
                std::vector<std::byte> message;
                in.dequeue(message);
                ++received;
            });
        BOOST_REQUIRE(test::subscribers_wait(queue.name(), subscribers));
        stalls.measure([&] {
            for (unsigned j = 0; j < subscribers; ++j)
                out.enqueue("x", 1);
            while (received != subscribers)
                std::this_thread::yield();
        });
        for (auto& thread : threads)
            thread.join();
    }
}
