// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every subscriber gets every message.

// Before broadcast.hpp, as programs may do it: what the calls of a subscriber
// do with a broadcast is declared later then.
#include <boost_ipq/subscriber.hpp>

#include "support/body.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/test/unit_test.hpp>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;

namespace {

using heap_publisher =
    basic_broadcast_publisher<std::allocator<std::byte>, heap_storage>;
using heap_subscriber =
    basic_broadcast_subscriber<std::allocator<std::byte>, heap_storage>;

// "-" if there is no message.
template <class Subscriber>
std::string take(Subscriber& in)
{
    std::string message;
    return in.try_dequeue(message) ? message : "-";
}

std::string text(const delivery& message)
{
    return message
               ? std::string(
                     static_cast<const char*>(message.data()), message.size())
               : "-";
}

void send(broadcast_publisher& out, const std::string& message)
{
    BOOST_REQUIRE(out.try_enqueue(message));
}

template <class Publisher>
std::size_t fill(Publisher& out, const std::string& message)
{
    std::size_t sent = 0;
    while (out.try_enqueue(message))
        ++sent;
    return sent;
}

void fill_history(broadcast_publisher& out, int& next, int count)
{
    for (int i = 0; i < count; ++i)
        send(out, std::to_string(next++));
}

struct fixture
{
    queue_options
    options(std::size_t capacity, enum overflow policy = overflow::block) const
    {
        return queue.options(capacity).overflow(policy);
    }

    test::scoped_queue queue;
    const std::string name = queue.name();
};

// Sends, and receives in several ways, as many laps as numbers say.
template <class Publisher, class Subscriber>
void exchange(const queue_options& options, unsigned messages)
{
    Publisher out(create_only, options);
    Subscriber copying(open_only, options), in_place(open_only, options),
        all(open_only, options);
    const std::size_t longest = out.max_message_size();
    for (unsigned i = 0; i < messages; ++i)
    {
        const auto body = test::make_body(i, i * 7 % (longest + 1));
        BOOST_REQUIRE(out.try_enqueue(body));
        test::bytes message;
        BOOST_REQUIRE(copying.try_dequeue(message));
        BOOST_REQUIRE(message == body);
        BOOST_REQUIRE(!copying.try_dequeue(message));
        delivery held = in_place.try_receive();
        BOOST_REQUIRE(held);
        const auto* const begin = static_cast<const std::byte*>(held.data());
        BOOST_REQUIRE(test::bytes(begin, begin + held.size()) == body);
        held.acknowledge();
        BOOST_REQUIRE(!in_place.try_receive());
        const auto is_body = [&](const void* data, std::size_t size) {
            const auto* const first = static_cast<const std::byte*>(data);
            BOOST_REQUIRE(test::bytes(first, first + size) == body);
        };
        BOOST_REQUIRE(all.consume_all(is_body) == 1u);
    }
    BOOST_TEST(copying.missed() + in_place.missed() + all.missed() == 0u);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(broadcast, fixture)

// With small rings, nearly every message is at the end of the buffer.
BOOST_AUTO_TEST_CASE(all_sizes_get_through)
{
    for (const auto policy : {overflow::block, overflow::drop_oldest})
        for (const std::size_t capacity : {8, 24, 100, 1000, 40'000})
        {
            exchange<broadcast_publisher, broadcast_subscriber>(
                options(capacity, policy), capacity < 8192 ? 1500 : 300);
            remove_queue(name);
            exchange<heap_publisher, heap_subscriber>(
                options(capacity, policy), 300);
            remove_queue<heap_storage>(name);
        }
    exchange<broadcast_publisher, broadcast_subscriber>(
        options(1000).message_alignment(64), 300);
}

BOOST_AUTO_TEST_CASE(in_a_file)
{
    const test::temporary_directory directory;
    queue_options in_file = options(10'000);
    in_file.directory(directory.path());
    exchange<broadcast_publisher, broadcast_subscriber>(in_file, 500);
    BOOST_TEST(remove_queue(in_file));
}

BOOST_AUTO_TEST_CASE(each_gets_every_message)
{
    broadcast_publisher out(create_only, options(4096));
    send(out, "before");
    broadcast_subscriber a(open_only, name), b(open_only, name);
    send(out, "1");
    broadcast_subscriber c(open_only, name);
    send(out, "2");
    BOOST_TEST(a.size() == 2u);
    BOOST_TEST(take(a) == "1");
    BOOST_TEST(take(a) == "2");
    BOOST_TEST(take(a) == "-");
    BOOST_TEST(take(b) == "1");
    BOOST_TEST(take(c) == "2");
    BOOST_TEST(take(c) == "-");
    BOOST_TEST(take(b) == "2");
    BOOST_TEST(b.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_batch_and_reservations)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name);
    const std::vector<std::string> batch = {"1", "2", "3"};
    BOOST_TEST(out.try_enqueue_all(batch.begin(), batch.end()) == 3u);
    reservation first = out.try_reserve(1), second = out.try_reserve(100);
    *static_cast<char*>(first.data()) = '4';
    *static_cast<char*>(second.data()) = '5';
    second.commit(1);
    for (const char* expected : {"1", "2", "3", "-"})
        BOOST_TEST(take(in) == expected);
    first.commit();
    out.try_reserve(10).abandon();
    send(out, "6");
    for (const char* expected : {"4", "5", "6", "-"})
        BOOST_TEST(take(in) == expected);
}

// `block`: the slowest subscriber holds publishers up, until it goes on or
// leaves.
BOOST_AUTO_TEST_CASE(the_slowest_blocks)
{
    broadcast_publisher out(create_only, options(1024));
    broadcast_subscriber fast(open_only, name);
    {
        broadcast_subscriber slow(open_only, name);
        const std::size_t sent = fill(out, "message");
        BOOST_TEST(sent == 1024 / 16);
        for (std::size_t i = 0; i < sent; ++i)
            BOOST_TEST(take(fast) == "message");
        BOOST_TEST(!out.try_enqueue("message", 7));
        BOOST_TEST(take(slow) == "message");
        BOOST_TEST(out.try_enqueue("message", 7));
        BOOST_TEST(!out.try_enqueue("message", 7));
    }
    BOOST_TEST(out.try_enqueue("message", 7));
    BOOST_TEST(fast.size() == 2u);
    BOOST_TEST(fast.missed() == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_listens)
{
    for (const auto policy : {overflow::block, overflow::drop_oldest})
    {
        broadcast_publisher out(create_only, options(1024, policy));
        for (int i = 0; i < 1000; ++i)
            send(out, std::to_string(i));
        broadcast_subscriber in(open_only, name, history(3));
        for (const char* expected : {"997", "998", "999", "-"})
            BOOST_TEST(take(in) == expected);
        remove_queue(name);
    }
}

BOOST_AUTO_TEST_CASE(the_oldest_are_dropped)
{
    broadcast_publisher out(create_only, options(4096, overflow::drop_oldest));
    broadcast_subscriber slow(open_only, name), fast(open_only, name);
    std::uint64_t received = 0;
    int last = -1;
    for (int i = 0; i < 10'000; ++i)
    {
        send(out, std::to_string(i));
        BOOST_REQUIRE(take(fast) == std::to_string(i));
        if (i % 97 == 0)
        {
            const int next = std::stoi(take(slow));
            BOOST_REQUIRE(next > last);
            last = next;
            ++received;
        }
    }
    BOOST_TEST(fast.missed() == 0u);
    BOOST_TEST(slow.missed() > 0u);
    while (take(slow) != "-")
        ++received;
    BOOST_TEST(received + slow.missed() == 10'000u);
}

// The history ends where publishers needed the room.
BOOST_AUTO_TEST_CASE(history_of_any_length)
{
    broadcast_publisher out(create_only, options(4096, overflow::drop_oldest));
    for (int sent = 0; sent < 2000; ++sent)
    {
        const std::size_t wanted = static_cast<std::size_t>(sent * 31 % 300);
        broadcast_subscriber in(open_only, name, history(wanted));
        std::vector<std::string> got;
        for (std::string next; (next = take(in)) != "-";)
            got.push_back(next);
        BOOST_REQUIRE(got.size() <= wanted);
        // 13 of 16 chunks are kept at least. A message takes 16 bytes, and what
        // was abandoned at most 48 for every five of them.
        BOOST_REQUIRE(
            got.size() >=
            (std::min)({wanted, std::size_t(sent), std::size_t(130)}));
        for (std::size_t i = 0; i < got.size(); ++i)
            BOOST_REQUIRE(
                got[i] == std::to_string(std::size_t(sent) - got.size() + i));
        if (sent % 5 == 0)
            out.try_reserve(sent % 40).abandon();
        send(out, std::to_string(sent));
    }
}

BOOST_AUTO_TEST_CASE(only_the_newest)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name);
    std::string message;
    BOOST_TEST(!in.try_dequeue_latest(message));
    for (int i = 0; i < 500; ++i)
    {
        for (int j = 0; j <= i % 10; ++j)
            send(out, std::to_string(i * 10 + j));
        BOOST_REQUIRE(in.try_dequeue_latest(message));
        BOOST_TEST(message == std::to_string(i * 10 + i % 10));
        BOOST_TEST(take(in) == "-");
    }
    send(out, "old");
    send(out, "too long");
    char buffer[3];
    std::size_t size;
    boost::system::error_code ec;
    BOOST_TEST(!in.try_dequeue_latest(buffer, 3, size, ec));
    BOOST_TEST((ec == errc::buffer_too_small));
    BOOST_TEST(take(in) == "old");
    BOOST_TEST(in.try_dequeue_latest(buffer, 3, size, boost_ipq::truncate));
    BOOST_TEST(size == 8u);
    send(out, "1");
    const delivery held = in.try_receive();
    send(out, "2");
    send(out, "3");
    BOOST_TEST(in.try_dequeue_latest(message));
    BOOST_TEST(message == "3");
    BOOST_TEST(text(held) == "1");
    BOOST_TEST(in.missed() == 0u);
    send(out, "4");
    send(out, "much too long");
    BOOST_TEST(!in.try_dequeue_latest(buffer, 3, size, ec));
    BOOST_TEST((ec == errc::buffer_too_small));
    BOOST_TEST(take(in) == "4");
}

BOOST_AUTO_TEST_CASE(purge_skips_what_waits)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name), other(open_only, name);
    BOOST_TEST(in.purge() == 0u);
    for (int i = 0; i < 5; ++i)
        send(out, "old");
    BOOST_TEST(in.purge() == 5u);
    BOOST_TEST(take(in) == "-");
    send(out, "new");
    const delivery held = in.try_receive();
    send(out, "newer");
    BOOST_TEST(in.purge() == 1u);
    BOOST_TEST(take(in) == "-");
    BOOST_TEST(text(held) == "new");
    BOOST_TEST(other.purge() == 7u);
    BOOST_TEST(in.missed() == 0u);
}

BOOST_AUTO_TEST_CASE(made_by_a_factory)
{
    unsigned logged = 0;
    const queue_factory factory(
        options(4096), [&](const queue_event&) { ++logged; });
    auto out = factory.make_broadcast_publisher(create_only);
    send(out, "1");
    send(out, "2");
    auto in = factory.make_broadcast_subscriber(open_only, name, history(1));
    auto timed =
        factory.make_broadcast_subscriber(open_only, name, history(2), 1s);
    const broadcast_subscriber by_name(open_only, name, history(2), 1s);
    BOOST_TEST(by_name.size() == 2u);
    BOOST_TEST(take(in) == "2");
    BOOST_TEST(take(timed) == "1");
    BOOST_TEST(logged >= 3u);
    boost::system::error_code ec;
    const auto wrong = factory.make_broadcast_publisher(create_only, name, ec);
    BOOST_TEST((ec == errc::already_exists));
}

// Deliveries in any order, given back, and mixed with copies.
BOOST_AUTO_TEST_CASE(deliveries)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name);
    for (const char* each : {"1", "2", "3", "4", "5"})
        send(out, each);
    delivery one = in.try_receive(), two = in.try_receive(),
             three = in.try_receive();
    BOOST_TEST(text(one) + text(two) + text(three) == "123");
    BOOST_TEST(take(in) == "4");
    two.acknowledge();
    BOOST_TEST(!three.redelivered());
    three.give_back();
    three = in.try_receive();
    BOOST_TEST(text(three) == "3");
    BOOST_TEST(three.redelivered());
    one.give_back();
    BOOST_TEST(take(in) == "1");
    three.give_back();
    BOOST_TEST(take(in) == "3");
    BOOST_TEST(take(in) == "5");
    BOOST_TEST(take(in) == "-");
    send(out, "6");
    one = in.try_receive();
    BOOST_TEST(!one.redelivered());
    one.give_back();
    one = in.try_receive();
    BOOST_TEST(text(one) == "6");
    BOOST_TEST(one.redelivered());
    one.acknowledge();
    BOOST_TEST(take(in) == "-");
}

BOOST_AUTO_TEST_CASE(deliveries_are_counted)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name), other(open_only, name);
    for (const char* each : {"1", "2", "3"})
        send(out, each);
    for (std::uint32_t i = 1; i < 6; ++i)
    {
        delivery one = in.try_receive(), two = in.try_receive();
        BOOST_TEST(text(one) + text(two) == "12");
        BOOST_TEST(one.delivery_count() == i);
        BOOST_TEST(two.delivery_count() == 2 * i - 1);
        two.give_back();
        two = in.try_receive();
        BOOST_TEST(two.delivery_count() == 2 * i);
    }
    char small[1] = {};
    std::size_t size = 0;
    BOOST_TEST(in.try_dequeue(small, 1, size)); // a copy does not count
    delivery three = in.try_receive();
    BOOST_TEST(three.delivery_count() == 11u);
    three.acknowledge();
    three = in.try_receive();
    BOOST_TEST(three.delivery_count() == 1u);
    BOOST_TEST(other.try_receive().delivery_count() == 1u);
}

// A container whose growth takes as long as publishers need for some messages.
struct overtaken_container
{
    using value_type = char;

    void resize(std::size_t size)
    {
        ++copies;
        bytes.resize(size);
        for (std::size_t i = 0; i < meanwhile; ++i)
            out.enqueue(std::to_string(next++));
    }
    std::size_t size() const { return bytes.size(); }
    char* data() { return bytes.data(); }

    broadcast_publisher& out;
    std::size_t meanwhile;
    int next = 0;
    int copies = 0;
    std::string bytes{};
};

// While the newest message is copied, publishers may send nearly a lap.
BOOST_AUTO_TEST_CASE(the_newest_is_not_overtaken)
{
    broadcast_publisher out(create_only, options(4096, overflow::drop_oldest));
    broadcast_subscriber in(open_only, name);
    overtaken_container message{out, 256 * 3 / 4};
    fill_history(out, message.next, 256);
    for (int i = 0; i < 10; ++i)
    {
        const std::string newest = std::to_string(message.next - 1);
        BOOST_REQUIRE(in.try_dequeue_latest(message));
        BOOST_TEST(message.bytes == newest);
        BOOST_TEST(message.copies == i + 1);
    }
}

// A mark in front of padding at the beginning of the buffer, and a head that
// has come there again: its offset is that of the head, its count is old.
BOOST_AUTO_TEST_CASE(an_old_mark_at_the_beginning)
{
    const auto table = std::make_unique<detail::cursor_table>();
    detail::ring_view ring;
    ring.size = 1024;
    ring.cursors = table.get();
    const detail::position old(5, 0), newest(6, 512), free(5, 64), head(7, 0);
    table->marks[0].store(old.word());
    std::vector<std::uint64_t> found;
    const auto collect = [&](detail::position mark) {
        found.push_back(mark.word());
        return false;
    };
    table->mark_count = 1;
    detail::for_each_mark(ring, free, head, collect);
    BOOST_TEST(found.empty());
    table->marks[1].store(newest.word());
    table->mark_count = 2;
    detail::for_each_mark(ring, free, head, collect);
    BOOST_TEST(found == std::vector<std::uint64_t>{newest.word()});
}

// A mark in front of padding at the end of the previous lap has the count of
// `free`, which stands behind that padding. In this lap its offset is used.
BOOST_AUTO_TEST_CASE(a_mark_in_front_of_padding)
{
    const auto table = std::make_unique<detail::cursor_table>();
    detail::ring_view ring;
    ring.size = 1024;
    ring.cursors = table.get();
    const detail::position old(5, 960), free(5, 0), head(7, 992);
    table->marks[0].store(old.word());
    table->mark_count = 1;
    bool found = false;
    detail::for_each_mark(
        ring, free, head, [&](detail::position) { return found = true; });
    BOOST_TEST(!found);
}

// A copy that is always overtaken ends, and what was dropped is counted.
BOOST_AUTO_TEST_CASE(a_copy_that_is_always_overtaken)
{
    broadcast_publisher out(create_only, options(4096, overflow::drop_oldest));
    broadcast_subscriber in(open_only, name);
    overtaken_container message{out, 1000};
    fill_history(out, message.next, 10);
    BOOST_TEST(!in.try_dequeue(message));
    BOOST_TEST(message.copies == 7);
    BOOST_TEST(in.missed() + in.size() == std::size_t(message.next));
    fill_history(out, message.next, 10);
    BOOST_TEST(!in.try_dequeue_latest(message));
    BOOST_TEST(message.copies == 13);
    message.meanwhile = 0;
    fill_history(out, message.next, 1);
    BOOST_TEST(in.try_dequeue(message));
}

// However fast publishers are.
BOOST_AUTO_TEST_CASE(purge_and_the_newest_end)
{
    broadcast_publisher out(
        create_only, options(1 << 18, overflow::drop_oldest));
    broadcast_subscriber in(open_only, name);
    std::atomic<bool> end{false};
    std::thread sending([&] {
        for (std::uint64_t i = 1; !end; ++i)
            out.enqueue(&i, sizeof i);
    });
    std::uint64_t last = 0, number = 0, purged = 0;
    std::size_t size = 0;
    while (last < 200'000)
    {
        purged += in.purge();
        if (in.try_dequeue_latest(&number, sizeof number, size))
        {
            BOOST_TEST_REQUIRE(number > last);
            last = number;
        }
    }
    end = true;
    sending.join();
    BOOST_TEST(purged + in.missed() <= inspect(name).sent);
}

// What is read in place keeps its room, under both policies, also when the
// handle is closed.
BOOST_AUTO_TEST_CASE(in_place_keeps_its_room)
{
    for (const auto policy : {overflow::block, overflow::drop_oldest})
    {
        broadcast_publisher out(create_only, options(1024, policy));
        broadcast_subscriber in(open_only, name), other(open_only, name);
        send(out, "held");
        delivery held = in.try_receive();
        if (policy == overflow::drop_oldest)
            for (int i = 0; i < 20; ++i)
                send(out, "message");
        const std::size_t sent = fill(out, "message");
        BOOST_TEST(sent > 0u);
        BOOST_TEST(sent <= 1024 / 16);
        in.close();
        BOOST_TEST(!out.try_enqueue("message", 7));
        BOOST_TEST(text(held) == "held");
        other.purge();
        BOOST_TEST(!out.try_enqueue("message", 7));
        held.acknowledge();
        BOOST_TEST(out.try_enqueue("message", 7));
        remove_queue(name);
    }
}

BOOST_AUTO_TEST_CASE(an_exception_ends_consume_all)
{
    broadcast_publisher out(create_only, options(4096));
    broadcast_subscriber in(open_only, name);
    for (const char* each : {"1", "2", "3"})
        send(out, each);
    std::string seen;
    const auto f = [&](const void* data, std::size_t) {
        seen += *static_cast<const char*>(data);
        if (seen == "12")
            throw std::runtime_error("two");
    };
    BOOST_CHECK_THROW(in.consume_all(f), std::runtime_error);
    BOOST_TEST(in.consume_one(f) == 1u);
    BOOST_TEST(in.consume_all(f) == 1u);
    BOOST_TEST(seen == "1223");
    BOOST_TEST(in.consume_all(f) == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_is_a_queue_or_a_broadcast)
{
    boost::system::error_code ec;
    {
        broadcast_publisher out(create_only, options(4096));
        subscriber(open_only, name, ec);
        BOOST_TEST((ec == errc::queue_mismatch));
        BOOST_CHECK_THROW(
            broadcast_publisher(
                open_only, options(4096, overflow::drop_oldest)),
            queue_mismatch);
        broadcast_subscriber(
            open_only, queue_options(name).overflow(overflow::block));
    }
    remove_queue(name);
    {
        publisher out(create_only, queue.options(4096));
        broadcast_subscriber(open_only, name, ec);
        BOOST_TEST((ec == errc::queue_mismatch));
        broadcast_subscriber(open_only, name, history(1), ec);
        BOOST_TEST((ec == errc::queue_mismatch));
    }
    BOOST_CHECK_THROW(
        broadcast_publisher(
            create_only, queue_options(test::unique_name(), 1ull << 32)),
        std::invalid_argument);
    broadcast_subscriber closed;
    BOOST_TEST(closed.missed() + closed.size() == 0u);
    std::string message;
    BOOST_TEST(!closed.try_dequeue(message, ec));
    BOOST_TEST((ec == errc::closed));
}

BOOST_AUTO_TEST_CASE(as_many_subscribers_as_there_are_cursors)
{
    broadcast_publisher out(create_only, options(4096));
    std::vector<broadcast_subscriber> all;
    for (int i = 0; i < 1024; ++i)
        all.emplace_back(open_only, name);
    boost::system::error_code ec;
    broadcast_subscriber(open_only, name, ec);
    BOOST_TEST((ec == errc::too_many_subscribers));
    send(out, "x");
    all.erase(all.begin() + 500);
    broadcast_subscriber in(open_only, name, history(1));
    BOOST_TEST(take(in) == "x");
    for (auto& each : all)
        BOOST_REQUIRE(take(each) == "x");
}

BOOST_AUTO_TEST_CASE(every_subscriber_is_shown)
{
    broadcast_publisher out(create_only, options(4096, overflow::drop_oldest));
    broadcast_subscriber slow(open_only, name), fast(open_only, name);
    for (int i = 0; i < 1000; ++i)
    {
        send(out, "message");
        BOOST_TEST(take(fast) == "message");
    }
    const delivery held = slow.try_receive();
    const queue_status status = inspect(name);
    BOOST_TEST((status.kind == queue_kind::broadcast));
    BOOST_TEST((status.overflow == overflow::drop_oldest));
    BOOST_TEST(status.sent == 1000u);
    BOOST_TEST(status.deliveries == 1u);
    BOOST_TEST(status.messages >= slow.size());
    BOOST_REQUIRE(status.readers.size() == 2u);
    for (const broadcast_reader& each : status.readers)
    {
        BOOST_TEST(each.alive);
        BOOST_TEST(each.pid == static_cast<std::uint32_t>(::getpid()));
        BOOST_TEST(each.missed == (each.in_place ? slow : fast).missed());
        BOOST_TEST(
            each.messages == (each.in_place ? slow.size() + 1 : fast.size()));
    }
    BOOST_REQUIRE(bool(status.oldest_held));
    BOOST_TEST(!status.oldest_held->being_filled);
    BOOST_TEST(status.oldest_held->size == 7u);
    BOOST_TEST(status.oldest_held->newer == slow.size());
    const auto lists = [&](queue_kind kind) {
        const auto names = list_queues(kind);
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    BOOST_TEST(lists(queue_kind::broadcast));
    BOOST_TEST(!lists(queue_kind::queue));
}

BOOST_AUTO_TEST_CASE(a_look_takes_nothing)
{
    broadcast_publisher out(create_only, options(4096));
    send(out, "before");
    broadcast_subscriber in(open_only, name);
    for (const char* each : {"1", "2", "3"})
        send(out, each);
    BOOST_TEST(take(in) == "1");
    std::string seen;
    BOOST_TEST(in.peek([&](const void* data, std::size_t) {
        seen += *static_cast<const char*>(data);
    }) == 2u);
    BOOST_TEST(seen == "23");
    BOOST_TEST(in.size() == 2u);
}

// All sleepers are woken by one message.
BOOST_AUTO_TEST_CASE(all_are_woken)
{
    for (int round = 0; round < 20; ++round)
    {
        broadcast_publisher out(open_or_create, options(4096));
        std::atomic<int> got{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 5; ++i)
            threads.emplace_back([&] {
                broadcast_subscriber in(open_only, name);
                for (const char* each : {"1", "2", "3"})
                {
                    const auto message = in.dequeue();
                    got += message.size() == 1 &&
                           message[0] == static_cast<std::byte>(*each);
                }
            });
        BOOST_TEST(test::subscribers_wait(name, 5));
        for (const char* each : {"1", "2", "3"})
            send(out, each);
        for (auto& each : threads)
            each.join();
        BOOST_TEST(got == 15);
    }
}

BOOST_AUTO_TEST_CASE(a_publisher_is_woken)
{
    broadcast_publisher out(create_only, options(1024));
    broadcast_subscriber slow(open_only, name), fast(open_only, name);
    const std::size_t sent = fill(out, "message");
    std::thread waiting([&] { out.enqueue("waited", 6); });
    BOOST_TEST(test::publishers_wait(name));
    BOOST_TEST(take(fast) == "message");
    BOOST_TEST(take(slow) == "message");
    waiting.join();
    for (std::size_t i = 1; i < sent; ++i)
        BOOST_TEST(take(slow) == "message");
    BOOST_TEST(take(slow) == "waited");
}

// A publisher that is told is not counted as a sleeper any more. One that is
// not told stays counted until it looks again, after some milliseconds.
BOOST_AUTO_TEST_CASE(the_slowest_leaves)
{
    constexpr int rounds = 40;
    int late = 0;
    for (int i = 0; i < rounds; ++i)
    {
        broadcast_publisher out(create_only, options(1024));
        broadcast_subscriber slow(open_only, name);
        fill(out, "message");
        std::thread waiting([&] { out.enqueue("waited", 6); });
        BOOST_TEST(test::publishers_wait(name));
        slow.close();
        late += inspect(name).waiting_publishers != 0;
        waiting.join();
        remove_queue(name);
    }
    BOOST_TEST(late < rounds / 2);
}

// A cursor is used again, but not its count.
BOOST_AUTO_TEST_CASE(a_new_subscriber_has_missed_nothing)
{
    broadcast_publisher out(create_only, options(1024, overflow::drop_oldest));
    for (int moves = 1; moves < 4; ++moves)
    {
        broadcast_subscriber in(open_only, name);
        BOOST_TEST(in.missed() == 0u);
        std::uint64_t last = 0;
        for (int moved = 0; moved < moves; moved += in.missed() != last)
        {
            last = in.missed();
            send(out, "message");
        }
    }
}

BOOST_AUTO_TEST_CASE(cancel_and_removal)
{
    broadcast_publisher out(create_only, options(1024));
    broadcast_subscriber in(open_only, name);
    std::string message;
    BOOST_TEST(!in.timed_dequeue(message, 1ms));
    bool received = true;
    std::thread waiting([&] { received = bool(in.receive()); });
    BOOST_TEST(test::subscribers_wait(name));
    in.cancel();
    waiting.join();
    BOOST_TEST(!received);
    send(out, "last");
    remove_queue(name);
    BOOST_TEST(in.removed());
    boost::system::error_code ec;
    BOOST_TEST(!out.try_enqueue("x", 1, ec));
    BOOST_TEST((ec == errc::queue_removed));
    BOOST_TEST(take(in) == "last");
    BOOST_TEST(in.dequeue(ec).empty());
    BOOST_TEST((ec == errc::queue_removed));
    const auto none = [](const void*, std::size_t) {};
    BOOST_TEST(in.consume_one(none, ec) == 0u);
    BOOST_TEST((ec == errc::queue_removed));
    BOOST_TEST(in.consume_all(none, ec) == 0u);
    BOOST_TEST((ec == errc::queue_removed));
}

BOOST_AUTO_TEST_CASE(in_a_wait_set)
{
    broadcast_publisher out(create_only, options(1024));
    broadcast_subscriber a(open_only, name), b(open_only, name);
    wait_set set;
    set.add(a, 1);
    set.add(b, 2);
    BOOST_TEST(set.timed_wait(1ms) == 0u);
    bool slept = false;
    std::thread sending([&] {
        slept = test::subscribers_wait(name);
        out.enqueue("1", 1);
    });
    BOOST_TEST(set.wait() + set.wait() == 3u);
    sending.join();
    BOOST_TEST(slept);
    BOOST_TEST(take(a) + take(b) == "11");
    BOOST_TEST(set.timed_wait(1ms) == 0u);
    set.add(out, 3);
    BOOST_TEST(set.wait() == 3u);
    fill(out, "message");
    set.remove(a);
    set.remove(b);
    BOOST_TEST(set.timed_wait(1ms) == 0u);
    a.purge();
    b.purge();
    BOOST_TEST(set.wait() == 3u);
}

// The threads of one handle share its position.
BOOST_AUTO_TEST_CASE(threads_share_a_handle)
{
    constexpr int messages = 20'000;
    for (const auto policy : {overflow::block, overflow::drop_oldest})
    {
        broadcast_publisher out(create_only, options(1 << 16, policy));
        broadcast_subscriber in(open_only, name);
        std::atomic<int> received{0};
        std::atomic<bool> wrong{false};
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                int last = -1;
                const auto check = [&](const void* data, std::size_t size) {
                    int number = -1;
                    if (size == sizeof number)
                        std::memcpy(&number, data, size);
                    if (number == messages)
                        return false;
                    wrong = wrong || number <= last;
                    last = number;
                    ++received;
                    return true;
                };
                for (bool more = true; more;)
                {
                    int number;
                    std::size_t size;
                    if (t == 0 && in.try_dequeue(&number, 4, size))
                        more = check(&number, size);
                    else if (t == 1)
                        if (delivery held = in.try_receive())
                        {
                            more = check(held.data(), held.size());
                            held.acknowledge();
                        }
                    if (t == 2)
                        in.consume_all(
                            [&](const void* data, std::size_t length) {
                                more = check(data, length) && more;
                            });
                }
            });
        for (int i = 0; i < messages; ++i)
            out.enqueue(&i, sizeof i);
        // One for each thread, as long as it takes.
        std::atomic<bool> end{false};
        std::thread ending([&] {
            while (!end)
            {
                out.try_enqueue(&messages, sizeof messages);
                std::this_thread::yield();
            }
        });
        for (auto& each : threads)
            each.join();
        end = true;
        ending.join();
        BOOST_TEST(!wrong);
        if (policy == overflow::block)
            BOOST_TEST(received == messages);
        remove_queue(name);
    }
}

// A reservation behind padding, which is free before it: it lies at the
// beginning of the buffer.
BOOST_AUTO_TEST_CASE(reservation_behind_padding)
{
    for (const overflow policy : {overflow::block, overflow::drop_oldest})
        for (int skew = 0; skew < 8; ++skew)
        {
            const test::scoped_queue ticks;
            broadcast_publisher out(
                create_only, ticks.options(4096).overflow(policy));
            for (int i = 0; i < 150 + skew; ++i)
                out.try_enqueue(std::string(std::size_t(32 - skew), 's'));
            reservation held;
            const void* before = nullptr;
            for (int i = 0; i < 2000; ++i)
            {
                reservation room = out.try_reserve(200);
                BOOST_TEST_REQUIRE(!!room);
                if (before && std::less<const void*>()(room.data(), before))
                {
                    held = std::move(room);
                    break;
                }
                before = room.data();
                room.commit();
            }
            BOOST_TEST_REQUIRE(!!held);
            std::memset(held.data(), 'R', held.size());
            unsigned sent = 0;
            while (sent < 3000 && out.try_enqueue("small", 5))
                ++sent;
            BOOST_TEST(sent < 1000u);
            const std::string_view body(
                static_cast<const char*>(held.data()), held.size());
            BOOST_TEST(body == std::string(200, 'R'));
        }
}

// Messages that take nearly the whole ring, beside short ones: a mark in front
// of padding that is free already is not taken for a newer one.
BOOST_AUTO_TEST_CASE(long_messages_in_a_small_ring)
{
    for (std::size_t capacity = 40; capacity < 200; capacity += 8)
    {
        const test::scoped_queue ticks;
        broadcast_publisher out(
            create_only,
            ticks.options(capacity).overflow(overflow::drop_oldest));
        broadcast_subscriber slow(open_only, ticks), in(open_only, ticks);
        std::uint64_t received = 0;
        for (unsigned i = 1; i <= 3000; ++i)
        {
            const std::size_t size =
                i * i * 7 % 5 < 3 ? i % 9 : i * 31 % (capacity - 7);
            const test::bytes body = test::make_body(i, size);
            BOOST_TEST_REQUIRE(out.try_enqueue(body));
            if (i % 3 == 0)
                continue;
            test::bytes message;
            BOOST_TEST_REQUIRE(in.try_dequeue_latest(message));
            BOOST_TEST_REQUIRE((message == body));
            received += i % 7 == 0 && slow.try_dequeue(message);
        }
        while (take(slow) != "-")
            ++received;
        BOOST_TEST(received + slow.missed() == 3000u);
    }
}

// Subscribers pass what was abandoned, however much that is: it is no damage.
BOOST_AUTO_TEST_CASE(laps_of_abandoned_reservations)
{
    broadcast_publisher out(create_only, options(1024, overflow::drop_oldest));
    broadcast_subscriber in(open_only, name);
    std::atomic<bool> end{false};
    std::thread abandoning([&] {
        while (!end)
            out.try_reserve(200).abandon();
    });
    std::string message;
    boost::system::error_code ec;
    for (int i = 0; i < 50'000; ++i)
        BOOST_TEST_REQUIRE((!in.try_dequeue(message, ec) && !ec));
    end = true;
    abandoning.join();
}

// Behind a record that is committed shorter lies padding inside the buffer.
BOOST_AUTO_TEST_CASE(reservations_committed_shorter)
{
    for (unsigned seed = 0; seed < 60; ++seed)
    {
        std::mt19937 random(seed);
        const std::size_t capacity = std::size_t(64) << random() % 5;
        const auto policy =
            random() % 2 != 0 ? overflow::block : overflow::drop_oldest;
        broadcast_publisher out(create_only, options(capacity, policy));
        broadcast_subscriber in(open_only, name);
        std::string message;
        std::size_t sent = 0, received = 0;
        for (int i = 0; i < 2000; ++i)
            if (random() % 2 == 0)
                received += in.try_dequeue(message);
            else if (auto place = out.try_reserve(random() % (capacity / 2)))
            {
                ++sent;
                place.commit(random() % (place.size() + 1));
            }
        while (in.try_dequeue(message))
            ++received;
        BOOST_TEST(received + in.missed() == sent);
        remove_queue(name);
    }
}

// Making room for one message does not drop nearly all.
BOOST_AUTO_TEST_CASE(drops_what_it_must)
{
    const test::scoped_queue ticks;
    broadcast_publisher out(
        create_only, ticks.options(65536).overflow(overflow::drop_oldest));
    broadcast_subscriber slow(open_only, ticks);
    std::uint64_t missed = 0;
    std::size_t most = 0;
    for (int i = 0; i < 20000; ++i)
    {
        out.enqueue(std::string(100, 'x'));
        const std::uint64_t now = slow.missed();
        most = (std::max)(most, std::size_t(now - missed));
        missed = now;
    }
    BOOST_TEST(missed > 10000u);
    BOOST_TEST(most < 150u); // of 585 that fit
}

BOOST_AUTO_TEST_SUITE_END()
