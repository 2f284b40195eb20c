// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Newest first: try_enqueue_overwriting() and try_dequeue_latest().

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#if !defined(_WIN32)
#include "support/shared_object.hpp"
#include "support/storm_kills.hpp"
#endif
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using boost_ipq::errc;

namespace {

// Room for 8 messages of 8 bytes.
struct fixture : test::queue_fixture<128>
{
    static std::string text(int number)
    {
        const std::string digits = std::to_string(number);
        return std::string(8 - digits.size(), '0') + digits;
    }

    void fill(int first, int last)
    {
        for (int i = first; i <= last; ++i)
            BOOST_TEST_REQUIRE(out.try_enqueue(text(i)));
    }

    std::string latest()
    {
        std::string message;
        return in.try_dequeue_latest(message) ? message : "-";
    }

    std::size_t dropped = 99;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(drops_nothing_if_there_is_room, fixture)
{
    fill(1, 7);
    BOOST_TEST(out.try_enqueue_overwriting(text(8), dropped));
    BOOST_TEST(dropped == 0u);
    for (int i = 1; i <= 8; ++i)
        BOOST_TEST(take() == text(i));
    BOOST_TEST(take() == "-");
}

BOOST_FIXTURE_TEST_CASE(drops_the_oldest, fixture)
{
    fill(1, 8);
    BOOST_TEST(!out.try_enqueue(text(9)));
    BOOST_TEST(out.try_enqueue_overwriting(text(9), dropped));
    BOOST_TEST(dropped == 1u);
    const std::string longer(40, 'x'); // takes three
    BOOST_TEST(
        out.try_enqueue_overwriting(longer.data(), longer.size(), dropped, ec));
    BOOST_TEST(dropped == 3u);
    BOOST_TEST(!ec);
    for (int i = 5; i <= 9; ++i)
        BOOST_TEST(take() == text(i));
    BOOST_TEST(take() == longer);
    BOOST_TEST(take() == "-");
}

BOOST_FIXTURE_TEST_CASE(drops_all_for_the_longest, fixture)
{
    for (int round = 0; round < 20; ++round)
    {
        fill(1, 3 + round % 6);
        const std::string longest(out.max_message_size(), 'x');
        BOOST_TEST(out.try_enqueue_overwriting(longest, dropped, ec));
        BOOST_TEST(!ec);
        BOOST_TEST(dropped == 3u + static_cast<unsigned>(round) % 6);
        BOOST_TEST(take() == longest);
        BOOST_TEST(take() == "-");
        fill(1, 1); // other places
        BOOST_TEST(take() == text(1));
    }
}

BOOST_FIXTURE_TEST_CASE(what_is_in_use_is_in_the_way, fixture)
{
    fill(1, 8);
    auto first = in.try_receive();
    BOOST_TEST(!out.try_enqueue_overwriting(text(9), dropped));
    BOOST_TEST(dropped == 0u);
    first.give_back(); // now it waits, and is the oldest
    BOOST_TEST(out.try_enqueue_overwriting(text(9), dropped));
    BOOST_TEST(dropped == 1u);
    BOOST_TEST(take() == text(2));
    auto room = out.try_reserve(8);
    for (int i = 3; i <= 9; ++i)
        BOOST_TEST(take() == text(i));
    fill(10, 16);
    BOOST_TEST(!out.try_enqueue_overwriting(text(17), dropped, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(dropped == 0u);
    room.abandon();
    BOOST_TEST(out.try_enqueue_overwriting(text(17), dropped));
    BOOST_TEST(dropped == 0u); // the abandoned room was enough
    BOOST_TEST(take() == text(10));
}

BOOST_FIXTURE_TEST_CASE(what_a_dead_process_held_is_not_in_the_way, fixture)
{
    fill(1, 8);
    test::child holder("holder", {queue.name()});
    BOOST_TEST(holder.hear() == "holds");
    BOOST_TEST(!out.try_enqueue_overwriting(text(9), dropped));
    holder.kill();
    BOOST_TEST(out.try_enqueue_overwriting(text(9), dropped));
    BOOST_TEST(dropped == 1u); // what the process held was the oldest
    for (int i = 2; i <= 9; ++i)
        BOOST_TEST(take() == text(i));
    BOOST_TEST(take() == "-");
}

CHILD_ROLE(holder)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    const auto message = in.try_receive();
    self.tell(message ? "holds" : "nothing");
    self.hear();
}

BOOST_FIXTURE_TEST_CASE(overwriting_reports_errors, fixture)
{
    const std::string too_long(out.max_message_size() + 1, 'x');
    fill(1, 1);
    BOOST_TEST(test::thrown([&] {
                   out.try_enqueue_overwriting(too_long, dropped);
               }) == test::code(errc::message_too_large));
    BOOST_TEST(dropped == 0u);
    BOOST_TEST(!out.try_enqueue_overwriting(nullptr, 1, dropped, ec));
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    boost_ipq::remove_queue(queue);
    BOOST_TEST(!out.try_enqueue_overwriting(text(2), dropped, ec));
    BOOST_TEST(ec == test::code(errc::queue_removed));
    out.close();
    BOOST_TEST(!out.try_enqueue_overwriting(text(2), dropped, ec));
    BOOST_TEST(ec == test::code(errc::closed));
}

BOOST_FIXTURE_TEST_CASE(takes_the_newest, fixture)
{
    BOOST_TEST(latest() == "-");
    for (int lap = 0; lap < 30; ++lap)
    {
        fill(1, 1 + lap % 8);
        BOOST_TEST(latest() == text(1 + lap % 8));
        BOOST_TEST(take() == "-");
    }
    fill(1, 3);
    std::size_t size = 0;
    char small[4], buffer[8];
    BOOST_TEST(!in.try_dequeue_latest(small, sizeof small, size, ec));
    BOOST_TEST(ec == test::code(errc::buffer_too_small));
    BOOST_TEST(size == 8u);
    BOOST_TEST(in.try_dequeue_latest(
        small, sizeof small, size, boost_ipq::truncate, ec));
    BOOST_TEST(std::string(small, 4) == text(3).substr(0, 4));
    fill(4, 5);
    BOOST_TEST(in.try_dequeue_latest(buffer, sizeof buffer, size));
    BOOST_TEST(std::string(buffer, size) == text(5));
    BOOST_TEST(take() == "-");
}

BOOST_FIXTURE_TEST_CASE(the_newest_with_others_at_work, fixture)
{
    fill(1, 4);
    auto first = in.try_receive();
    auto second = in.try_receive();
    first.give_back();
    // The given back one is older than 3 and 4. The second stays.
    BOOST_TEST(latest() == text(4));
    BOOST_TEST(take() == "-");
    fill(5, 5);
    auto room = out.try_reserve(8);
    fill(6, 6);
    BOOST_TEST(latest() == text(5)); // 6 waits behind the reservation
    BOOST_TEST(latest() == "-");
    second.give_back();
    BOOST_TEST(latest() == text(2));
    room.abandon();
    BOOST_TEST(latest() == text(6));
    BOOST_TEST(latest() == "-");
}

BOOST_AUTO_TEST_CASE(large_messages)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(65536));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::size_t dropped = 0, total = 0;
    for (char c = 'a'; c <= 'z'; ++c)
    {
        BOOST_TEST(out.try_enqueue_overwriting(std::string(20000, c), dropped));
        total += dropped;
    }
    BOOST_TEST(total >= 23u);
    std::string message;
    BOOST_TEST(in.try_dequeue_latest(message));
    BOOST_TEST((message == std::string(20000, 'z')));
    BOOST_TEST(!in.try_dequeue_latest(message));
}

BOOST_AUTO_TEST_CASE(typed_and_inside_one_process)
{
    const std::string name = test::unique_name();
    using allocator = std::allocator<std::byte>;
    using boost_ipq::heap_storage;
    boost_ipq::typed_publisher<
        std::uint64_t, boost_ipq::no_codec, allocator, heap_storage>
        out(boost_ipq::create_only, {name, 64});
    boost_ipq::typed_subscriber<
        std::uint64_t, boost_ipq::no_codec, allocator, heap_storage>
        in(boost_ipq::open_only, name);
    boost::system::error_code ec;
    std::size_t dropped = 0, total = 0;
    for (std::uint64_t i = 1; i <= 10; ++i)
    {
        BOOST_TEST(out.try_enqueue_overwriting(i, dropped, ec));
        total += dropped;
    }
    BOOST_TEST(total == 6u);
    std::uint64_t value = 0;
    BOOST_TEST(in.try_dequeue(value));
    BOOST_TEST(value == 7u);
    BOOST_TEST(in.try_dequeue_latest(value));
    BOOST_TEST(value == 10u);
    BOOST_TEST(!in.try_dequeue_latest(value, ec));
    boost_ipq::remove_queue<heap_storage>(name);
}

// Publishers overwrite, and subscribers take both ends. Whatever arrives is
// whole, and of each publisher in order.
BOOST_AUTO_TEST_CASE(several_threads)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(4096));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    constexpr std::uint64_t publishers = 2, each = 20000;
    std::atomic<std::uint64_t> dropped_in_all{0}, received{0}, running{2};
    std::vector<std::thread> threads;
    for (std::uint64_t number = 0; number < publishers; ++number)
        threads.emplace_back([&, number] {
            std::mt19937 random(static_cast<unsigned>(number));
            std::vector<std::uint64_t> message;
            for (std::uint64_t i = 1; i <= each; ++i)
            {
                message.assign(1 + random() % 30, i << 1 | number);
                std::size_t dropped = 0;
                while (!out.try_enqueue_overwriting(message, dropped))
                    std::this_thread::yield();
                dropped_in_all += dropped;
            }
            --running;
        });
    std::atomic<bool> good{true};
    for (int number = 0; number < 2; ++number)
        threads.emplace_back([&, number] {
            std::uint64_t last[publishers] = {};
            std::vector<std::byte> message;
            for (;;)
            {
                const bool ends = running == 0;
                const bool got = number == 0 ? in.try_dequeue(message)
                                             : in.try_dequeue_latest(message);
                if (!got && ends)
                    return;
                if (!got)
                    continue;
                ++received;
                std::uint64_t first = 0, word = 0;
                std::memcpy(&first, message.data(), sizeof first);
                for (std::size_t at = 0; at < message.size(); at += 8)
                {
                    std::memcpy(&word, message.data() + at, sizeof word);
                    good = good && word == first;
                }
                std::uint64_t& before = last[first & 1];
                good = good && first >> 1 > before;
                before = first >> 1;
            }
        });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(good.load());
    BOOST_TEST(received + dropped_in_all <= publishers * each);
    BOOST_TEST(received.load() > 0u);
}

#if !defined(_WIN32) // fork

namespace {

// What all processes of the storm note.
struct frame_board
{
    static constexpr std::uint32_t last_ones = 1u << 20;

    std::atomic<std::uint32_t> next, received, errors;
    std::atomic<std::uint32_t> taken[last_ones]; // by number
    std::atomic<bool> stop;
};

void send_frames(
    const std::string& name, frame_board& board, std::uint32_t seed)
{
    std::mt19937 random(seed);
    boost_ipq::publisher out(boost_ipq::open_only, name);
    std::vector<std::uint32_t> frame;
    while (!board.stop)
    {
        frame.assign(1 + random() % 200, ++board.next);
        std::size_t dropped = 0;
        if (random() % 4 == 0)
            out.timed_enqueue(frame, std::chrono::milliseconds(1));
        else
            out.try_enqueue_overwriting(frame, dropped);
    }
}

bool is_whole(const void* data, std::size_t size)
{
    if (size == 0 || size % sizeof(std::uint32_t) != 0)
        return false;
    std::vector<std::uint32_t> words(size / sizeof(std::uint32_t));
    std::memcpy(words.data(), data, size);
    return std::count(words.begin(), words.end(), words[0]) ==
           static_cast<std::ptrdiff_t>(words.size());
}

void take_frames(
    const std::string& name, frame_board& board, std::uint32_t seed)
{
    std::mt19937 random(seed);
    boost_ipq::subscriber in(boost_ipq::open_only, name);
    std::vector<std::byte> frame;
    while (!board.stop)
    {
        const auto dice = random() % 16;
        if (dice == 0)
            in.purge();
        else if (dice < 4)
            in.peek(
                [&](const void* data, std::size_t size) {
                    board.errors += !is_whole(data, size);
                },
                3);
        else if (
            dice < 8 ? in.try_dequeue(frame) : in.try_dequeue_latest(frame))
        {
            board.errors += !is_whole(frame.data(), frame.size());
            std::uint32_t number = 0;
            std::memcpy(&number, frame.data(), sizeof number);
            // The number that was taken before at this place is older.
            board.errors +=
                board.taken[number % frame_board::last_ones].exchange(number) ==
                number;
            ++board.received;
        }
    }
}

} // namespace

// Processes that overwrite, take the newest, look and drop are killed. What
// arrives is whole, and comes once.
BOOST_AUTO_TEST_CASE(storm)
{
    const test::random_seed seed;
    const test::scoped_queue queue;
    const boost_ipq::publisher keeper(
        boost_ipq::create_only, queue.options(3000));
    const test::shared_object<frame_board> board;
    {
        test::kill_storm all(
            4, seed.value(), [&](std::size_t i, std::uint32_t s) {
                (i < 2 ? send_frames : take_frames)(queue.name(), *board, s);
            });
        all.rage(test::wanted_kills(60), board->received);
        board->stop = true;
        for (std::size_t i = 0; i < 4; ++i)
            BOOST_TEST(all[i].wait());
    }
    BOOST_TEST(board->errors == 0u);
    BOOST_TEST_MESSAGE(
        board->next << " frames, " << board->received << " received");
}

#endif
