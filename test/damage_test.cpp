// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue or a broadcast whose memory was overwritten at random. Operations may
// fail, but neither hang nor crash.

#include "support/child_process.hpp"
#include "support/emulator.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <random>

using namespace boost_ipq;

namespace {

constexpr std::size_t capacity = 512; // bytes

// The offset of the cursors from the root; 0: there are none.
std::uint64_t cursors_of(const std::string& queue, std::uint64_t root)
{
    std::uint64_t result = 0;
    test::contents(test::queue_objects(queue).segment)
        .copy(
            reinterpret_cast<char*>(&result), sizeof result,
            root + offsetof(detail::ring_control, cursors));
    return result;
}

// A word of a cursor in a small ring.
std::uint64_t cursor_word(std::mt19937_64& random)
{
    const std::uint64_t count = random() % 64, offset = random() % 128;
    return count << 32 | offset * 8 | random() % 8;
}

// Effects: overwrites a few words of the segment behind Boost's segment
// manager.
void damage(const std::string& queue, std::mt19937_64& random)
{
    const std::uint64_t root = test::read_mark(queue).root;
    const std::uint64_t cursors = cursors_of(queue, root);
    const std::uint64_t table =
        cursors == 0 ? root : root + cursors; // a queue's control words again
    const std::uint64_t ring = sizeof(detail::queue_root::ring_type);
    const std::uint64_t places[][2] = {
        {root, sizeof(detail::ring_control)},
        {root, ring},
        {root + ring, sizeof(detail::participant_table)},
        {root + detail::root_size(cursors != 0), 2 * capacity},
        {table, 2 * sizeof(detail::cursor)},
        {table, 64},
        {table + (cursors == 0 ? 0 : offsetof(detail::cursor_table, marks)),
         sizeof(detail::cursor_table) - offsetof(detail::cursor_table, marks)}};
    const std::uint64_t words[] = {
        0,
        1,
        7,
        8,
        1024,
        0x7fffffff,
        0xffffffff,
        ~std::uint64_t(0),
        random(),
        random() & 0xffff,
        random() << 32,
        random() & 0xfff0000000ffffff,
        cursor_word(random),
        cursor_word(random)};
    const std::string file = test::queue_objects(queue).segment;
    for (auto count = random() % 8 + 1; count != 0; --count)
    {
        const auto& place = places[random() % std::size(places)];
        const std::uint64_t word = words[random() % std::size(words)];
        const std::size_t size = random() % 2 ? 8 : 4;
        test::overwrite(
            file, place[0] + random() % (place[1] / size) * size,
            std::string(reinterpret_cast<const char*>(&word), size));
    }
}

template <class Publisher, class Subscriber>
void operate(const queue_options& queue, std::mt19937_64& random)
{
    using namespace std::chrono_literals;
    boost::system::error_code ec;
    inspect(queue, ec);
    Publisher out(open_only, queue, ec);
    Subscriber in(open_only, queue, ec);
    char data[600] = {};
    std::string message;
    const auto look = [&](const void* body, std::size_t size) {
        message.assign(static_cast<const char*>(body), size);
    };
    for (int i = 0; i < 40; ++i)
    {
        out.try_enqueue(data, random() % 512, ec);
        switch (random() % 6)
        {
        case 0:
            in.consume_one(look, ec);
            break;
        case 1:
            in.consume_all(look, ec);
            break;
        case 2:
            in.try_dequeue_latest(message, ec);
            break;
        case 3:
            if (auto room = out.try_reserve(random() % 200, ec))
                room.commit();
            break;
        default:
            in.try_dequeue(message, ec);
        }
    }
    out.timed_enqueue(data, 300, 1ms, ec);
    in.timed_dequeue(message, 1ms, ec);
    {
        const auto held = in.try_receive(ec);
        const auto next = in.try_receive(ec);
        out.try_enqueue(data, 8, ec);
    }
    for (int i = 0; i < 100 && in.try_dequeue(message, ec); ++i)
    {
    }
    in.purge(ec);
    inspect(queue, ec);
    repair(queue, ec);
    out.cancel();
    in.cancel();
}

// Creates a queue, uses it, damages it, uses it again.
template <class Publisher, class Subscriber>
void operate_on_damaged(
    const test::scoped_queue& queue, queue_options options,
    std::mt19937_64& random)
{
    Publisher out(create_only, options);
    Subscriber in(open_only, options);
    Subscriber other(open_only, options);
    char data[300] = {};
    std::string message;
    for (auto i = random() % 20; i != 0; --i)
        if (!out.try_enqueue(data, random() % 300))
            in.try_dequeue(message);
    // In half of the cases, they are open while the memory is damaged.
    if (random() % 2)
    {
        out.close();
        in.close();
        other.close();
    }
    damage(queue.name(), random);
    boost::system::error_code ec;
    in.try_dequeue(message, ec);
    other.consume_one([](const void*, std::size_t) {}, ec);
    out.try_enqueue(data, random() % 300, ec);
    operate<Publisher, Subscriber>(options, random);
}

} // namespace

// Arguments: the queue, the first seed, the number of seeds, the kind.
CHILD_ROLE(operate_on_damage)
{
    for (auto seed = self.number(1), end = seed + self.number(2); seed != end;
         ++seed)
    {
        self.tell(seed);
        test::watchdog::start(30);
        std::mt19937_64 random(seed);
        const test::scoped_queue queue(self.argument(0));
        // The lock's word may name a living process.
        queue_options options =
            queue.options(capacity).busy_after(std::chrono::milliseconds(20));
        if (self.argument(3) == "queue")
            operate_on_damaged<publisher, subscriber>(queue, options, random);
        else
            operate_on_damaged<broadcast_publisher, broadcast_subscriber>(
                queue,
                options.overflow(
                    random() % 2 ? overflow::block : overflow::drop_oldest),
                random);
    }
}

namespace {

void overwrite_at_random(const std::string& kind, unsigned long long most)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    // A seed on the command line repeats one case.
    const bool one = suite.argc > 1;
    const unsigned long long first = one ? std::stoull(suite.argv[1]) : 1;
    const unsigned long long count = one                ? 1
                                     : test::emulator() ? most / 10
                                                        : most;
    const test::scoped_queue queue;
    test::child child(
        "operate_on_damage",
        {queue.name(), std::to_string(first), std::to_string(count), kind});
    std::string seed;
    try
    {
        for (;;)
        {
            seed = child.hear();
            test::watchdog::start();
        }
    }
    catch (const std::runtime_error&)
    {
        // The child has ended.
    }
    BOOST_TEST_INFO("seed " << seed);
    BOOST_TEST(child.wait() == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_queue_overwritten_at_random)
{
    overwrite_at_random("queue", 1000);
}

BOOST_AUTO_TEST_CASE(a_broadcast_overwritten_at_random)
{
    overwrite_at_random("broadcast", 1000);
}
