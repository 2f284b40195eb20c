// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Looking at what waits, and dropping it: peek() and purge().

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using boost_ipq::errc;

namespace {

struct fixture : test::queue_fixture<65536>
{
    void fill(int first, int last)
    {
        for (int i = first; i <= last; ++i)
            BOOST_TEST_REQUIRE(out.try_enqueue(std::to_string(i)));
    }

    auto collect()
    {
        seen.clear();
        return [this](const void* data, std::size_t size) {
            seen += std::string(static_cast<const char*>(data), size) + ' ';
        };
    }

    // Returns: what waits.
    std::string look()
    {
        in.peek(collect());
        return seen;
    }

    std::string seen;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(looks_without_taking, fixture)
{
    BOOST_TEST(in.peek(collect()) == 0u);
    fill(1, 5);
    BOOST_TEST(in.peek(collect()) == 5u);
    BOOST_TEST(seen == "1 2 3 4 5 ");
    BOOST_TEST(in.peek(collect(), 2) == 2u);
    BOOST_TEST(seen == "1 2 ");
    BOOST_TEST(in.peek(collect(), 0) == 0u);
    BOOST_TEST(take() == "1");
    BOOST_TEST(in.peek(collect(), 9, ec) == 4u);
    BOOST_TEST(!ec);
    BOOST_TEST(seen == "2 3 4 5 ");
    for (int lap = 0; lap < 3; ++lap) // over the end of the buffer
    {
        while (out.try_enqueue(std::string(1000, 'x')))
            ;
        std::size_t bytes = 0, taken = 0;
        BOOST_TEST(
            in.peek([&](const void*, std::size_t n) { bytes += n; }, ec) > 0u);
        in.consume_all([&](const void*, std::size_t n) { taken += n; });
        BOOST_TEST(bytes == taken);
    }
}

BOOST_FIXTURE_TEST_CASE(looks_at_what_waits_only, fixture)
{
    fill(1, 4);
    auto first = in.try_receive();
    auto second = in.try_receive();
    BOOST_TEST(look() == "3 4 ");
    first.give_back();
    BOOST_TEST(look() == "1 3 4 ");
    auto room = out.try_reserve(8);
    fill(5, 5);
    BOOST_TEST(look() == "1 3 4 5 ");
    room.abandon();
    second.acknowledge();
    BOOST_TEST(look() == "1 3 4 5 ");
    for (const char* text : {"1", "3", "4", "5", "-"})
        BOOST_TEST(take() == text);
    BOOST_TEST(look() == "");
}

BOOST_FIXTURE_TEST_CASE(long_messages_and_a_function_that_throws, fixture)
{
    const std::string longest(30000, 'y');
    fill(1, 1);
    out.enqueue(longest);
    fill(2, 2);
    BOOST_TEST(in.peek(collect()) == 3u);
    BOOST_TEST((seen == "1 " + longest + " 2 "));
    BOOST_CHECK_THROW(in.peek([](auto, auto) { throw 1; }), int);
    // `f` may use the queue, and close the handle.
    const auto close = [&](const void*, std::size_t) {
        BOOST_TEST(take() != "-");
        in.close();
    };
    BOOST_TEST(in.peek(close, 1) == 1u);
    BOOST_TEST(
        test::thrown([&] { in.peek(collect()); }) == test::code(errc::closed));
    BOOST_TEST(in.peek(collect(), ec) == 0u);
    BOOST_TEST(ec == test::code(errc::closed));
    BOOST_TEST(in.purge(ec) == 0u);
    BOOST_TEST(ec == test::code(errc::closed));
}

BOOST_FIXTURE_TEST_CASE(damage_is_found, fixture)
{
    fill(1, 3);
    const auto queue_inside = boost_ipq::detail::attach(
        boost_ipq::detail::open_mode::open, queue, {});
    const auto& ring = queue_inside->ring();
    ring.header(std::size_t(0)).store(0xffffffff00000002);
    BOOST_TEST(test::thrown([&] {
                   in.peek(collect());
               }) == test::code(errc::queue_corrupt));
    ring.header(std::size_t(0)).store(0xf);
    BOOST_TEST(in.peek(collect(), ec) == 0u);
    BOOST_TEST(ec == test::code(errc::queue_corrupt));
}

BOOST_FIXTURE_TEST_CASE(drops_what_waits, fixture)
{
    BOOST_TEST(in.purge() == 0u);
    for (int lap = 0; lap < 5; ++lap)
    {
        fill(1, 1500);
        BOOST_TEST(in.purge(ec) == 1500u);
        BOOST_TEST(!ec);
        BOOST_TEST(take() == "-");
    }
    fill(1, 6);
    auto first = in.try_receive();
    auto second = in.try_receive();
    first.give_back();
    auto room = out.try_reserve(8);
    fill(7, 8);
    // Not what is read and what is filled, but what is in front and behind.
    BOOST_TEST(in.purge() == 7u);
    BOOST_TEST(take() == "-");
    second.give_back();
    std::memcpy(room.data(), "reserved", 8);
    room.commit();
    fill(9, 9);
    BOOST_TEST(look() == "2 reserved 9 ");
    BOOST_TEST(in.purge() == 3u);
    while (out.try_enqueue(std::string(1000, 'x'))) // all of the room is free
        ;
    BOOST_TEST(in.purge() > 60u);
}

BOOST_FIXTURE_TEST_CASE(drops_what_a_dead_process_held, fixture)
{
    fill(1, 3);
    test::child holder("holder", {queue.name()});
    BOOST_TEST(holder.hear() == "holds");
    BOOST_TEST(look() == "2 3 ");
    holder.kill();
    BOOST_TEST(in.purge() == 3u);
    BOOST_TEST(take() == "-");
}

CHILD_ROLE(holder)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    const auto message = in.try_receive();
    self.tell(message ? "holds" : "nothing");
    self.hear();
}

BOOST_AUTO_TEST_CASE(typed_and_inside_one_process)
{
    const std::string name = test::unique_name();
    using allocator = std::allocator<std::byte>;
    using boost_ipq::heap_storage;
    boost_ipq::typed_publisher<
        int, boost_ipq::no_codec, allocator, heap_storage>
        out(boost_ipq::create_only, {name, 256});
    boost_ipq::typed_subscriber<
        int, boost_ipq::no_codec, allocator, heap_storage>
        in(boost_ipq::open_only, name);
    for (const int i : {1, 20, 300})
        out.enqueue(i);
    int sum = 0;
    BOOST_TEST(in.peek([&](const int& value) { sum += value; }) == 3u);
    BOOST_TEST(sum == 321);
    BOOST_TEST(in.peek([&](const int& value) { sum += value; }, 1) == 1u);
    BOOST_TEST(sum == 322);
    BOOST_TEST(in.purge() == 3u);
    BOOST_TEST(in.purge() == 0u);
    boost_ipq::remove_queue<heap_storage>(name);
}

// Each copy is whole, and they come in order, while others send and take.
BOOST_AUTO_TEST_CASE(looks_while_others_work)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(4096));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::atomic<bool> ends{false};
    std::thread publisher([&] {
        std::vector<std::uint64_t> message;
        for (std::uint64_t i = 1; !ends; ++i)
        {
            message.assign(1 + i % 29, i);
            out.enqueue(message);
        }
    });
    std::thread subscriber([&] {
        std::vector<std::byte> message;
        while (!ends)
            in.try_dequeue(message);
        publisher.join();
    });
    bool good = true;
    std::uint64_t seen = 0;
    while (good && seen < 20000)
    {
        std::uint64_t last = 0;
        seen += in.peek([&](const void* data, std::size_t size) {
            std::uint64_t first = 0, word = 0;
            std::memcpy(&first, data, sizeof first);
            for (std::size_t at = 0; at < size; at += sizeof word)
            {
                std::memcpy(
                    &word, static_cast<const std::byte*>(data) + at,
                    sizeof word);
                good = good && word == first;
            }
            good = good && first > last && size == 8 * (1 + first % 29);
            last = first;
        });
    }
    ends = true;
    std::vector<std::byte> message;
    std::thread drain([&] {
        while (in.timed_dequeue(message, std::chrono::milliseconds(50)))
            ;
    });
    subscriber.join();
    drain.join();
    BOOST_TEST(good);
}
