// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every call that receives.

#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <vector>

using boost_ipq::errc;
using test::never;
using namespace std::chrono_literals;

namespace {

// POSIX has a function truncate().
constexpr auto cut = boost_ipq::truncate;

struct requested
{
    bool stop_requested() const noexcept { return true; }
};

struct fixture : test::queue_fixture<200>
{
    // The result of one call, and the message.
    struct named_call
    {
        const char* name;
        std::function<bool()> call;
    };

    // Calls that return false soon if there is no message; `ec` is cleared.
    std::vector<named_call> calls_into_buffer()
    {
        return {
            {"try", [&] { return in.try_dequeue(buffer, room, size); }},
            {"try, ec", [&] { return in.try_dequeue(buffer, room, size, ec); }},
            {"timed",
             [&] { return in.timed_dequeue(buffer, room, size, 1ms); }},
            {"timed, ec",
             [&] { return in.timed_dequeue(buffer, room, size, 1ms, ec); }},
            {"stop",
             [&] { return in.dequeue(buffer, room, size, requested()); }},
            {"stop, ec",
             [&] { return in.dequeue(buffer, room, size, requested(), ec); }}};
    }

    std::vector<named_call> truncating_calls()
    {
        return {
            {"try", [&] { return in.try_dequeue(buffer, room, size, cut); }},
            {"try, ec",
             [&] { return in.try_dequeue(buffer, room, size, cut, ec); }},
            {"timed",
             [&] { return in.timed_dequeue(buffer, room, size, cut, 1ms); }},
            {"timed, ec",
             [&] {
                 return in.timed_dequeue(buffer, room, size, cut, 1ms, ec);
             }},
            {"stop",
             [&] { return in.dequeue(buffer, room, size, cut, requested()); }},
            {"stop, ec", [&] {
                 return in.dequeue(buffer, room, size, cut, requested(), ec);
             }}};
    }

    std::vector<named_call> calls_into_container()
    {
        return {
            {"try", [&] { return in.try_dequeue(text); }},
            {"try, ec", [&] { return in.try_dequeue(text, ec); }},
            {"timed", [&] { return in.timed_dequeue(text, 1ms); }},
            {"timed, ec", [&] { return in.timed_dequeue(text, 1ms, ec); }},
            {"stop", [&] { return in.dequeue(text, requested()); }},
            {"stop, ec", [&] { return in.dequeue(text, requested(), ec); }}};
    }

    // Calls that wait without a limit.
    std::vector<named_call> waiting_calls_into_buffer()
    {
        return {
            {"plain", [&] { return in.dequeue(buffer, room, size); }},
            {"ec", [&] { return in.dequeue(buffer, room, size, ec); }},
            {"stop", [&] { return in.dequeue(buffer, room, size, never()); }},
            {"stop, ec",
             [&] { return in.dequeue(buffer, room, size, never(), ec); }},
            {"truncate", [&] { return in.dequeue(buffer, room, size, cut); }},
            {"truncate, ec",
             [&] { return in.dequeue(buffer, room, size, cut, ec); }},
            {"truncate, stop",
             [&] { return in.dequeue(buffer, room, size, cut, never()); }},
            {"truncate, stop, ec",
             [&] { return in.dequeue(buffer, room, size, cut, never(), ec); }},
            {"timed", [&] { return in.timed_dequeue(buffer, room, size, 1h); }},
            {"timed, truncate",
             [&] { return in.timed_dequeue(buffer, room, size, cut, 1h); }}};
    }

    std::vector<named_call> waiting_calls_into_container()
    {
        return {
            {"plain", [&] { return in.dequeue(text); }},
            {"ec", [&] { return in.dequeue(text, ec); }},
            {"stop", [&] { return in.dequeue(text, never()); }},
            {"stop, ec", [&] { return in.dequeue(text, never(), ec); }},
            {"timed", [&] { return in.timed_dequeue(text, 1h); }},
            {"timed, ec", [&] { return in.timed_dequeue(text, 1h, ec); }},
            {"returned",
             [&] {
                 const auto message = in.dequeue();
                 text.assign(
                     reinterpret_cast<const char*>(message.data()),
                     message.size());
                 return true;
             }},
            {"returned, ec", [&] {
                 const auto message = in.dequeue(ec);
                 text.assign(
                     reinterpret_cast<const char*>(message.data()),
                     message.size());
                 return !ec;
             }}};
    }

    // Each call, with a message and without one.
    template <class Check>
    void
    each(const std::vector<named_call>& ways, const char* message, Check check)
    {
        for (const auto& way : ways)
        {
            BOOST_TEST_CONTEXT(way.name)
            {
                out.enqueue(std::string(message));
                check(way.call);
            }
        }
    }

    void expect_nothing(const std::vector<named_call>& ways)
    {
        for (const auto& way : ways)
        {
            BOOST_TEST_CONTEXT(way.name)
            {
                ec.clear();
                size = 77;
                text = "untouched";
                BOOST_TEST(!way.call());
                BOOST_TEST(!ec);
                BOOST_TEST(size == 77u);
                BOOST_TEST(text == "untouched");
            }
        }
    }

    void expect_to_wait(const std::vector<named_call>& ways)
    {
        for (const auto& way : ways)
        {
            BOOST_TEST_CONTEXT(way.name)
            {
                ec.clear();
                auto result = std::async(std::launch::async, way.call);
                BOOST_TEST(test::subscribers_wait(queue.name()));
                out.enqueue("message", 7);
                BOOST_TEST(result.get());
                BOOST_TEST(!ec);
                const std::string got =
                    text.empty() ? std::string(buffer, size) : text;
                BOOST_TEST(got == "message");
                text.clear();
            }
        }
    }

    bool is_empty()
    {
        std::string message;
        return !in.try_dequeue(message);
    }

    char buffer[100] = {};
    std::size_t room = sizeof buffer;
    std::size_t size = 0;
    std::string text;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(empty, fixture)
{
    expect_nothing(calls_into_buffer());
    expect_nothing(truncating_calls());
    expect_nothing(calls_into_container());
}

BOOST_FIXTURE_TEST_CASE(into_a_buffer, fixture)
{
    for (auto& ways : {calls_into_buffer(), truncating_calls()})
        each(ways, "message", [&](auto& call) {
            ec.clear();
            BOOST_TEST(call());
            BOOST_TEST(!ec);
            BOOST_TEST(std::string(buffer, size) == "message");
            BOOST_TEST(is_empty());
        });
}

BOOST_FIXTURE_TEST_CASE(into_a_buffer_of_just_that_size, fixture)
{
    room = 7;
    for (auto& ways : {calls_into_buffer(), truncating_calls()})
        each(ways, "message", [&](auto& call) {
            std::fill_n(buffer, 100, '.');
            BOOST_TEST(call());
            BOOST_TEST(std::string(buffer, 8) == "message.");
        });
}

BOOST_FIXTURE_TEST_CASE(buffer_too_small, fixture)
{
    each(calls_into_buffer(), "message", [&](auto& call) {
        for (room = 0; room < 7; ++room)
        {
            std::fill_n(buffer, 100, '.');
            size = 0;
            ec.clear();
            const auto code = test::thrown([&] { BOOST_TEST(!call()); });
            BOOST_TEST(
                (code ? code : ec) == test::code(errc::buffer_too_small));
            BOOST_TEST(size == 7u);
            BOOST_TEST(std::string(buffer, 100) == std::string(100, '.'));
        }
        room = size; // as reported
        BOOST_TEST(call());
        BOOST_TEST(std::string(buffer, size) == "message");
        BOOST_TEST(is_empty());
    });
}

BOOST_FIXTURE_TEST_CASE(buffer_too_small_has_a_type, fixture)
{
    out.enqueue("message", 7);
    BOOST_CHECK_THROW(
        in.try_dequeue(buffer, 3, size), boost_ipq::buffer_too_small);
    BOOST_CHECK_THROW(in.dequeue(buffer, 3, size), boost_ipq::buffer_too_small);
}

BOOST_FIXTURE_TEST_CASE(null_buffer_tells_the_length, fixture)
{
    out.enqueue("message", 7);
    BOOST_TEST(!in.try_dequeue(nullptr, 0, size, ec));
    BOOST_TEST(ec == test::code(errc::buffer_too_small));
    BOOST_TEST(size == 7u);
}

BOOST_FIXTURE_TEST_CASE(truncated, fixture)
{
    for (std::size_t length : {0, 1, 3, 6, 7, 8, 50})
    {
        room = length;
        each(truncating_calls(), "message", [&](auto& call) {
            std::fill_n(buffer, 100, '.');
            size = 0;
            ec.clear();
            BOOST_TEST(call());
            BOOST_TEST(!ec);
            BOOST_TEST(size == 7u); // its full length
            const std::size_t copied = (std::min)(room, size);
            BOOST_TEST(
                std::string(buffer, 100) == std::string("message", copied) +
                                                std::string(100 - copied, '.'));
            BOOST_TEST(is_empty());
        });
    }
}

// Large messages are copied in a different way.
BOOST_AUTO_TEST_CASE(large_messages)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(40'000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    const std::string large = std::string(8999, 'a') + 'z';
    std::string buffer(9000, '.');
    std::size_t size = 0;
    out.enqueue(large);
    out.enqueue("after", 5);
    BOOST_CHECK_THROW(
        in.try_dequeue(buffer.data(), 8999, size), boost_ipq::buffer_too_small);
    BOOST_TEST(size == 9000u);
    BOOST_TEST(buffer == std::string(9000, '.'));
    BOOST_TEST(in.try_dequeue(buffer.data(), 9000, size));
    BOOST_TEST(buffer == large);
    BOOST_TEST(in.try_dequeue(buffer));
    BOOST_TEST(buffer == "after");

    out.enqueue(large);
    buffer.assign(9000, '.');
    size = 0;
    BOOST_TEST(in.try_dequeue(buffer.data(), 8990, size, cut));
    BOOST_TEST(size == 9000u);
    BOOST_TEST(buffer == std::string(8990, 'a') + std::string(10, '.'));
    BOOST_TEST(!in.try_dequeue(buffer));
}

BOOST_FIXTURE_TEST_CASE(into_a_container, fixture)
{
    each(calls_into_container(), "message", [&](auto& call) {
        text = "another text, which is longer";
        ec.clear();
        BOOST_TEST(call());
        BOOST_TEST(!ec);
        BOOST_TEST(text == "message");
        BOOST_TEST(is_empty());
    });
}

BOOST_FIXTURE_TEST_CASE(waiting_for_a_message, fixture)
{
    expect_to_wait(waiting_calls_into_buffer());
    expect_to_wait(waiting_calls_into_container());
}

// A message that is too long for the buffer ends the wait.
BOOST_FIXTURE_TEST_CASE(waiting_with_a_small_buffer, fixture)
{
    auto result = std::async(std::launch::async, [&] {
        return test::thrown([&] { in.dequeue(buffer, 3, size); });
    });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    out.enqueue("message", 7);
    BOOST_TEST(result.get() == test::code(errc::buffer_too_small));
    BOOST_TEST(size == 7u);
    BOOST_TEST(in.try_dequeue(text));
    BOOST_TEST(text == "message");
}

BOOST_FIXTURE_TEST_CASE(order, fixture)
{
    for (char c = 'a'; c <= 'e'; ++c)
        out.enqueue(&c, 1);
    for (char c = 'a'; c <= 'e'; ++c)
    {
        BOOST_TEST(in.dequeue(buffer, 100, size));
        BOOST_TEST(buffer[0] == c);
        BOOST_TEST(size == 1u);
    }
}
