// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue whose memory was overwritten at random. Operations may fail, but
// neither hang nor crash.

#include "support/child_process.hpp"
#include "support/emulator.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <random>

using namespace boost_ipq;

namespace {

constexpr std::size_t capacity = 512; // bytes

// Effects: overwrites a few words of the segment behind Boost's segment
// manager.
void damage(const std::string& queue, std::mt19937_64& random)
{
    const std::uint64_t root = test::read_mark(queue).root;
    const std::uint64_t ring = sizeof(detail::queue_root::ring_type);
    const std::uint64_t places[][2] = {
        {root, sizeof(detail::ring_control)},
        {root, ring},
        {root + ring, sizeof(detail::participant_table)},
        {root + sizeof(detail::queue_root), 2 * capacity}};
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
        random() & 0xfff0000000ffffff};
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

void operate(const std::string& queue, std::mt19937_64& random)
{
    using namespace std::chrono_literals;
    boost::system::error_code ec;
    inspect(queue, ec);
    publisher out(open_only, queue, ec);
    subscriber in(open_only, queue, ec);
    char data[600] = {};
    std::string message;
    for (int i = 0; i < 40; ++i)
    {
        out.try_enqueue(data, random() % 512, ec);
        in.try_dequeue(message, ec);
    }
    out.timed_enqueue(data, 300, 1ms, ec);
    in.timed_dequeue(message, 1ms, ec);
    for (int i = 0; i < 100 && in.try_dequeue(message, ec); ++i)
    {
    }
    inspect(queue, ec);
    repair(queue, ec);
    out.cancel();
    in.cancel();
}

} // namespace

// Arguments: the queue, the first seed, the number of seeds.
CHILD_ROLE(operate_on_damage)
{
    for (auto seed = self.number(1), end = seed + self.number(2); seed != end;
         ++seed)
    {
        self.tell(seed);
        test::watchdog::start(30);
        std::mt19937_64 random(seed);
        const test::scoped_queue queue(self.argument(0));
        {
            publisher out(create_only, queue.options(capacity));
            subscriber in(open_only, queue);
            char data[300] = {};
            std::string message;
            for (auto i = random() % 20; i != 0; --i)
                if (!out.try_enqueue(data, random() % 300))
                    in.try_dequeue(message);
        }
        damage(queue.name(), random);
        operate(queue.name(), random);
    }
}

BOOST_AUTO_TEST_CASE(overwritten_at_random)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    // A seed on the command line repeats one case.
    const bool one = suite.argc > 1;
    const unsigned long long first = one ? std::stoull(suite.argv[1]) : 1;
    const unsigned long long count = one ? 1 : test::emulator() ? 100 : 1000;
    const test::scoped_queue queue;
    test::child child(
        "operate_on_damage",
        {queue.name(), std::to_string(first), std::to_string(count)});
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
