// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Objects of one type, sent as their representation in memory.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/typed.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace boost_ipq;

namespace {

struct trade
{
    std::uint64_t number;
    double price;
    char symbol[5];

    friend bool operator==(const trade& a, const trade& b)
    {
        return a.number == b.number && a.price == b.price &&
               std::string(a.symbol) == b.symbol;
    }

    friend std::ostream& operator<<(std::ostream& out, const trade& value)
    {
        return out << value.number << ' ' << value.symbol;
    }
};

struct alignas(32) vector_of_doubles
{
    double values[4];
};

struct no_default
{
    explicit no_default(int i) : value(i) {}
    int value;
};

struct price
{
    double value;
};

struct temperature
{
    double value;
};

constexpr trade first{1, 1.5, "BOOS"}, second{2, 2.5, "IPQ"};
constexpr std::chrono::milliseconds soon{5};

} // namespace

template <>
struct boost_ipq::type_name<price>
{
    static constexpr std::string_view value = "price";
};

template <>
struct boost_ipq::type_name<temperature>
{
    static constexpr const char* value = "temperature";
};

namespace {

struct fixture
{
    const test::scoped_queue queue;
    typed_publisher<trade> out{create_only, queue.options(4096)};
    typed_subscriber<trade> in{open_only, queue};
    boost::system::error_code ec;
};

} // namespace

// Arguments: the queue, the queue for the answers.
CHILD_ROLE(echo)
{
    typed_subscriber<trade> in(open_only, self.argument(0));
    typed_publisher<trade> out(open_only, self.argument(1));
    self.tell("ready");
    out.enqueue(in.dequeue());
    auto message = in.receive();
    auto room = out.reserve();
    *room = *message;
    room->price *= 2;
    room.commit();
    message.acknowledge();
}

BOOST_FIXTURE_TEST_SUITE(typed, fixture)

BOOST_AUTO_TEST_CASE(between_processes)
{
    const test::scoped_queue back;
    typed_subscriber<trade> answers(create_only, back.options(4096));
    test::child other("echo", {queue.name(), back.name()});
    BOOST_TEST(other.hear() == "ready");
    out.enqueue(first);
    BOOST_TEST(answers.dequeue() == first);
    out.enqueue(second);
    BOOST_TEST(answers.dequeue().price == 2 * second.price);
    BOOST_TEST(other.wait() == 0);
    BOOST_TEST(inspect(queue).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(by_value)
{
    trade got{};
    BOOST_TEST(out.try_enqueue(first));
    BOOST_TEST(out.try_enqueue(second, ec));
    BOOST_TEST(in.try_dequeue(got));
    BOOST_TEST(got == first);
    BOOST_TEST(in.try_dequeue(got, ec));
    BOOST_TEST(got == second);
    BOOST_TEST(!in.try_dequeue(got));
    BOOST_TEST(!in.try_dequeue(got, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!in.timed_dequeue(got, soon));
    BOOST_TEST(!in.timed_dequeue(got, soon, ec));
    BOOST_TEST(!in.dequeue(got, test::stop_flag{true}));
    BOOST_TEST(!in.dequeue(got, test::stop_flag{true}, ec));
    for (int i = 0; i < 3; ++i)
        out.enqueue(first);
    out.enqueue(first, ec);
    BOOST_TEST(out.timed_enqueue(first, soon));
    BOOST_TEST(out.timed_enqueue(first, soon, ec));
    BOOST_TEST(out.enqueue(second, test::stop_flag{false}));
    BOOST_TEST(in.dequeue(got));
    BOOST_TEST(in.dequeue(got, ec));
    BOOST_TEST(in.dequeue(got, test::stop_flag{false}));
    BOOST_TEST(in.timed_dequeue(got, soon));
    BOOST_TEST(in.timed_dequeue(got, soon, ec));
    BOOST_TEST(in.dequeue() == first);
    BOOST_TEST(in.dequeue() == second);
}

BOOST_AUTO_TEST_CASE(in_place)
{
    typed_reservation<trade> room = out.try_reserve();
    BOOST_TEST_REQUIRE(!!room);
    *room = first;
    room->number = 7;
    BOOST_TEST(room.data() == &*room);
    room.commit();
    BOOST_TEST(!room);
    BOOST_TEST(!!out.reserve(ec));
    BOOST_TEST(!!out.timed_reserve(soon));
    {
        const typed_delivery<trade> message = in.try_receive();
        BOOST_TEST_REQUIRE(!!message);
        BOOST_TEST(message->number == 7u);
        BOOST_TEST(!message.redelivered());
        BOOST_TEST(message.data() == &*message);
    }
    auto again = in.receive();
    BOOST_TEST(again.redelivered());
    BOOST_TEST((*again).number == 7u);
    again.acknowledge();
    BOOST_TEST(!in.try_receive(ec));
    BOOST_TEST(!in.timed_receive(soon));
    BOOST_TEST(!in.timed_receive(soon, ec));
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(in_batches)
{
    const std::vector<trade> trades = {first, second, first};
    BOOST_TEST(out.try_enqueue_all(trades.begin(), trades.end()) == 3u);
    std::vector<trade> got;
    BOOST_TEST(in.consume_one([&](const trade& t) { got.push_back(t); }) == 1u);
    BOOST_TEST(in.consume_all([&](const trade& t) { got.push_back(t); }) == 2u);
    BOOST_TEST(got == trades);
    BOOST_TEST(in.consume_one([](const trade&) {}, ec) == 0u);
    BOOST_TEST(in.consume_all([](const trade&) {}, ec) == 0u);
    BOOST_TEST(!ec);
    out.enqueue(second);
    BOOST_TEST(in.dequeue(ec).value() == second);
    BOOST_TEST(!in.receive(test::stop_flag{true}));
    BOOST_TEST(!in.receive(test::stop_flag{true}, ec));
    in.close();
    BOOST_TEST(!in.dequeue(ec));
    BOOST_TEST(ec == test::code(errc::closed));
}

BOOST_AUTO_TEST_CASE(canceled)
{
    std::thread other([&] {
        trade got;
        BOOST_TEST(!in.dequeue(got));
    });
    while (inspect(queue).waiting_subscribers == 0)
        std::this_thread::yield();
    in.cancel();
    other.join();
}

BOOST_AUTO_TEST_CASE(type_is_recorded)
{
    BOOST_TEST(inspect(queue).type_size == sizeof(trade));
    BOOST_TEST(inspect(queue).type_alignment == alignof(trade));
    BOOST_CHECK_EXCEPTION(
        typed_subscriber<std::uint64_t>(open_only, queue), queue_mismatch,
        [](const queue_mismatch& e) {
            return std::string(e.what()).find(
                       "has messages of a type of 24 bytes, aligned to 8, not "
                       "messages of a type of 8 bytes") != std::string::npos;
        });
    // A different type of the same size.
    BOOST_CHECK_THROW(
        (typed_subscriber<std::array<char, 24>>(open_only, queue)),
        queue_mismatch);
    // Tools inspect the messages as bytes.
    out.enqueue(first);
    std::string bytes;
    BOOST_TEST(subscriber(open_only, queue).try_dequeue(bytes));
    BOOST_TEST(bytes.size() == sizeof(trade));
    typed_publisher<std::uint64_t> closed(open_only, queue, ec);
    BOOST_TEST(ec == test::code(errc::queue_mismatch));
    BOOST_TEST(!closed.try_enqueue(1, ec));
    BOOST_TEST(ec == test::code(errc::closed));
}

// A handle of bytes that opens a queue first does not decide its type.
BOOST_AUTO_TEST_CASE(bytes_come_first)
{
    const test::scoped_queue untyped;
    publisher any(create_only, untyped.options(1024));
    BOOST_TEST(inspect(untyped).type_size == 0u);
    // A refused handle records nothing.
    BOOST_CHECK_THROW(
        typed_publisher<vector_of_doubles>(open_only, untyped), queue_mismatch);
    BOOST_TEST(inspect(untyped).type_size == 0u);
    typed_publisher<trade> typed(open_or_create, untyped.options(1024));
    BOOST_TEST(inspect(untyped).type_size == sizeof(trade));
    BOOST_TEST(inspect(untyped).type_alignment == alignof(trade));
    BOOST_CHECK_THROW(
        typed_publisher<std::uint64_t>(open_only, untyped), queue_mismatch);
    typed_subscriber<trade> taker(open_only, untyped);
    any.enqueue(&first, sizeof first);
    typed.enqueue(second);
    BOOST_TEST(taker.dequeue() == first);
    BOOST_TEST(taker.dequeue() == second);
    BOOST_TEST(subscriber(open_only, untyped.options(1024)).is_open());
}

BOOST_AUTO_TEST_CASE(bytes_come_first_in_one_process)
{
    const std::string name = "typed_test.heap";
    using bytes = basic_publisher<std::allocator<std::byte>, heap_storage>;
    bytes any(create_only, queue_options(name, 1024));
    typed_publisher<trade, no_codec, std::allocator<std::byte>, heap_storage>
        typed(open_only, name);
    BOOST_CHECK_THROW(
        (typed_publisher<
            int, no_codec, std::allocator<std::byte>, heap_storage>(
            open_only, name)),
        queue_mismatch);
}

// A process that is killed while it records a type leaves a queue without one.
BOOST_AUTO_TEST_CASE(half_recorded)
{
    const test::scoped_queue untyped;
    publisher any(create_only, untyped.options(1024));
    test::edit_mark(untyped.name(), [](detail::queue_mark& mark) {
        mark.type_size = 3;
        mark.type_name[0] = 'x';
    });
    BOOST_TEST(inspect(untyped).type_size == 0u);
    BOOST_TEST(typed_publisher<trade>(open_only, untyped).is_open());
    BOOST_TEST(inspect(untyped).type_size == sizeof(trade));
    test::edit_mark(
        untyped.name(), [](detail::queue_mark& mark) { mark.type_size = 3; });
    publisher(open_only, untyped, ec);
    BOOST_TEST(ec == test::code(errc::queue_corrupt));
}

BOOST_AUTO_TEST_CASE(names_of_types)
{
    const test::scoped_queue prices;
    typed_publisher<price> sender(create_only, prices.options(1024));
    BOOST_TEST(inspect(prices).type_name == "price");
    BOOST_CHECK_EXCEPTION(
        typed_subscriber<temperature>(open_only, prices), queue_mismatch,
        [](const queue_mismatch& e) {
            return std::string(e.what()).find(
                       "has messages of the type 'price' of 8 bytes, aligned "
                       "to 8, not messages of the type 'temperature'") !=
                   std::string::npos;
        });
    sender.enqueue({1.5});
    BOOST_TEST(
        typed_subscriber<price>(open_only, prices).dequeue().value == 1.5);
    // A type without a name is compared by its size.
    BOOST_TEST(typed_subscriber<double>(open_only, prices).is_open());
    BOOST_CHECK_THROW(
        queue_options("x").message_type(1, 1, std::string(252, 'x')),
        std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(optional_objects)
{
    BOOST_TEST(!in.try_dequeue());
    BOOST_TEST(!in.try_dequeue(ec));
    BOOST_TEST(!in.timed_dequeue(soon));
    BOOST_TEST(!in.timed_dequeue(soon, ec));
    for (int i = 0; i < 4; ++i)
        out.enqueue(first);
    BOOST_TEST(in.try_dequeue().value() == first);
    BOOST_TEST(in.try_dequeue(ec).value() == first);
    BOOST_TEST(in.timed_dequeue(soon).value() == first);
    BOOST_TEST(in.timed_dequeue(soon, ec).value() == first);
    BOOST_TEST(!ec);
}

// Bytes that do not encode such an object stay in the queue, for a subscriber
// that can take them.
BOOST_AUTO_TEST_CASE(messages_of_another_size)
{
    publisher bytes(open_only, queue);
    for (const std::size_t size : {sizeof(trade) - 1, sizeof(trade) + 1})
    {
        bytes.enqueue(std::string(size, 'x'));
        trade got = first;
        BOOST_CHECK_THROW(in.try_dequeue(got), queue_mismatch);
        BOOST_CHECK_THROW(in.dequeue(got), queue_mismatch);
        BOOST_CHECK_THROW(in.dequeue(), queue_mismatch);
        BOOST_CHECK_THROW(in.try_receive(), queue_mismatch);
        BOOST_TEST(!in.try_receive(ec));
        BOOST_TEST(ec == test::code(errc::queue_mismatch));
        BOOST_CHECK_THROW(in.consume_all([](const trade&) {}), queue_mismatch);
        BOOST_TEST(got == first);
        std::string message;
        BOOST_TEST(subscriber(open_only, queue).try_dequeue(message));
        BOOST_TEST(message == std::string(size, 'x'));
    }
}

BOOST_AUTO_TEST_CASE(aligned)
{
    const test::scoped_queue other;
    typed_publisher<vector_of_doubles> wide(create_only, other.options(1024));
    BOOST_TEST(inspect(other).message_alignment == 32u);
    wide.enqueue({{1, 2, 3, 4}});
    typed_subscriber<vector_of_doubles> taker(open_only, other);
    const auto message = taker.receive();
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(&*message) % 32 == 0u);
    BOOST_TEST(message->values[3] == 4);
    // Tools can open the queue with the same options.
    BOOST_TEST(subscriber(open_only, other.options(1024)).is_open());
    BOOST_TEST(publisher(open_only, other.options(1024).message_alignment(8))
                   .is_open());
    BOOST_CHECK_THROW(
        subscriber(open_only, other.options(1024).message_alignment(64)),
        queue_mismatch);
    // A larger alignment is kept.
    const test::scoped_queue larger;
    typed_publisher<vector_of_doubles>(
        create_only, larger.options(1024).message_alignment(64));
    BOOST_TEST(inspect(larger).message_alignment == 64u);
    typed_subscriber<vector_of_doubles>(open_only, larger);
}

BOOST_AUTO_TEST_CASE(without_default_constructor)
{
    const test::scoped_queue other;
    typed_publisher<no_default> source(create_only, other.options(1024));
    source.enqueue(no_default(3));
    BOOST_TEST(
        typed_subscriber<no_default>(open_only, other).dequeue().value == 3);
}

BOOST_AUTO_TEST_CASE(inside_one_process)
{
    using allocator = std::allocator<std::byte>;
    const std::string name = test::unique_name();
    typed_publisher<trade, no_codec, allocator, heap_storage> source(
        create_only, queue_options(name, 1024).lifetime(lifetime::while_open));
    typed_subscriber<trade, no_codec, allocator, heap_storage> taker(
        open_only, name);
    source.enqueue(second);
    BOOST_TEST(taker.dequeue() == second);
}

BOOST_AUTO_TEST_SUITE_END()
