// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every call that sends, with every kind of argument.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/container/static_vector.hpp>
#include <array>
#include <chrono>
#include <cstring>
#include <future>
#include <list>
#include <map>
#include <string_view>
#include <vector>

#if __cplusplus >= 202002L
#include <span>
#endif

using test::never;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

struct point
{
    std::int32_t x, y;
};

struct fixture : test::queue_fixture<128>
{
    // The queue contains exactly this message.
    void expect(const void* data, std::size_t size)
    {
        BOOST_TEST(!ec);
        std::vector<char> message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message.size() == size);
        if (message.size() == size && size != 0)
            BOOST_TEST(std::memcmp(message.data(), data, size) == 0);
        BOOST_TEST(!in.try_dequeue(message));
        ec = boost_ipq::errc::closed; // to be cleared
    }

    template <class Range>
    void send(const Range& range, const void* data, std::size_t size)
    {
        ec.clear();
        BOOST_TEST(out.try_enqueue(range));
        expect(data, size);
        BOOST_TEST(out.try_enqueue(range, ec));
        expect(data, size);
        ec.clear();
        out.enqueue(range);
        expect(data, size);
        out.enqueue(range, ec);
        expect(data, size);
        ec.clear();
        BOOST_TEST(out.enqueue(range, never()));
        expect(data, size);
        BOOST_TEST(out.enqueue(range, never(), ec));
        expect(data, size);
        ec.clear();
        BOOST_TEST(out.timed_enqueue(range, 1h));
        expect(data, size);
        BOOST_TEST(out.timed_enqueue(range, 1h, ec));
        expect(data, size);
    }

    void fill()
    {
        while (out.try_enqueue(nullptr, 0))
        {
        }
    }

    // Waits for room, which another thread makes.
    template <class Send>
    void expect_to_wait(Send send_message)
    {
        fill();
        auto result = std::async(std::launch::async, send_message);
        BOOST_TEST(test::publishers_wait(queue.name()));
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(result.get());
        std::string last;
        while (in.try_dequeue(message))
            last = message;
        BOOST_TEST(last == "");
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(pointer_and_size, fixture)
{
    const char data[] = "some data";
    const std::size_t size = 5;
    BOOST_TEST(out.try_enqueue(data, size));
    expect("some ", 5);
    BOOST_TEST(out.try_enqueue(data, size, ec));
    expect("some ", 5);
    ec.clear();
    out.enqueue(data, size);
    expect("some ", 5);
    out.enqueue(data, size, ec);
    expect("some ", 5);
    ec.clear();
    BOOST_TEST(out.enqueue(data, size, never()));
    expect("some ", 5);
    BOOST_TEST(out.enqueue(data, size, never(), ec));
    expect("some ", 5);
    ec.clear();
    BOOST_TEST(out.timed_enqueue(data, size, 1h));
    expect("some ", 5);
    BOOST_TEST(out.timed_enqueue(data, size, 1h, ec));
    expect("some ", 5);
}

BOOST_FIXTURE_TEST_CASE(ranges, fixture)
{
    send("text"sv, "text", 4);
    send(std::string("text\0more", 9), "text\0more", 9);
    send(""sv, "", 0);
    send(std::string_view(), "", 0);

    const std::int32_t numbers[] = {1, -2, 3};
    send(numbers, numbers, 12);
    send(std::vector<std::int32_t>{1, -2, 3}, numbers, 12);
    send(std::array<std::int32_t, 3>{1, -2, 3}, numbers, 12);
    send(std::initializer_list<std::int32_t>{1, -2, 3}, numbers, 12);
    send(std::vector<std::int32_t>(), "", 0);
    send(std::array<std::int32_t, 0>(), "", 0);
    send(
        boost::container::static_vector<std::int32_t, 5>{1, -2, 3}, numbers,
        12);

    const double reals[] = {0.5, -1e300};
    send(std::vector<double>{0.5, -1e300}, reals, 16);
    const point points[] = {{1, 2}, {3, 4}};
    send(std::vector<point>{{1, 2}, {3, 4}}, points, 16);
    const std::byte bytes[] = {std::byte(0), std::byte(255)};
    send(bytes, bytes, 2);
    send(std::wstring(L"ab"), L"ab", 2 * sizeof(wchar_t));
}

// All of an array is sent, including the zero at the end of a literal.
BOOST_FIXTURE_TEST_CASE(literal, fixture)
{
    send("text", "text", 5);
}

BOOST_FIXTURE_TEST_CASE(asio_buffers, fixture)
{
    char data[] = "some data";
    send(boost::asio::const_buffer(data, 4), "some", 4);
    send(boost::asio::mutable_buffer(data, 4), "some", 4);
    send(boost::asio::buffer("text"sv), "text", 4);
    send(boost::asio::const_buffer(), "", 0);
}

#if __cplusplus >= 202002L

BOOST_FIXTURE_TEST_CASE(spans, fixture)
{
    std::int32_t numbers[] = {1, -2, 3};
    send(std::span(numbers), numbers, 12);
    send(std::span<const std::int32_t>(numbers, 2), numbers, 8);
    send(std::as_bytes(std::span(numbers)), numbers, 12);
    send(std::span<std::int32_t>(), "", 0);
}

#endif

// Arguments that are not a contiguous range of trivially copyable elements.
template <class T>
constexpr bool can_be_sent = boost_ipq::detail::is_byte_range<T>::value;

static_assert(can_be_sent<std::vector<int>>);
static_assert(!can_be_sent<std::vector<std::string>>);
static_assert(!can_be_sent<std::vector<bool>>);
static_assert(!can_be_sent<std::list<int>>);
static_assert(!can_be_sent<std::map<int, int>>);
static_assert(!can_be_sent<const char*>);
static_assert(!can_be_sent<int>);
static_assert(!can_be_sent<point>);

BOOST_FIXTURE_TEST_CASE(full, fixture)
{
    fill();
    ec = boost_ipq::errc::closed;
    BOOST_TEST(!out.try_enqueue("x", 1));
    BOOST_TEST(!out.try_enqueue("x"sv));
    BOOST_TEST(!out.try_enqueue("x"sv, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!out.timed_enqueue("x"sv, 1ms));
    ec = boost_ipq::errc::closed;
    BOOST_TEST(!out.timed_enqueue("x", 1, 1ms, ec));
    BOOST_TEST(!ec);
    std::string message;
    while (in.try_dequeue(message))
        BOOST_TEST(message == "");
}

BOOST_FIXTURE_TEST_CASE(waiting_for_room, fixture)
{
    expect_to_wait([&] {
        out.enqueue(nullptr, 0);
        return true;
    });
    expect_to_wait([&] {
        out.enqueue(std::vector<int>());
        return true;
    });
    expect_to_wait([&] { return out.enqueue(nullptr, 0, never()); });
    expect_to_wait([&] { return out.timed_enqueue(nullptr, 0, 1h); });
}

// Room that suffices only for a shorter message.
BOOST_FIXTURE_TEST_CASE(waiting_for_more_room, fixture)
{
    fill();
    const std::string large(100, 'x');
    auto result = std::async(
        std::launch::async, [&] { return out.timed_enqueue(large, 1h); });
    std::string message;
    while (in.dequeue(message) && message != large)
        BOOST_TEST(message == "");
    BOOST_TEST(result.get());
    BOOST_TEST(!in.try_dequeue(message));
}
