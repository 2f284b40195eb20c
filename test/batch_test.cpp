// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Several messages in one call: try_enqueue_all, consume_one, consume_all.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <forward_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace boost_ipq;

namespace {

using texts = std::vector<std::string>;

struct fixture : test::queue_fixture<128>
{
    texts take_all()
    {
        texts result;
        const std::size_t count =
            in.consume_all([&](const void* data, std::size_t size) {
                result.emplace_back(static_cast<const char*>(data), size);
            });
        BOOST_TEST(count == result.size());
        return result;
    }
};

// A message whose size can be read only a limited number of times.
struct reluctant
{
    const char* data() const { return "reluctant"; }
    std::size_t size() const
    {
        if (budget-- == 0)
            throw std::runtime_error("no");
        return 9;
    }
    static int budget;
};
int reluctant::budget;

} // namespace

BOOST_FIXTURE_TEST_SUITE(batches, fixture)

// 128 bytes hold 8 messages of 8 bytes.
BOOST_AUTO_TEST_CASE(room_of_acknowledged_messages)
{
    const texts eight(8, "12345678");
    for (int acknowledged = 1; acknowledged <= 4; ++acknowledged)
    {
        for (int i = 0; i < acknowledged; ++i)
            out.enqueue("12345678", 8);
        for (int i = 0; i < acknowledged; ++i)
            in.try_receive().acknowledge();
        BOOST_TEST(out.try_enqueue_all(eight.begin(), eight.end()) == 8u);
        BOOST_TEST(take_all().size() == 8u);
    }
}

// If the caller's range throws, nothing is sent and no other publisher is
// blocked.
BOOST_AUTO_TEST_CASE(ranges_that_throw)
{
    const std::vector<reluctant> messages(3);
    int passed = 0;
    for (;; ++passed)
    {
        reluctant::budget = passed;
        try
        {
            BOOST_TEST(
                out.try_enqueue_all(messages.begin(), messages.end()) == 3u);
            break;
        }
        catch (const std::runtime_error&)
        {
        }
        BOOST_TEST(out.try_enqueue("x", 1));
        BOOST_TEST(take_all() == texts({"x"}));
    }
    BOOST_TEST(passed >= 3);
    BOOST_TEST(take_all() == texts(3, "reluctant"));
}

// Ranges that exist only while they are read. Their elements are on the heap or
// inside the range.
BOOST_AUTO_TEST_CASE(ranges_by_value)
{
    const std::vector<int> sizes = {3, 40, 0};
    const auto text = [](int size) {
        return std::string(static_cast<std::size_t>(size), 'x');
    };
    BOOST_TEST(
        out.try_enqueue_all(
            boost::make_transform_iterator(sizes.begin(), text),
            boost::make_transform_iterator(sizes.end(), text)) == 3u);
    BOOST_TEST(take_all() == texts({text(3), text(40), text(0)}));
}

BOOST_AUTO_TEST_CASE(all_in_order)
{
    const texts messages = {"a", "", "ccc"};
    BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end()) == 3u);
    BOOST_TEST(take_all() == messages);
    const std::forward_list<std::string_view> views = {"x", "y"};
    BOOST_TEST(out.try_enqueue_all(views.begin(), views.end(), ec) == 2u);
    BOOST_TEST(!ec);
    BOOST_TEST(take_all() == texts({"x", "y"}));
    BOOST_TEST(out.try_enqueue_all(views.begin(), views.begin()) == 0u);
}

BOOST_AUTO_TEST_CASE(as_many_as_fit)
{
    const texts messages(10, std::string(24, 'm'));
    for (std::size_t lap = 0; lap < 20; ++lap)
    {
        const std::size_t sent =
            out.try_enqueue_all(messages.begin(), messages.end());
        BOOST_TEST(sent >= 3u);
        BOOST_TEST(sent <= 4u);
        BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end()) == 0u);
        BOOST_TEST(take_all() == texts(sent, messages[0]));
        // The next lap begins at another place.
        const texts one = {std::string(8 * (lap % 4), 'o')};
        BOOST_TEST(out.try_enqueue_all(one.begin(), one.end()) == 1u);
        BOOST_TEST(take_all() == one);
    }
}

BOOST_AUTO_TEST_CASE(one_that_could_never_fit)
{
    const texts messages = {"a", std::string(121, 'x')};
    BOOST_CHECK_THROW(
        out.try_enqueue_all(messages.begin(), messages.end()),
        message_too_large);
    BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end(), ec) == 0u);
    BOOST_TEST(ec == test::code(errc::message_too_large));
    BOOST_TEST(take_all().empty());
}

// One batch wakes all sleepers. One whose bounded sleep has just ended may
// count itself again: then the case is repeated.
BOOST_AUTO_TEST_CASE(wakes_as_many_as_there_are_messages)
{
    unsigned left = 1;
    for (int lap = 0; lap < 3 && left != 0; ++lap)
    {
        std::vector<std::thread> sleepers;
        std::atomic<int> served{0};
        for (int i = 0; i < 3; ++i)
            sleepers.emplace_back([&] {
                std::string message;
                served += in.dequeue(message);
            });
        while (inspect(queue).waiting_subscribers != 3)
            std::this_thread::yield();
        const texts messages = {"1", "2", "3"};
        BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end()) == 3u);
        // They are woken now; they do not only wake up by themselves.
        left = inspect(queue).waiting_subscribers;
        for (auto& sleeper : sleepers)
            sleeper.join();
        BOOST_TEST(served == 3);
    }
    BOOST_TEST(left == 0u);
}

BOOST_AUTO_TEST_CASE(one)
{
    out.enqueue("first", 5);
    out.enqueue("second", 6);
    std::string got;
    const auto keep = [&](const void* data, std::size_t size) {
        got.assign(static_cast<const char*>(data), size);
    };
    BOOST_TEST(in.consume_one(keep) == 1u);
    BOOST_TEST(got == "first");
    BOOST_TEST(in.consume_one(keep, ec) == 1u);
    BOOST_TEST(got == "second");
    BOOST_TEST(in.consume_one(keep) == 0u);
    BOOST_TEST(in.consume_one(keep, ec) == 0u);
    BOOST_TEST(!ec);
    subscriber closed;
    BOOST_TEST(closed.consume_all(keep, ec) == 0u);
    BOOST_TEST(ec == test::code(errc::closed));
}

// One call takes all messages: of equal size, of several sizes, across the end
// of the buffer; as many as are claimed together, one less or one more.
BOOST_AUTO_TEST_CASE(many_at_once)
{
    const test::scoped_queue other;
    out = publisher(create_only, other.options(4096));
    in = subscriber(open_only, other);
    for (std::size_t count : {63, 64, 65, 127, 128, 129, 200})
        for (bool mixed : {false, true})
            for (int lap = 0; lap < 50; ++lap)
            {
                texts messages;
                for (std::size_t i = 0; i < count; ++i)
                    messages.emplace_back(mixed ? i % 9 : 5, char('a' + i));
                BOOST_TEST_REQUIRE(
                    out.try_enqueue_all(messages.begin(), messages.end()) ==
                    count);
                BOOST_TEST_REQUIRE(take_all() == messages);
                // Moves the next lap by one more step.
                BOOST_TEST_REQUIRE(out.try_enqueue("123456789", 9));
                BOOST_TEST_REQUIRE(take_all() == texts({"123456789"}));
            }
}

// Messages that are sent meanwhile are for the next call.
BOOST_AUTO_TEST_CASE(sent_while_consuming)
{
    out.enqueue("1", 1);
    BOOST_TEST(in.consume_all([&](const void*, std::size_t) {
        out.enqueue("2", 1);
    }) == 1u);
    BOOST_TEST(take_all() == texts({"2"}));
}

// If the function throws, the message is not consumed.
BOOST_AUTO_TEST_CASE(exceptions)
{
    for (const char* message : {"1", "2", "3"})
        out.enqueue(message, 1);
    int calls = 0;
    BOOST_CHECK_THROW(
        in.consume_all([&](const void*, std::size_t) {
            if (++calls == 2)
                throw std::runtime_error("no");
        }),
        std::runtime_error);
    BOOST_TEST(calls == 2);
    BOOST_TEST(take_all() == texts({"2", "3"}));
}

BOOST_AUTO_TEST_SUITE_END()
