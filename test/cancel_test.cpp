// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// cancel() ends the waiting calls of all threads in a handle; later calls wait
// again.

#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <string_view>
#include <thread>
#include <vector>

using boost_ipq::errc;
using test::never;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

struct outcome
{
    bool returned = false;
    boost::system::error_code thrown;
};

struct fixture
{
    fixture() { out.enqueue("full", 4); }

    template <class Call>
    static auto start(Call call)
    {
        return std::async(std::launch::async, [call] {
            outcome result;
            result.thrown = test::thrown([&] { result.returned = call(); });
            return result;
        });
    }

    template <class Call>
    outcome cancel_subscriber(Call call)
    {
        auto result = start(call);
        BOOST_TEST(test::subscribers_wait(empty_queue.name()));
        const auto begin = std::chrono::steady_clock::now();
        in.cancel();
        const outcome value = result.get();
        BOOST_TEST((std::chrono::steady_clock::now() - begin < 5s));
        return value;
    }

    template <class Call>
    outcome cancel_publisher(Call call)
    {
        auto result = start(call);
        BOOST_TEST(test::publishers_wait(full_queue.name()));
        out.cancel();
        return result.get();
    }

    const test::scoped_queue empty_queue, full_queue;
    boost_ipq::subscriber in{boost_ipq::create_only, empty_queue.options(1000)};
    boost_ipq::publisher out{boost_ipq::create_only, full_queue.options(24)};
    boost::system::error_code ec;
};

} // namespace

// Calls that report by false, or by an empty result, that there is nothing.
BOOST_FIXTURE_TEST_CASE(subscriber_calls_that_return_false, fixture)
{
    std::string message = "untouched";
    char buffer[10];
    std::size_t size = 77;
    const auto cut = boost_ipq::truncate;
    const auto check = [&](auto call) {
        const outcome result = cancel_subscriber(call);
        BOOST_TEST(!result.returned);
        BOOST_TEST(result.thrown == boost::system::error_code());
    };
    check([&] { return in.dequeue(message); });
    check([&] { return in.dequeue(message, never()); });
    check([&] { return in.timed_dequeue(message, 1h); });
    check([&] { return in.dequeue(buffer, 10, size); });
    check([&] { return in.dequeue(buffer, 10, size, cut); });
    check([&] { return in.dequeue(buffer, 10, size, never()); });
    check([&] { return in.dequeue(buffer, 10, size, cut, never()); });
    check([&] { return in.timed_dequeue(buffer, 10, size, 1h); });
    check([&] { return in.timed_dequeue(buffer, 10, size, cut, 1h); });
    check([&] { return bool(in.receive()); });
    check([&] { return bool(in.receive(never())); });
    check([&] { return bool(in.timed_receive(1h)); });
    BOOST_TEST(message == "untouched");
    BOOST_TEST(size == 77u);
}

BOOST_FIXTURE_TEST_CASE(subscriber_calls_that_set_a_code, fixture)
{
    std::string message;
    char buffer[10];
    std::size_t size;
    const auto cut = boost_ipq::truncate;
    const auto check = [&](auto call) {
        ec.clear();
        BOOST_TEST(!cancel_subscriber(call).returned);
        BOOST_TEST(ec == test::code(errc::canceled));
    };
    check([&] { return in.dequeue(message, ec); });
    check([&] { return in.dequeue(message, never(), ec); });
    check([&] { return in.timed_dequeue(message, 1h, ec); });
    check([&] { return in.dequeue(buffer, 10, size, ec); });
    check([&] { return in.dequeue(buffer, 10, size, cut, ec); });
    check([&] { return in.dequeue(buffer, 10, size, never(), ec); });
    check([&] { return in.timed_dequeue(buffer, 10, size, 1h, ec); });
    check([&] { return in.timed_dequeue(buffer, 10, size, cut, 1h, ec); });
    check([&] { return !in.dequeue(ec).empty(); });
    check([&] { return bool(in.receive(ec)); });
    check([&] { return bool(in.receive(never(), ec)); });
    check([&] { return bool(in.timed_receive(1h, ec)); });
}

BOOST_FIXTURE_TEST_CASE(subscriber_call_that_throws, fixture)
{
    const outcome result =
        cancel_subscriber([&] { return !in.dequeue().empty(); });
    BOOST_TEST(result.thrown == test::code(errc::canceled));
}

BOOST_FIXTURE_TEST_CASE(publisher_calls, fixture)
{
    const auto check_thrown = [&](auto call) {
        BOOST_TEST(cancel_publisher(call).thrown == test::code(errc::canceled));
    };
    check_thrown([&] { return out.enqueue("x", 1), true; });
    check_thrown([&] { return out.enqueue("x"sv), true; });

    const auto check = [&](auto call) {
        const outcome result = cancel_publisher(call);
        BOOST_TEST(!result.returned);
        BOOST_TEST(result.thrown == boost::system::error_code());
    };
    check([&] { return out.enqueue("x", 1, never()); });
    check([&] { return out.enqueue("x"sv, never()); });
    check([&] { return out.timed_enqueue("x", 1, 1h); });
    check([&] { return out.timed_enqueue("x"sv, 1h); });
    check([&] { return bool(out.reserve(1)); });
    check([&] { return bool(out.reserve(1, never())); });
    check([&] { return bool(out.timed_reserve(1, 1h)); });

    const auto check_code = [&](auto call) {
        ec.clear();
        const outcome result = cancel_publisher(call);
        BOOST_TEST(!result.returned);
        BOOST_TEST(result.thrown == boost::system::error_code());
        BOOST_TEST(ec == test::code(errc::canceled));
    };
    check_code([&] { return out.enqueue("x", 1, ec), false; });
    check_code([&] { return out.enqueue("x"sv, ec), false; });
    check_code([&] { return out.enqueue("x", 1, never(), ec); });
    check_code([&] { return out.enqueue("x"sv, never(), ec); });
    check_code([&] { return out.timed_enqueue("x", 1, 1h, ec); });
    check_code([&] { return out.timed_enqueue("x"sv, 1h, ec); });
    check_code([&] { return bool(out.reserve(1, ec)); });
    check_code([&] { return bool(out.reserve(1, never(), ec)); });
    check_code([&] { return bool(out.timed_reserve(1, 1h, ec)); });

    // The queue is unchanged.
    boost_ipq::subscriber full(boost_ipq::open_only, full_queue);
    std::string message;
    BOOST_TEST(full.try_dequeue(message));
    BOOST_TEST(message == "full");
    BOOST_TEST(!full.try_dequeue(message));
}

// A cancellation affects the calls that wait, and not later ones.
BOOST_FIXTURE_TEST_CASE(later_calls_wait_again, fixture)
{
    in.cancel();
    in.cancel();
    auto received = std::async(std::launch::async, [&] {
        std::string message;
        return in.dequeue(message) ? message : "";
    });
    BOOST_TEST(test::subscribers_wait(empty_queue.name()));
    boost_ipq::publisher(boost_ipq::open_only, empty_queue).enqueue("x", 1);
    BOOST_TEST(received.get() == "x");

    out.cancel();
    auto sent = std::async(
        std::launch::async, [&] { return out.timed_enqueue("y", 1, 1h); });
    BOOST_TEST(test::publishers_wait(full_queue.name()));
    std::string message;
    boost_ipq::subscriber full(boost_ipq::open_only, full_queue);
    BOOST_TEST(full.try_dequeue(message));
    BOOST_TEST(sent.get());
}

BOOST_FIXTURE_TEST_CASE(many_threads, fixture)
{
    for (int lap = 0; lap < 20; ++lap)
    {
        std::vector<std::future<outcome>> results;
        for (int i = 0; i < 4; ++i)
            results.push_back(start([&] {
                std::string message;
                return in.dequeue(message);
            }));
        BOOST_TEST(test::subscribers_wait(empty_queue.name(), 4));
        in.cancel();
        for (auto& result : results)
            BOOST_TEST(!result.get().returned);
    }
}

// All threads of one handle, and none of another handle.
BOOST_FIXTURE_TEST_CASE(other_handles_are_left_alone, fixture)
{
    boost_ipq::subscriber other(boost_ipq::open_only, empty_queue);
    auto waiting = std::async(std::launch::async, [&] {
        std::string message;
        return other.dequeue(message) ? message : "canceled";
    });
    BOOST_TEST(test::subscribers_wait(empty_queue.name()));
    for (int i = 0; i < 20; ++i)
    {
        auto canceled = start([&] {
            std::string message;
            return in.dequeue(message);
        });
        BOOST_TEST(test::subscribers_wait(empty_queue.name(), 2));
        in.cancel();
        BOOST_TEST(!canceled.get().returned);
    }
    boost_ipq::publisher(boost_ipq::open_only, empty_queue).enqueue("x", 1);
    BOOST_TEST(waiting.get() == "x");
}

// Cancellation at any moment neither loses nor duplicates messages.
BOOST_FIXTURE_TEST_CASE(while_messages_come, fixture)
{
    constexpr int messages = 5000;
    std::atomic<int> received{0}, running{2};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            std::string message;
            while (received < messages)
                received += in.dequeue(message);
            --running;
        });
    threads.emplace_back([&] {
        while (running != 0)
        {
            in.cancel();
            std::this_thread::yield();
        }
    });
    boost_ipq::publisher sender(boost_ipq::open_only, empty_queue);
    for (int i = 0; i < messages; ++i)
        sender.enqueue("message", 7);
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(received == messages);
    std::string message;
    BOOST_TEST(!in.try_dequeue(message));
}
