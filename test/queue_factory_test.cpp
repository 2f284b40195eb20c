// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A factory that makes handles with common options and a log.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using namespace boost_ipq;

namespace {

// Without options, a handle opens no queue, but a factory opens its own.
template <class T>
void take(const T&);
template <class T, class = void>
struct from_braces : std::false_type
{
};
template <class T>
struct from_braces<T, std::void_t<decltype(take<T>({}))>> : std::true_type
{
};
static_assert(!from_braces<detail::options_argument>::value);
static_assert(from_braces<detail::factory_argument>::value);

struct fixture
{
    const test::scoped_queue queue, other;
    std::vector<queue_event> events;
    const queue_factory factory{
        queue.options(4096),
        [this](const queue_event& event) { events.push_back(event); }};

    std::string logged()
    {
        std::string result;
        for (const queue_event& event : events)
            result += std::string(to_string(event.kind)) + ' ';
        events.clear();
        return result;
    }
};

} // namespace

// Argument: the queue. Receives in place, reserves, and waits to be killed.
CHILD_ROLE(hold)
{
    subscriber in(open_only, self.argument(0));
    publisher out(open_only, self.argument(0));
    const auto message = in.receive();
    const auto room = out.reserve(8);
    self.tell("holds");
    self.hear();
}

BOOST_FIXTURE_TEST_SUITE(factory, fixture)

BOOST_AUTO_TEST_CASE(opened_and_created)
{
    publisher out = factory.make_publisher(create_only);
    BOOST_TEST(events.at(0).queue == queue.name());
    BOOST_TEST(logged() == "created ");
    subscriber in = factory.make_subscriber(open_only);
    BOOST_TEST(logged() == "opened ");
    factory.make_publisher(open_or_create, other.name());
    BOOST_TEST(events.at(0).queue == other.name());
    BOOST_TEST(logged() == "created ");
    factory.make_subscriber(open_only, other.name());
    BOOST_TEST(logged() == "opened ");
    BOOST_TEST(inspect(other).capacity == 4096u);
    out.enqueue("x", 1);
    BOOST_TEST(in.dequeue().size() == 1u);
    BOOST_TEST(logged() == "");
    BOOST_TEST(factory.defaults().name() == queue.name());
}

BOOST_AUTO_TEST_CASE(mismatch)
{
    publisher(create_only, queue.options(100));
    BOOST_CHECK_THROW(factory.make_publisher(open_only), queue_mismatch);
    BOOST_TEST_REQUIRE(events.size() == 1u);
    BOOST_TEST(
        events[0].text.find("has a capacity of 100 bytes, not 4096") !=
        std::string::npos);
    BOOST_TEST(logged() == "mismatch ");
    // Other errors are reported to the caller only.
    BOOST_CHECK_THROW(factory.make_publisher(open_only, other.name()), error);
    BOOST_CHECK_THROW(
        factory.make_publisher(open_only, "/"), std::invalid_argument);
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(recovered_and_redelivered)
{
    publisher out = factory.make_publisher(create_only);
    subscriber in = factory.make_subscriber(open_only);
    logged();
    out.enqueue("once", 4);
    test::child dying("hold", {queue.name()});
    BOOST_TEST(dying.hear() == "holds");
    dying.kill();
    out.enqueue("next", 4);
    std::string message;
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "once");
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "next");
    std::uint64_t recovered = 0, redelivered = 0;
    for (const queue_event& event : events)
        (event.kind == queue_event::recovered ? recovered : redelivered) +=
            event.number;
    BOOST_TEST(recovered == 2u); // the delivery and the reservation
    BOOST_TEST(redelivered == 1u);
    // Also for a delivery that this process gives back.
    logged();
    out.enqueue("again", 5);
    in.try_receive();
    in.try_receive().acknowledge();
    BOOST_TEST(logged() == "redelivered ");
}

// The operation has succeeded by then.
BOOST_AUTO_TEST_CASE(a_log_that_throws)
{
    const queue_factory angry(queue.options(4096), [](const queue_event&) {
        throw std::runtime_error("no");
    });
    publisher out = angry.make_publisher(create_only);
    subscriber in = angry.make_subscriber(open_only);
    out.enqueue("once", 4);
    in.try_receive();
    delivery again = in.try_receive();
    BOOST_TEST(again.redelivered());
    again.give_back();
    BOOST_TEST(in.consume_all([](const void*, std::size_t) {}) == 1u);
    BOOST_TEST(inspect(queue).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(error_codes)
{
    boost::system::error_code ec;
    BOOST_TEST(!factory.make_publisher(open_only, ec).is_open());
    BOOST_TEST(ec == test::code(errc::not_found));
    BOOST_TEST(!factory.make_subscriber(open_only, "/", ec).is_open());
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    BOOST_TEST(factory.make_publisher(create_only, other.name(), ec).is_open());
    BOOST_TEST(factory.make_subscriber(create_only, ec).is_open());
    BOOST_TEST(!ec);
}

// Options are used unchanged, and logged.
BOOST_AUTO_TEST_CASE(options_of_its_own)
{
    publisher out = factory.make_publisher(create_only, other.options(100));
    BOOST_TEST(logged() == "created ");
    BOOST_TEST(inspect(other).capacity == 100u);
    subscriber in = factory.make_subscriber(open_only, other);
    BOOST_TEST(logged() == "opened ");
    const std::string_view name = other.name();
    BOOST_CHECK_THROW(factory.make_publisher(open_only, name), queue_mismatch);
    boost::system::error_code ec;
    BOOST_TEST(factory.make_subscriber(open_only, other, ec).is_open());
    BOOST_TEST(!factory.make_publisher(open_only, {"a b", 100}, ec).is_open());
    BOOST_TEST(ec == test::code(errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(without_a_log)
{
    const queue_factory silent{queue.options(4096)};
    publisher out = silent.make_publisher(create_only);
    subscriber in = silent.make_subscriber(open_only);
    BOOST_TEST(out.try_enqueue("x", 1));
    BOOST_TEST(in.dequeue().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_line_of_a_log)
{
    std::ostringstream out;
    out << queue_event{queue_event::recovered, "q", 2, ""} << '\n'
        << queue_event{queue_event::mismatch, "q", 0, "why"};
    BOOST_TEST(out.str() == "queue 'q': recovered 2\nqueue 'q': mismatch: why");
}

BOOST_AUTO_TEST_SUITE_END()
