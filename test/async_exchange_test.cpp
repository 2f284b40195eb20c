// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Asynchronous operations between two processes, with each kind of completion
// token and buffer.

#include "support/body.hpp"
#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/async_broadcast.hpp>
#include <boost_ipq/async_typed.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <array>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace asio = boost::asio;
using boost::system::error_code;
using boost_ipq::errc;

namespace {

constexpr std::size_t capacity = 4096;
constexpr unsigned messages = 3000;

std::size_t size_of(unsigned number)
{
    return number * 37 % 1500;
}

struct fixture
{
    const test::scoped_queue queue;
    asio::io_context io;
    boost_ipq::async_publisher out{
        io.get_executor(), boost_ipq::create_only, queue.options(capacity)};
    boost_ipq::async_subscriber in{io, boost_ipq::open_only, queue};
};

// Sends all messages, each after the previous one is sent.
struct sender
{
    boost_ipq::async_publisher& out;
    unsigned number = 0;
    test::bytes body{};

    void next()
    {
        if (number == messages)
            return;
        body = test::make_body(number, size_of(number));
        ++number;
        out.async_enqueue(asio::buffer(body), [this](error_code ec) {
            test::require(!ec, "sending");
            next();
        });
    }
};

struct receiver
{
    boost_ipq::async_subscriber& in;
    unsigned number = 0, wrong = 0;
    test::bytes body{};

    void next()
    {
        if (number == messages)
            return;
        body.clear();
        in.async_dequeue(
            asio::dynamic_buffer(body), [this](error_code ec, std::size_t n) {
                wrong += ec || n != body.size() ||
                         body != test::make_body(number, size_of(number));
                ++number;
                next();
            });
    }
};

} // namespace

CHILD_ROLE(echo_all)
{
    asio::io_context io;
    boost_ipq::async_subscriber in(io, boost_ipq::open_only, self.argument(0));
    boost_ipq::async_publisher out(io, boost_ipq::open_only, self.argument(1));
    std::string text;
    unsigned left = messages;
    std::function<void()> next = [&] {
        text.clear();
        in.async_dequeue(
            asio::dynamic_buffer(text), [&](error_code ec, std::size_t) {
                test::require(!ec, "receiving");
                out.async_enqueue(asio::buffer(text), [&](error_code error) {
                    test::require(!error, "sending");
                    if (--left != 0)
                        next();
                });
            });
    };
    next();
    io.run();
    test::require(left == 0, "all were echoed");
}

BOOST_FIXTURE_TEST_CASE(two_processes, fixture)
{
    const test::scoped_queue back;
    boost_ipq::async_subscriber answers(
        io, boost_ipq::create_only, back.options(capacity));
    test::child echo("echo_all", {queue.name(), back.name()});
    sender sending{out};
    receiver receiving{answers};
    sending.next();
    receiving.next();
    io.run();
    BOOST_TEST(receiving.number == messages);
    BOOST_TEST(receiving.wrong == 0u);
    BOOST_TEST(echo.wait() == 0);
}

BOOST_FIXTURE_TEST_CASE(future, fixture)
{
    std::string text;
    std::future<std::size_t> received =
        in.async_dequeue(asio::dynamic_buffer(text), asio::use_future);
    std::future<void> sent =
        out.async_enqueue(asio::buffer("abc", 3), asio::use_future);
    io.run();
    sent.get();
    BOOST_TEST(received.get() == 3u);
    BOOST_TEST(text == "abc");
}

// The handler owns what it needs. It runs later, in its own executor.
BOOST_FIXTURE_TEST_CASE(handler, fixture)
{
    auto strand = asio::make_strand(io);
    bool inside = true, sent = false;
    out.async_enqueue(
        asio::buffer("abc", 3),
        asio::bind_executor(
            strand, [&, token = std::make_unique<int>(1)](error_code ec) {
                sent = !ec && *token == 1;
                BOOST_TEST(!inside);
                BOOST_TEST(strand.running_in_this_thread());
            }));
    inside = false;
    BOOST_TEST(!sent);
    io.run();
    BOOST_TEST(sent);
}

// An lvalue handler is copied, not moved from.
BOOST_FIXTURE_TEST_CASE(named_handler, fixture)
{
    char buffer[1] = {};
    std::string text;
    std::function<void(error_code)> sent = [](error_code) {};
    std::function<void(error_code, std::size_t)> received = [](error_code,
                                                               std::size_t) {};
    out.async_enqueue(asio::buffer(buffer), sent);
    in.async_dequeue(asio::buffer(buffer), received);
    in.async_dequeue(asio::dynamic_buffer(text), received);
    BOOST_TEST(bool(sent));
    BOOST_TEST(bool(received));
}

BOOST_FIXTURE_TEST_CASE(sequences_of_buffers, fixture)
{
    const std::array<asio::const_buffer, 2> parts = {
        asio::buffer("abc", 3), asio::buffer("defgh", 5)};
    char one[2], two[10];
    const std::array<asio::mutable_buffer, 2> places = {
        asio::buffer(one), asio::buffer(two)};
    out.async_enqueue(parts, asio::use_future);
    auto size = in.async_dequeue(places, asio::use_future);
    io.run();
    BOOST_TEST(size.get() == 8u);
    BOOST_TEST(std::string(one, 2) + std::string(two, 6) == "abcdefgh");
}

// As Asio's read operations do.
BOOST_FIXTURE_TEST_CASE(dynamic_buffers_are_appended_to, fixture)
{
    std::string text = "begin ";
    std::vector<char> bytes = {'x'};
    asio::streambuf stream;
    for (int i = 0; i < 3; ++i)
        out.async_enqueue(asio::buffer("abc", 3), asio::use_future);
    in.async_dequeue(asio::dynamic_buffer(text), asio::use_future);
    in.async_dequeue(asio::dynamic_buffer(bytes), asio::use_future);
    in.async_dequeue(
        asio::basic_streambuf_ref<std::allocator<char>>(stream),
        asio::use_future);
    io.run();
    BOOST_TEST(text == "begin abc");
    BOOST_TEST(std::string(bytes.begin(), bytes.end()) == "xabc");
    BOOST_TEST(stream.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(too_small, fixture)
{
    char buffer[2];
    std::string text = "four";
    out.async_enqueue(asio::buffer("abc", 3), asio::use_future);
    unsigned called = 0;
    const auto refused = [&](error_code ec, std::size_t size) {
        BOOST_TEST(ec == test::code(errc::buffer_too_small));
        BOOST_TEST(size == 3u);
        ++called;
    };
    in.async_dequeue(asio::buffer(buffer), refused);
    in.async_dequeue(asio::dynamic_buffer(text, 6), refused);
    auto size = in.async_dequeue(asio::dynamic_buffer(text), asio::use_future);
    io.run();
    BOOST_TEST(called == 2u);
    BOOST_TEST(size.get() == 3u);
    BOOST_TEST(text == "fourabc");
}

BOOST_FIXTURE_TEST_CASE(errors, fixture)
{
    const test::bytes large(capacity);
    auto sent = out.async_enqueue(asio::buffer(large), asio::use_future);
    auto null =
        out.async_enqueue(asio::const_buffer(nullptr, 1), asio::use_future);
    in.close();
    BOOST_TEST(!in.is_open());
    char buffer[1];
    auto closed = in.async_dequeue(asio::buffer(buffer), asio::use_future);
    io.run();
    const auto code = [](auto& future) {
        try
        {
            future.get();
        }
        catch (const boost::system::system_error& e)
        {
            return e.code();
        }
        return error_code();
    };
    BOOST_TEST(code(sent) == test::code(errc::message_too_large));
    BOOST_TEST(code(null) == test::code(errc::invalid_argument));
    BOOST_TEST(code(closed) == test::code(errc::closed));

    error_code ec;
    boost_ipq::async_subscriber none(
        io, boost_ipq::open_only, "no-such-queue-here", ec);
    BOOST_TEST(ec == test::code(errc::not_found));
    BOOST_TEST(!none.is_open());
}

BOOST_AUTO_TEST_CASE(other_executors)
{
    const test::scoped_queue queue;
    asio::thread_pool pool(2);
    using executor = asio::strand<asio::thread_pool::executor_type>;
    boost_ipq::basic_async_subscriber<executor> in(
        asio::make_strand(pool), boost_ipq::create_only, queue.options(100));
    boost_ipq::basic_async_publisher<asio::thread_pool::executor_type> out(
        pool, boost_ipq::open_only, queue);
    char buffer[10];
    auto size = in.async_dequeue(asio::buffer(buffer), asio::use_future);
    out.async_enqueue(asio::buffer("abc", 3), asio::use_future).get();
    BOOST_TEST(size.get() == 3u);
}
BOOST_FIXTURE_TEST_CASE(objects, fixture)
{
    struct pair
    {
        int first, second;
    };
    const test::scoped_queue pairs;
    boost_ipq::async_typed_publisher<pair> sender(
        io, boost_ipq::create_only, pairs.options(capacity));
    boost_ipq::async_typed_subscriber<pair> receiver(
        io.get_executor(), boost_ipq::open_only, pairs);
    error_code ec;
    boost_ipq::async_typed_subscriber<double> different(
        io, boost_ipq::open_only, pairs, ec);
    BOOST_TEST(ec == test::code(errc::queue_mismatch));
    boost_ipq::async_typed_publisher<pair> unnamed(
        io, boost_ipq::open_only, "", ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    BOOST_CHECK_THROW(
        boost_ipq::async_typed_publisher<pair>(io, boost_ipq::open_only, ""),
        std::invalid_argument);
    pair got{};
    int sum = 0;
    receiver.async_dequeue(got, [&](error_code e) {
        sum += e ? 0 : got.second;
        receiver.async_dequeue(
            [&](error_code e2, pair value) { sum += e2 ? 0 : value.second; });
    });
    for (const int i : {10, 200})
        sender.async_enqueue(pair{1, i}, [&](error_code e) { sum += !e; });
    io.run();
    BOOST_TEST(sum == 212);
    io.restart();
    boost_ipq::publisher(boost_ipq::open_only, pairs).enqueue("x", 1);
    receiver.async_dequeue(got, [&](error_code e) { ec = e; });
    io.run();
    BOOST_TEST(ec == test::code(errc::queue_mismatch));
}

BOOST_FIXTURE_TEST_CASE(broadcasts, fixture)
{
    const test::scoped_queue ticks;
    boost_ipq::async_broadcast_publisher sender(
        io.get_executor(), boost_ipq::create_only, ticks.options(capacity));
    boost_ipq::async_broadcast_subscriber first(
        io, boost_ipq::open_only, ticks);
    std::string one, two;
    unsigned done = 0;
    const auto count = [&](error_code e, std::size_t size) {
        done += !e && size == 4;
    };
    first.async_dequeue(asio::dynamic_buffer(one), count);
    sender.async_enqueue(
        asio::buffer("tick", 4), [&](error_code e) { done += !e; });
    io.run();
    boost_ipq::async_broadcast_subscriber late(
        io, boost_ipq::open_only, ticks, boost_ipq::history(1));
    late.async_dequeue(asio::dynamic_buffer(two), count);
    io.restart();
    io.run();
    BOOST_TEST(done == 3u);
    BOOST_TEST(one == "tick");
    BOOST_TEST(two == "tick");
    BOOST_TEST(first.missed() == 0u);
    error_code ec;
    boost_ipq::async_subscriber queue_handle(
        io, boost_ipq::open_only, ticks, ec);
    BOOST_TEST(ec == test::code(errc::queue_mismatch));
}
