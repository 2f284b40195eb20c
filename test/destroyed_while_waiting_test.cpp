// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A handle that is closed, destroyed or replaced while threads wait in it.

#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <future>
#include <optional>
#include <vector>

using boost_ipq::errc;

namespace {

struct fixture
{
    // Effects: runs a function that waits in `in`, and one that ends the wait.
    // Returns: the error code that the waiting function threw.
    template <class Function, class End>
    boost::system::error_code end_subscriber(Function function, End end)
    {
        in.emplace(boost_ipq::open_or_create, queue.options(100));
        auto result = std::async(
            std::launch::async, [&] { return test::thrown(function); });
        BOOST_TEST(test::subscribers_wait(queue.name()));
        end();
        return result.get();
    }

    template <class Function, class End>
    boost::system::error_code end_publisher(Function function, End end)
    {
        out.emplace(boost_ipq::open_or_create, queue.options(100));
        while (out->try_enqueue("x", 1))
        {
        }
        auto result = std::async(
            std::launch::async, [&] { return test::thrown(function); });
        BOOST_TEST(test::publishers_wait(queue.name()));
        end();
        return result.get();
    }

    const test::scoped_queue queue;
    std::optional<boost_ipq::subscriber> in;
    std::optional<boost_ipq::publisher> out;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(subscriber_destroyed, fixture)
{
    const auto code =
        end_subscriber([&] { in->dequeue(); }, [&] { in.reset(); });
    BOOST_TEST(code == test::code(errc::canceled));
}

BOOST_FIXTURE_TEST_CASE(subscriber_closed, fixture)
{
    const auto code =
        end_subscriber([&] { in->dequeue(); }, [&] { in->close(); });
    BOOST_TEST(code == test::code(errc::canceled));
    BOOST_TEST(!in->is_open());
}

BOOST_FIXTURE_TEST_CASE(subscriber_replaced, fixture)
{
    const auto code = end_subscriber(
        [&] { in->dequeue(); }, [&] { *in = boost_ipq::subscriber(); });
    BOOST_TEST(code == test::code(errc::canceled));
}

BOOST_FIXTURE_TEST_CASE(returns_false, fixture)
{
    bool result = true;
    std::string message = "untouched";
    const auto code = end_subscriber(
        [&] { result = in->dequeue(message); }, [&] { in.reset(); });
    BOOST_TEST(code == boost::system::error_code());
    BOOST_TEST(!result);
    BOOST_TEST(message == "untouched");
}

BOOST_FIXTURE_TEST_CASE(sets_the_code, fixture)
{
    bool result = true;
    std::string message;
    boost::system::error_code ec;
    end_subscriber(
        [&] { result = in->timed_dequeue(message, std::chrono::hours(1), ec); },
        [&] { in.reset(); });
    BOOST_TEST(ec == test::code(errc::canceled));
    BOOST_TEST(!result);
}

BOOST_FIXTURE_TEST_CASE(publisher_destroyed, fixture)
{
    const auto code =
        end_publisher([&] { out->enqueue("y", 1); }, [&] { out.reset(); });
    BOOST_TEST(code == test::code(errc::canceled));
}

BOOST_FIXTURE_TEST_CASE(publisher_closed, fixture)
{
    const auto code =
        end_publisher([&] { out->enqueue("y", 1); }, [&] { out->close(); });
    BOOST_TEST(code == test::code(errc::canceled));
    // The queue does not contain the message that was not sent.
    in.emplace(boost_ipq::open_only, queue);
    std::string message;
    while (in->try_dequeue(message))
        BOOST_TEST(message == "x");
}

BOOST_FIXTURE_TEST_CASE(several_threads, fixture)
{
    for (int lap = 0; lap < 20; ++lap)
    {
        in.emplace(boost_ipq::open_or_create, queue.options(100));
        std::vector<std::future<bool>> results;
        for (int i = 0; i < 3; ++i)
            results.push_back(std::async(std::launch::async, [&] {
                std::string message;
                return in->dequeue(message);
            }));
        BOOST_TEST(test::subscribers_wait(queue.name(), 3));
        in.reset();
        for (auto& result : results)
            BOOST_TEST(!result.get());
    }
}

// The other handles of the process continue.
BOOST_FIXTURE_TEST_CASE(other_handles_are_left_alone, fixture)
{
    boost_ipq::subscriber other(boost_ipq::open_or_create, queue.options(100));
    auto waiting = std::async(std::launch::async, [&] {
        std::string message;
        return other.dequeue(message) ? message : "";
    });
    in.emplace(boost_ipq::open_only, queue);
    auto canceled = std::async(std::launch::async, [&] {
        std::string message;
        return in->dequeue(message);
    });
    BOOST_TEST(test::subscribers_wait(queue.name(), 2));
    in.reset();
    BOOST_TEST(!canceled.get());
    boost_ipq::publisher(boost_ipq::open_only, queue).enqueue("late", 4);
    BOOST_TEST(waiting.get() == "late");
}
