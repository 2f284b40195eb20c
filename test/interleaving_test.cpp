// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An operation is interrupted after each of its instructions, and others work
// there. All give up at once if another holds the lock that they need. Without
// optimisation there are too many instructions: it leaves some out.

#include "support/heap_ring.hpp"
#include "support/interrupted.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/sanitizer.hpp"
#include <boost_ipq/broadcast.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>

#if BOOST_IPQ_TEST_INTERRUPTED && !defined(BOOST_IPQ_DETAIL_TSAN)

#include <cstring>
#include <string>
#include <vector>

using namespace test;

namespace {

constexpr auto at_once = [] { return true; };

// Instructions from one interruption to the next.
long stride(long instructions)
{
    return instructions < 600 ? 1 : instructions / 60;
}

struct two_members
{
    two_members(std::size_t capacity) : ring(capacity) {}

    status send() { return ring.a.out.try_publish("", 0, at_once); }

    status take()
    {
        std::size_t size;
        detail::buffer_target target{nullptr, 0, size};
        return ring.b.in.try_take(target, at_once);
    }

    ring_fixture ring;
};

} // namespace

// A full ring is emptied while the publisher looks for room: no padding may be
// written, and no look of the subscriber finds damage.
BOOST_AUTO_TEST_CASE(full_ring_is_emptied)
{
    for (const std::size_t capacity : {8, 16})
        for (std::size_t turns = 1; turns <= 2; ++turns)
        {
            long instructions = 1;
            for (long at = 1; at <= instructions; at += stride(instructions))
            {
                two_members f(capacity);
                for (std::size_t i = 0; i < turns; ++i)
                {
                    BOOST_REQUIRE(f.send() == status::done);
                    BOOST_REQUIRE(f.take() == status::done);
                }
                std::size_t sent = 0, taken = 0, corrupt = 0;
                while (f.send() == status::done)
                    ++sent;
                const auto take_all = [&] {
                    status result = f.take();
                    for (; result == status::done; result = f.take())
                        ++taken;
                    corrupt += result == status::corrupt;
                };
                const interrupted run(
                    [&] { sent += f.send() == status::done; },
                    [&](long number) {
                        if (number >= at)
                            take_all();
                    });
                instructions = run.instructions();
                take_all();
                BOOST_TEST_INFO(
                    "capacity " << capacity << ", offset " << 8 * turns
                                << ", instruction " << at);
                BOOST_REQUIRE(corrupt == 0u);
                BOOST_REQUIRE(taken == sent);
            }
        }
}

// Where the record fits at the head, the publisher does not skip the rest of
// the buffer.
BOOST_AUTO_TEST_CASE(no_padding_in_front_of_room)
{
    long instructions = 1;
    for (long at = 1; at <= instructions; at += stride(instructions))
    {
        two_members f(16);
        BOOST_REQUIRE(f.send() == status::done);
        BOOST_REQUIRE(f.send() == status::done);
        status result = status::would_block;
        const interrupted run(
            [&] { result = f.send(); },
            [&](long number) {
                if (number == at)
                    while (f.take() == status::done)
                    {
                    }
            });
        instructions = run.instructions();
        if (result == status::done)
            BOOST_TEST(f.ring.head().offset() == 24u, "instruction " << at);
    }
}

namespace {

// A ring that always holds a message: others send and take while `b` takes.
struct moving_ring
{
    // A message that was taken.
    struct message
    {
        std::uint64_t number = 0;
        std::size_t size = 0;
    };

    // Numbered messages, or empty ones, whose headers are all alike.
    explicit moving_ring(bool numbered)
        : size(numbered ? sizeof(std::uint64_t) : 0),
          ring(2 * (detail::unit + size))
    {
        numbers.reserve(100);
        send();
    }

    void send()
    {
        if (ring.a.out.try_publish(&sent, size, at_once) == status::done)
            ++sent;
    }

    static status take(member& who, message& result)
    {
        detail::buffer_target target{
            &result.number, sizeof result.number, result.size};
        return who.in.try_take(target, at_once);
    }

    static status claim(member& who, message& result)
    {
        detail::claim held;
        const status end = who.in.try_claim(held, at_once);
        if (end != status::done)
            return end;
        result.size = held.header.length();
        std::memcpy(&result.number, who.in.body(held), result.size);
        acknowledge(who.in.ring(), held);
        return end;
    }

    void count(status end, const message& taken)
    {
        if (end != status::done)
            return;
        right = right && taken.size == size;
        numbers.push_back(taken.number);
    }

    void move_on(unsigned steps)
    {
        for (; steps != 0; --steps)
        {
            send();
            take_one();
        }
    }

    // `b` has just searched for records of dead processes: a look that finds
    // nothing does not go on to the next search.
    void search_is_not_due()
    {
        detail::claim held;
        message first, second;
        const status end = ring.c.in.try_claim(held, at_once);
        first.size = held.header.length();
        std::memcpy(&first.number, ring.c.in.body(held), first.size);
        count(end, first);
        send();
        count(take(ring.b, second), second);
        acknowledge(ring.c.in.ring(), held);
        detail::read_end(ring.c.in.ring()).try_advance_free();
        send();
    }

    bool take_one()
    {
        message taken;
        const status end = take(ring.c, taken);
        count(end, taken);
        return end == status::done;
    }

    // Takes the rest. Returns: whether each message came once.
    bool balanced()
    {
        while (take_one())
        {
        }
        std::sort(numbers.begin(), numbers.end());
        for (std::size_t i = 0; i < numbers.size() && size != 0; ++i)
            right = right && numbers[i] == i;
        return right && numbers.size() == sent && ring.free() == ring.head();
    }

    std::size_t size;
    ring_fixture ring;
    std::uint64_t sent = 0;
    std::vector<std::uint64_t> numbers; // of the messages that were taken
    bool right = true;
};

// `b` takes, or claims, while the messages move on by that many.
void take_while_they_move(bool numbered, bool in_place, unsigned steps)
{
    long instructions = 1;
    for (long at = 0; at <= instructions; at += stride(instructions))
    {
        moving_ring f(numbered);
        moving_ring::message taken;
        status result = status::would_block;
        const auto operation = [&] {
            result =
                in_place ? f.claim(f.ring.b, taken) : f.take(f.ring.b, taken);
        };
        const auto interruption = [&](long number) {
            if (number == at)
                f.move_on(steps);
        };
        if (at == 0) // undisturbed: counts its instructions
            instructions = interrupted(operation, interruption).instructions();
        else
            interrupted(operation, interruption, at);
        f.count(result, taken);
        BOOST_TEST_INFO(
            "in place " << in_place << ", numbered " << numbered << ", steps "
                        << steps << ", instruction " << at);
        BOOST_REQUIRE(result == status::done);
        BOOST_REQUIRE(f.balanced());
    }
}

} // namespace

// A subscriber that is interrupted anywhere must not call a queue empty that
// never was, nor take what another has taken: messages pass by. After 4 of
// them, the end of the messages lies where it looks, after 5 a message with the
// same header.
BOOST_AUTO_TEST_CASE(a_ring_that_is_never_empty)
{
    for (const bool in_place : {false, true})
    {
        for (const unsigned steps : {1, 4, 5})
            take_while_they_move(false, in_place, steps);
        take_while_they_move(true, in_place, 2);
    }
}

// As a subscriber that waits looks.
BOOST_AUTO_TEST_CASE(a_look_at_a_ring_that_is_never_empty)
{
    for (const unsigned steps : {1, 4, 5})
    {
        long instructions = 1;
        for (long at = 0; at <= instructions; at += stride(instructions))
        {
            moving_ring f(steps == 1);
            f.search_is_not_due();
            bool something = false;
            const auto operation = [&] { something = f.ring.b.in.something(); };
            const auto interruption = [&](long number) {
                if (number == at)
                    f.move_on(steps);
            };
            if (at == 0)
                instructions =
                    interrupted(operation, interruption).instructions();
            else
                interrupted(operation, interruption, at);
            BOOST_TEST_INFO("steps " << steps << ", instruction " << at);
            BOOST_REQUIRE(something);
            BOOST_REQUIRE(f.balanced());
        }
    }
}

// Another subscriber claims the message at which `b` looks, and holds it, or
// dies before it has moved the position past it.
BOOST_AUTO_TEST_CASE(claimed_meanwhile)
{
    for (const bool in_place : {false, true})
        for (const bool dies : {false, true})
        {
            long instructions = 1;
            for (long at = 0; at <= instructions; at += stride(instructions))
            {
                moving_ring f(true);
                f.send();
                moving_ring::message taken;
                status result = status::would_block;
                detail::claim held;
                status claimed = status::would_block;
                const auto operation = [&] {
                    result = in_place ? f.claim(f.ring.b, taken)
                                      : f.take(f.ring.b, taken);
                };
                const auto interruption = [&](long number) {
                    if (number != at || f.ring.subscribers().owner != 0)
                        return;
                    const position read = f.ring.read();
                    claimed = f.ring.c.in.try_claim(held, at_once);
                    if (claimed != status::done || !dies)
                        return;
                    f.ring.subscribers().read = read.word();
                    f.ring.subscribers().owner = f.ring.c.name;
                    f.ring.die(f.ring.c);
                };
                if (at == 0)
                    instructions =
                        interrupted(operation, interruption).instructions();
                else
                    interrupted(operation, interruption, at);
                f.count(result, taken);
                BOOST_REQUIRE(result == status::done);
                if (claimed == status::done && !dies)
                {
                    std::memcpy(&taken.number, f.ring.c.in.body(held), f.size);
                    taken.size = f.size;
                    f.count(claimed, taken);
                    acknowledge(f.ring.c.in.ring(), held);
                }
                // The rest: `b` takes what a dead subscriber left.
                for (result = status::done; result == status::done;
                     f.count(result, taken))
                    result = f.take(f.ring.b, taken);
                BOOST_TEST_INFO(
                    "in place " << in_place << ", dies " << dies
                                << ", instruction " << at);
                BOOST_REQUIRE(f.balanced());
            }
        }
}

// Padding in an empty ring is published before the record behind it: there,
// nothing that was sent before is found again.
BOOST_AUTO_TEST_CASE(padding_in_an_empty_ring)
{
    constexpr std::size_t header = detail::unit;
    const std::string next(16, 'y');
    ring_fixture f(2 * detail::tour);
    long instructions = 1;
    for (long at = 0; at <= instructions; at += stride(instructions))
    {
        // Nearly to the end of the tour.
        const std::string first(
            detail::tour - header - f.head().offset() - 2 * header, 'x');
        const auto record = f.a.reserve(first.size()); // not shifted
        BOOST_REQUIRE(record);
        f.a.write(*record, first);
        detail::commit(f.a.out.ring(), *record);
        BOOST_REQUIRE(f.b.take() == first);
        detail::read_end(f.b.in.ring()).try_advance_free();
        BOOST_REQUIRE(f.head().offset() == detail::tour - 2 * header);
        std::byte buffer[16];
        std::size_t size = 0, taken = 0;
        status sent = status::would_block, result = status::done;
        const auto take = [&] {
            detail::buffer_target target{buffer, sizeof buffer, size};
            result = f.b.in.try_take(target, at_once);
            taken += result == status::done;
        };
        const auto operation = [&] {
            sent = f.a.out.try_publish(next.data(), next.size(), at_once);
        };
        const auto interruption = [&](long number) {
            if (number == at)
                take();
        };
        if (at == 0)
            instructions = interrupted(operation, interruption).instructions();
        else
            interrupted(operation, interruption, at);
        BOOST_TEST_INFO("instruction " << at);
        BOOST_REQUIRE(sent == status::done);
        if (taken == 0)
            take();
        BOOST_REQUIRE(taken == 1u);
        BOOST_REQUIRE(size == next.size());
        BOOST_REQUIRE(f.head().offset() == 24u); // there was padding
        take();
        BOOST_REQUIRE(result == status::would_block);
    }
}

// A message that is given back while another is searched for is found at once,
// not only when the next search is due.
BOOST_AUTO_TEST_CASE(given_back_during_a_search)
{
    long instructions = 1;
    for (long at = 0; at <= instructions; at += stride(instructions))
    {
        ring_fixture f(1000);
        for (const char* text : {"1", "2", "3"})
            BOOST_REQUIRE(f.a.send(text) == status::done);
        const auto first = f.a.claim(), second = f.a.claim();
        give_back(f.a.in.ring(), *first);
        std::byte buffer[8];
        std::size_t size = 0;
        detail::buffer_target target{buffer, sizeof buffer, size};
        status result = status::would_block;
        const auto operation = [&] {
            result = f.b.in.try_take(target, at_once);
        };
        bool given_back = false;
        const auto interruption = [&](long number) {
            if (number != at)
                return;
            give_back(f.a.in.ring(), *second);
            given_back = true;
        };
        if (at == 0)
        {
            instructions = interrupted(operation, interruption).instructions();
            continue;
        }
        interrupted(operation, interruption, at);
        if (!given_back) // it read the clock in fewer instructions
            break;
        BOOST_TEST_INFO("instruction " << at);
        BOOST_REQUIRE(result == status::done);
        BOOST_REQUIRE(f.b.take() == "2");
        BOOST_REQUIRE(f.b.take() == "3");
        BOOST_REQUIRE(f.b.take() == "-");
    }
}

namespace {

// A message whose words look like headers of messages that are longer.
struct look_alikes
{
    look_alikes()
    {
        const record_header longer(
            record_state::committed, 1, sizeof words + 8);
        for (std::uint64_t& word : words)
            word = longer.word();
    }

    std::uint64_t words[30];
};

// Effects: a subscriber of a broadcast takes a message by a copy, and after
// each of its instructions, in turn, publishers send more than a lap.
void copy_while_overtaken(bool newest)
{
    static const look_alikes more;
    const scoped_queue queue;
    boost_ipq::broadcast_publisher out(
        boost_ipq::create_only,
        queue.options(1000).overflow(boost_ipq::overflow::drop_oldest));
    boost_ipq::broadcast_subscriber in(boost_ipq::open_only, queue);
    long instructions = 1;
    for (long at = 0; at <= instructions; at += stride(instructions))
    {
        std::uint64_t words[30] = {};
        std::size_t size = 0;
        in.purge();
        // The next record seldom lies where a lap begins.
        out.enqueue(&at, sizeof at);
        BOOST_REQUIRE(in.try_dequeue(words, sizeof words, size));
        out.enqueue(&at, sizeof at);
        bool taken = false;
        boost::system::error_code ec;
        const auto operation = [&] {
            taken = newest
                        ? in.try_dequeue_latest(words, sizeof words, size, ec)
                        : in.try_dequeue(words, sizeof words, size, ec);
        };
        const auto interruption = [&](long number) {
            for (int i = 0; number == at && i < 10; ++i)
                out.enqueue(more.words, sizeof more.words);
        };
        if (at == 0)
            instructions = interrupted(operation, interruption).instructions();
        else
            interrupted(operation, interruption, at);
        BOOST_TEST_INFO("newest " << newest << ", instruction " << at);
        BOOST_TEST_INFO(ec.message());
        BOOST_REQUIRE(taken);
        if (size == sizeof at)
            BOOST_REQUIRE(words[0] == static_cast<std::uint64_t>(at));
        else
            BOOST_REQUIRE(
                (size == sizeof words &&
                 std::memcmp(words, more.words, size) == 0));
    }
}

} // namespace

// What lies where a subscriber looks may be the middle of a newer message: its
// length means nothing.
BOOST_AUTO_TEST_CASE(a_copy_of_a_broadcast_that_is_overtaken)
{
    copy_while_overtaken(false);
    copy_while_overtaken(true);
}

// A call passes what publishers abandon meanwhile, more than a lap of it: that
// is no damage.
BOOST_AUTO_TEST_CASE(laps_of_abandoned_records_in_one_call)
{
    for (const long pause : {20, 40, 80, 160, 320})
    {
        const scoped_queue queue;
        boost_ipq::broadcast_publisher out(
            boost_ipq::create_only,
            queue.options(1000).overflow(boost_ipq::overflow::drop_oldest));
        boost_ipq::broadcast_subscriber in(boost_ipq::open_only, queue);
        std::uint64_t word = 0;
        std::size_t size = 0;
        bool taken = false;
        boost::system::error_code ec;
        out.try_reserve(200).abandon();
        const interrupted call(
            [&] { taken = in.try_dequeue(&word, sizeof word, size, ec); },
            [&](long number) {
                if (number % pause == 0)
                    out.try_reserve(200).abandon();
            },
            100'000);
        BOOST_TEST_INFO(
            "pause " << pause << ", instructions " << call.instructions());
        BOOST_TEST((!taken && !ec));
    }
}

#else

BOOST_AUTO_TEST_CASE(interleavings)
{
    test::skip(
        test::with_thread_sanitizer
            ? "ThreadSanitizer's own instructions would be interrupted, too"
            : "interruptions are written for Linux on x86-64");
}

#endif
