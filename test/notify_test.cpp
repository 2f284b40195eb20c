// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Each call wakes those that its change may concern. A sleeper that no
// call wakes looks by itself after a moment, so these tests count: they write a
// number of sleepers into the queue, and look how many were taken off.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/inspect.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t many = 10;

// How many sleepers a call has woken.
struct woken
{
    std::uint32_t subscribers, publishers;

    friend bool operator==(const woken& a, const woken& b)
    {
        return a.subscribers == b.subscribers && a.publishers == b.publishers;
    }

    friend std::ostream& operator<<(std::ostream& out, const woken& value)
    {
        return out << value.subscribers << " subscribers and "
                   << value.publishers << " publishers";
    }
};

constexpr woken none{0, 0}, one_subscriber{1, 0}, all_publishers{0, many};

struct fixture : test::queue_fixture<1000>
{
    // Returns: what `call` wakes if that many sleep on each side.
    template <class Call>
    woken by(Call call)
    {
        auto& control = *attached->ring().control;
        control.messages.count = control.room.count = many;
        call();
        return {
            many - control.messages.count.exchange(0),
            many - control.room.count.exchange(0)};
    }

    void send(int messages = 1)
    {
        for (; messages != 0; --messages)
            out.enqueue("text", 4);
    }

    const std::shared_ptr<detail::attachment> attached =
        detail::attach(detail::open_mode::open, queue);
    std::vector<char> message;
    char buffer[8];
    std::size_t size = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notifications, fixture)

BOOST_AUTO_TEST_CASE(sending)
{
    BOOST_TEST(by([&] { out.try_enqueue("x", 1); }) == one_subscriber);
    BOOST_TEST(by([&] { out.try_enqueue("x", 1, ec); }) == one_subscriber);
    BOOST_TEST(by([&] { out.enqueue("x", 1); }) == one_subscriber);
    BOOST_TEST(by([&] { out.timed_enqueue("x", 1, 1s); }) == one_subscriber);
    const std::vector<std::string> batch(3, "x");
    BOOST_TEST(by([&] {
                   out.try_enqueue_all(batch.begin(), batch.end());
               }) == (woken{3, 0}));
    BOOST_TEST(by([&] {
                   while (out.try_enqueue("x", 1))
                       ;
               }) == (woken{many, 0}));
    BOOST_TEST(by([&] { out.try_enqueue("x", 1); }) == none);
}

// What others may do depends on the end of a reservation.
BOOST_AUTO_TEST_CASE(reserving)
{
    reservation room;
    BOOST_TEST(by([&] { room = out.try_reserve(8); }) == none);
    BOOST_TEST(by([&] { room.commit(); }) == one_subscriber);
    room = out.try_reserve(8);
    BOOST_TEST(by([&] { room.commit(1); }) == one_subscriber);
    // The space is free, and what was sent behind it can be received.
    room = out.reserve(8);
    BOOST_TEST(by([&] { room.abandon(); }) == (woken{1, many}));
    room = out.timed_reserve(8, 1s);
    BOOST_TEST(by([&] { room = reservation(); }) == (woken{1, many}));
    BOOST_TEST(by([&] { room.abandon(); }) == none);
}

BOOST_AUTO_TEST_CASE(receiving)
{
    BOOST_TEST(by([&] { in.try_dequeue(message); }) == none);
    send(5);
    BOOST_TEST(by([&] { in.try_dequeue(message); }) == all_publishers);
    BOOST_TEST(by([&] { in.dequeue(message); }) == all_publishers);
    BOOST_TEST(by([&] { in.timed_dequeue(message, 1s); }) == all_publishers);
    BOOST_TEST(by([&] { in.try_dequeue(buffer, 8, size); }) == all_publishers);
    // A buffer that is too small takes nothing.
    BOOST_TEST(by([&] { in.try_dequeue(buffer, 1, size, ec); }) == none);
}

BOOST_AUTO_TEST_CASE(in_place)
{
    send(3);
    delivery held;
    BOOST_TEST(by([&] { held = in.try_receive(); }) == none);
    BOOST_TEST(by([&] { held.acknowledge(); }) == all_publishers);
    held = in.receive();
    BOOST_TEST(by([&] { held.give_back(); }) == one_subscriber);
    held = in.timed_receive(1s);
    BOOST_TEST(by([&] { held = delivery(); }) == one_subscriber);
    BOOST_TEST(by([&] { held.give_back(); }) == none);
}

BOOST_AUTO_TEST_CASE(consuming)
{
    send(4);
    const auto nothing = [](const void*, std::size_t) {};
    BOOST_TEST(by([&] { in.consume_one(nothing); }) == all_publishers);
    BOOST_TEST(by([&] { in.consume_all(nothing); }) == all_publishers);
    // Those that were not consumed are for others.
    send(4);
    int left = 2;
    const auto stop = [&](const void*, std::size_t) {
        if (--left == 0)
            throw std::runtime_error("stop");
    };
    BOOST_TEST(by([&] {
                   BOOST_CHECK_THROW(in.consume_all(stop), std::runtime_error);
               }) == (woken{3, many}));
}

// A call that waited wakes others as one that did not.
BOOST_AUTO_TEST_CASE(after_a_wait)
{
    auto& control = *attached->ring().control;
    std::thread sender([&] {
        BOOST_TEST(test::subscribers_wait(queue.name(), 1));
        control.room.count = many;
        send();
    });
    in.dequeue(message);
    sender.join();
    BOOST_TEST(control.room.count.exchange(0) == 0u);

    const std::vector<char> large(out.max_message_size());
    out.enqueue(large);
    std::thread taker([&] {
        BOOST_TEST(test::publishers_wait(queue.name(), 1));
        control.messages.count = many;
        in.dequeue(message);
    });
    out.enqueue(large);
    taker.join();
    BOOST_TEST(control.messages.count.exchange(0) == many - 1);
}

BOOST_AUTO_TEST_CASE(removal)
{
    BOOST_TEST(by([&] { attached->note_removed(); }) == (woken{many, many}));
    BOOST_TEST(by([&] { remove_queue(queue.name()); }) == (woken{many, many}));
}

BOOST_AUTO_TEST_SUITE_END()
