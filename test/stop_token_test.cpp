// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Waiting calls that end when a stop is requested.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <string_view>

#if defined(__has_include) && __cplusplus >= 202002L
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#endif

using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

// A stop token of the user's own type.
class own_source
{
public:
    class token
    {
    public:
        explicit token(const std::atomic<bool>& flag) : m_flag(&flag) {}
        bool stop_requested() const noexcept { return m_flag->load(); }

    private:
        const std::atomic<bool>* m_flag;
    };

    token get_token() const { return token(m_flag); }
    void request_stop() { m_flag = true; }

private:
    std::atomic<bool> m_flag{false};
};

template <class Source>
struct fixture
{
    fixture() { out.enqueue("full", 4); }

    // A stop request ends a waiting call.
    template <class Call>
    void subscriber_stops(Call call)
    {
        Source source;
        const auto token = source.get_token();
        auto result =
            std::async(std::launch::async, [&] { return call(token); });
        BOOST_TEST(test::subscribers_wait(empty_queue.name()));
        const auto begin = std::chrono::steady_clock::now();
        source.request_stop();
        BOOST_TEST(!result.get());
        BOOST_TEST((std::chrono::steady_clock::now() - begin < 10s));
        BOOST_TEST(!call(token)); // a stop request is permanent
    }

    template <class Call>
    void publisher_stops(Call call)
    {
        Source source;
        const auto token = source.get_token();
        auto result =
            std::async(std::launch::async, [&] { return call(token); });
        BOOST_TEST(test::publishers_wait(full_queue.name()));
        source.request_stop();
        BOOST_TEST(!result.get());
        BOOST_TEST(!call(token));
    }

    void run()
    {
        std::string message;
        char buffer[10];
        std::size_t size;
        const auto cut = boost_ipq::truncate;
        subscriber_stops([&](auto& stop) { return in.dequeue(message, stop); });
        subscriber_stops(
            [&](auto& stop) { return in.dequeue(message, stop, ec); });
        BOOST_TEST(!ec);
        subscriber_stops(
            [&](auto& stop) { return in.dequeue(buffer, 10, size, stop); });
        subscriber_stops([&](auto& stop) {
            return in.dequeue(buffer, 10, size, cut, stop);
        });
        publisher_stops([&](auto& stop) { return out.enqueue("x", 1, stop); });
        publisher_stops(
            [&](auto& stop) { return out.enqueue("x", 1, stop, ec); });
        BOOST_TEST(!ec);
        publisher_stops([&](auto& stop) { return out.enqueue("x"sv, stop); });
        publisher_stops(
            [&](auto& stop) { return out.enqueue("x"sv, stop, ec); });
        BOOST_TEST(!ec);
        several_threads();
        message_first();
        requested_before();
    }

    void several_threads()
    {
        Source source;
        const auto wait = [&] {
            std::string message;
            return in.dequeue(message, source.get_token());
        };
        std::future<bool> results[3];
        for (auto& result : results)
            result = std::async(std::launch::async, wait);
        BOOST_TEST(test::subscribers_wait(empty_queue.name(), 3));
        source.request_stop();
        for (auto& result : results)
            BOOST_TEST(!result.get());
    }

    void message_first()
    {
        Source source;
        auto result = std::async(std::launch::async, [&] {
            std::string message;
            return in.dequeue(message, source.get_token()) ? message : "";
        });
        BOOST_TEST(test::subscribers_wait(empty_queue.name()));
        boost_ipq::publisher(boost_ipq::open_only, empty_queue).enqueue("x", 1);
        BOOST_TEST(result.get() == "x");
        source.request_stop(); // no call is waiting any more
    }

    // A call that need not wait succeeds.
    void requested_before()
    {
        Source source;
        source.request_stop();
        std::string message;
        BOOST_TEST(!in.dequeue(message, source.get_token()));
        BOOST_TEST(full.dequeue(message, source.get_token()));
        BOOST_TEST(message == "full");
        BOOST_TEST(out.enqueue("x", 1, source.get_token()));
    }

    const test::scoped_queue empty_queue, full_queue;
    boost_ipq::subscriber in{boost_ipq::create_only, empty_queue.options(100)};
    boost_ipq::publisher out{boost_ipq::create_only, full_queue.options(24)};
    boost_ipq::subscriber full{boost_ipq::open_only, full_queue};
    boost::system::error_code ec;
};

} // namespace

BOOST_AUTO_TEST_CASE(own_type)
{
    fixture<own_source>().run();
}

#if defined(__cpp_lib_jthread)

BOOST_AUTO_TEST_CASE(std_stop_token)
{
    fixture<std::stop_source>().run();
}

// A token for which no stop can be requested.
BOOST_AUTO_TEST_CASE(no_stop_state)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(100));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    auto result = std::async(std::launch::async, [&] {
        std::string message;
        return in.dequeue(message, std::stop_token()) ? message : "";
    });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    out.enqueue("x", 1);
    BOOST_TEST(result.get() == "x");
}

#endif
