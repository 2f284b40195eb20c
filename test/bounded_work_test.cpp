// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Work under a lock costs what is held, not what was taken: see spans.hpp.
// BOOST_IPQ_BOUNDED_MIB sets the size of the queues between processes.

#include "support/child_process.hpp"
#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/ring_pieces.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <time.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <list>
#include <random>
#include <string>
#include <vector>

using namespace test;
using std::chrono::milliseconds;

namespace {

// Pieces that a walk visits when this number is held. Some more stay until
// merging comes round to them.
std::size_t most_pieces(std::size_t held)
{
    return 4 * held + 16;
}

void require_few_pieces(ring_fixture& f)
{
    const ring_pieces found = pieces_of(f);
    BOOST_REQUIRE(found.all <= most_pieces(found.held));
}

void require_all_free(ring_fixture& f)
{
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.read() == f.head()));
    BOOST_TEST((f.free() == f.head()));
    BOOST_TEST(f.subscribers().span.load() == 0u);
}

// Moves the positions forward, so that the buffer ends soon.
void pass(ring_fixture& f, unsigned messages)
{
    for (unsigned i = 0; i < messages; ++i)
    {
        BOOST_REQUIRE(f.a.send("12345678") == status::done);
        BOOST_REQUIRE(f.a.take() == "12345678");
    }
}

// As consume_batch does it.
void settle(const member& who, const detail::claimed_run& run)
{
    const detail::ring_view& ring = who.in.ring();
    std::size_t at = run.begin.offset();
    for (std::uint32_t i = 0; i != run.count; ++i)
    {
        const record_header header(
            record_state::claimed, run.owner, run.lengths[i]);
        detail::acknowledge(ring, {at, header, false});
        at += ring.span(run.lengths[i]);
    }
    detail::read_end(ring).try_free_run(
        run.begin, ring.wrapped(run.begin.count() + run.count, at));
}

} // namespace

BOOST_AUTO_TEST_SUITE(spans)

// The buffer ends at different places; each message has its header before or
// after the end.
BOOST_AUTO_TEST_CASE(copied_behind_a_delivery)
{
    for (unsigned before = 0; before < 40; ++before)
    {
        ring_fixture f(8000, 8u << before % 4, 0xffffffff - before * 7);
        pass(f, before * 10);
        std::uint32_t taken = f.read().count();
        BOOST_REQUIRE(f.a.send("held") == status::done);
        const auto held = f.b.claim();
        BOOST_REQUIRE(held.has_value());
        ++taken;
        for (unsigned size = 0;
             f.a.send(std::string(size % 50, 'x')) == status::done; ++size)
        {
            BOOST_REQUIRE(f.c.take() == std::string(size % 50, 'x'));
            BOOST_REQUIRE(f.read().count() == ++taken);
            // The delivery; the span and that after the end of the buffer; the
            // padding in front of the end; what was taken last.
            BOOST_REQUIRE(pieces_of(f).all <= 5u);
        }
        BOOST_TEST(f.b.text(*held) == "held");
        detail::acknowledge(f.b.in.ring(), *held);
        require_all_free(f);
        BOOST_TEST(f.head().count() == taken);
        pass(f, 1000);
    }
}

BOOST_AUTO_TEST_CASE(returned_in_front_of_many)
{
    ring_fixture f(1 << 20);
    BOOST_REQUIRE(f.a.send("first") == status::done);
    BOOST_REQUIRE(f.b.claim().has_value());
    for (unsigned i = 0; i < 20000; ++i)
    {
        BOOST_REQUIRE(f.a.send("x") == status::done);
        BOOST_REQUIRE(f.c.take() == "x");
    }
    BOOST_REQUIRE(f.a.send("last") == status::done);
    f.die(f.b);
    const auto again = f.a.claim(); // has not asked the kernel yet
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->redelivered());
    BOOST_TEST(f.a.text(*again) == "first");
    BOOST_TEST(f.c.take() == "last");
    BOOST_TEST(pieces_of(f).all <= 3u);
    detail::acknowledge(f.a.in.ring(), *again);
    require_all_free(f);
}

// Claims that are settled in any order, behind one that is not.
BOOST_AUTO_TEST_CASE(settled_in_any_order)
{
    const random_seed seed;
    std::mt19937 random(seed.value());
    for (const std::size_t window : {1, 2, 10, 100})
    {
        ring_fixture f(1 << 20, 8, 0xffffff00);
        BOOST_REQUIRE(f.a.send("held") == status::done);
        const auto held = f.b.claim();
        std::vector<detail::claim> claims;
        for (unsigned i = 0; i < 30000; ++i)
        {
            BOOST_REQUIRE(f.a.send("x") == status::done);
            const auto next = f.c.claim();
            BOOST_REQUIRE(next.has_value());
            BOOST_REQUIRE(!next->redelivered());
            claims.push_back(*next);
            if (claims.size() > window)
            {
                std::swap(claims[random() % claims.size()], claims.back());
                detail::acknowledge(f.c.in.ring(), claims.back());
                claims.pop_back();
            }
            if (i % 100 == 0)
                require_few_pieces(f);
        }
        require_few_pieces(f);
        for (const detail::claim& claim : claims)
            detail::acknowledge(f.c.in.ring(), claim);
        detail::acknowledge(f.b.in.ring(), *held);
        require_all_free(f);
    }
}

// All are claimed, then settled, the youngest first: the next walks merge them,
// each a part.
BOOST_AUTO_TEST_CASE(settled_in_reverse)
{
    constexpr unsigned count = 60000;
    ring_fixture f(1 << 20);
    std::vector<detail::claim> claims;
    for (unsigned i = 0; i < count; ++i)
        BOOST_REQUIRE(f.a.send("x") == status::done);
    for (unsigned i = 0; i < count; ++i)
        claims.push_back(f.b.claim().value());
    BOOST_TEST(pieces_of(f).all == count);
    while (claims.size() != 1)
    {
        detail::acknowledge(f.b.in.ring(), claims.back());
        claims.pop_back();
    }
    for (std::size_t parts = count / detail::max_merged + 1; parts != 0;
         --parts)
    {
        BOOST_REQUIRE(f.a.send("next") == status::done);
        BOOST_TEST(f.c.take() == "next");
    }
    BOOST_TEST(pieces_of(f).all <= 4u);
    detail::acknowledge(f.b.in.ring(), claims.back());
    require_all_free(f);
}

// The kernel is asked about all owners: one search merges a part, the next ones
// go on.
BOOST_AUTO_TEST_CASE(searched_after_a_death)
{
    constexpr unsigned count = 60000;
    ring_fixture f(1 << 20);
    std::vector<detail::claim> claims;
    for (unsigned i = 0; i < count; ++i)
        BOOST_REQUIRE(f.a.send(std::to_string(i)) == status::done);
    for (unsigned i = 0; i < count; ++i)
        claims.push_back((i == count - 1 ? f.c : f.b).claim().value());
    for (unsigned i = 1; i < count - 1; ++i)
        detail::acknowledge(f.b.in.ring(), claims[i]);
    f.die(f.c);
    std::string taken = "-";
    for (std::size_t parts = count / detail::max_merged + 2;
         parts != 0 && taken == "-"; --parts)
        taken = f.a.take();
    BOOST_TEST(taken == std::to_string(count - 1));
    BOOST_TEST(f.a.take() == "-");
    BOOST_TEST(pieces_of(f).all <= 4u);
    detail::acknowledge(f.b.in.ring(), claims[0]);
    require_all_free(f);
}

// Runs of several subscribers, settled in any order.
BOOST_AUTO_TEST_CASE(many_runs)
{
    const random_seed seed;
    std::mt19937 random(seed.value());
    ring_fixture f(1 << 20, 8, 0xffffff00);
    BOOST_REQUIRE(f.a.send("held") == status::done);
    const auto held = f.b.claim();
    std::list<detail::claimed_run> runs;
    for (unsigned i = 0; i < 20000; ++i)
    {
        BOOST_REQUIRE(f.a.send("x") == status::done);
        if (i % 20 != 0)
            continue;
        runs.emplace_back();
        BOOST_REQUIRE(f.c.in.try_claim_run(runs.back()) == status::done);
        if (runs.size() < 9)
            continue;
        const auto which = std::next(runs.begin(), random() % runs.size());
        settle(f.c, *which);
        runs.erase(which);
        require_few_pieces(f);
    }
    for (const detail::claimed_run& run : runs)
        settle(f.c, run);
    detail::acknowledge(f.b.in.ring(), *held);
    while (f.c.take() != "-")
    {
    }
    require_all_free(f);
}

// The run's first record was merged with older ones before all are settled.
BOOST_AUTO_TEST_CASE(run_inside_a_span)
{
    ring_fixture f(4000);
    for (unsigned i = 0; i < 10; ++i)
        BOOST_REQUIRE(f.a.send("x") == status::done);
    const auto held = f.b.claim(), older = f.b.claim();
    detail::claimed_run run;
    BOOST_REQUIRE(f.c.in.try_claim_run(run) == status::done);
    BOOST_REQUIRE(run.count == 8);
    detail::acknowledge(f.b.in.ring(), *older);
    detail::acknowledge(
        f.c.in.ring(),
        {run.begin.offset(),
         record_header(record_state::claimed, run.owner, run.lengths[0]),
         false});
    BOOST_REQUIRE(f.a.send("y") == status::done);
    BOOST_TEST(f.a.take() == "y"); // merges both
    BOOST_TEST(pieces_of(f).all == 1u + 1 + 7 + 1);
    settle(f.c, run);
    BOOST_TEST(pieces_of(f).all == 2u);
    detail::acknowledge(f.b.in.ring(), *held);
    require_all_free(f);
}

BOOST_AUTO_TEST_CASE(abandoned_and_shortened_behind_a_delivery)
{
    ring_fixture f(1 << 20, 8, 0xffffff00);
    BOOST_REQUIRE(f.a.send("held") == status::done);
    const auto held = f.b.claim();
    for (unsigned i = 0; i < 10000; ++i)
    {
        const auto record = f.a.reserve(40);
        BOOST_REQUIRE(record.has_value());
        if (i % 2 == 0)
            detail::abandon(f.a.out.ring(), *record);
        else
            detail::commit(f.a.out.ring(), *record, 1);
        BOOST_REQUIRE((f.c.take() == "-") == (i % 2 == 0));
    }
    BOOST_TEST(pieces_of(f).all <= 6u);
    detail::acknowledge(f.b.in.ring(), *held);
    require_all_free(f);
}

// What an owner of the lock leaves that died between two stores.
BOOST_AUTO_TEST_CASE(dead_between_two_stores)
{
    ring_fixture f(4000);
    for (unsigned i = 0; i < 20; ++i)
        BOOST_REQUIRE(f.a.send(std::to_string(i)) == status::done);
    const auto held = f.b.claim();
    for (unsigned i = 1; i < 6; ++i)
        BOOST_REQUIRE(f.c.take() == std::to_string(i));
    const auto second = f.b.claim(); // 6
    for (unsigned i = 7; i < 10; ++i)
        BOOST_REQUIRE(f.c.take() == std::to_string(i));
    const std::size_t pieces = pieces_of(f).all;
    const position first_span = f.view.behind(f.free(), f.header(f.free()));
    BOOST_REQUIRE(f.header(first_span).is_span());

    // The word is stored, the header is not.
    f.subscribers().span.store(first_span.word());
    BOOST_TEST(f.c.take() == "10");
    BOOST_TEST(pieces_of(f).all <= pieces + 1);
    // The word is cleared, `free` is not moved.
    f.subscribers().span.store(0);
    BOOST_TEST(f.c.take() == "11");
    BOOST_TEST(pieces_of(f).all <= pieces + 1);
    // Two died before they merged what they took.
    for (unsigned i = 12; i < 14; ++i)
    {
        const position at = f.read();
        f.subscribers().read.store(f.view.behind(at, f.header(at)).word());
    }
    BOOST_TEST(f.c.take() == "14");
    BOOST_TEST(pieces_of(f).all <= pieces + 1);
    detail::acknowledge(f.b.in.ring(), *second);
    BOOST_TEST(f.c.take() == "15");
    BOOST_TEST(f.c.take() == "16");
    BOOST_TEST(pieces_of(f).all <= 4u);
    detail::acknowledge(f.b.in.ring(), *held);
    // `free` is moved, but the lock is not released.
    f.subscribers().owner.store(f.c.name);
    f.die(f.c);
    BOOST_TEST(f.a.take() == "17");
    BOOST_TEST(f.a.take() == "18");
    BOOST_TEST(f.a.take() == "19");
    require_all_free(f);
}

BOOST_AUTO_TEST_CASE(damaged)
{
    const auto damage = [](std::uint64_t units, std::uint32_t messages,
                           std::size_t alignment) {
        ring_fixture f(4000, alignment);
        for (unsigned i = 0; i < 20; ++i)
            BOOST_REQUIRE(f.a.send("x") == status::done);
        const auto held = f.b.claim();
        for (unsigned i = 1; i < 10; ++i)
            f.c.take();
        const position at = f.view.behind(f.free(), f.header(f.free()));
        f.view.header(at).store(
            record_header(record_state::span, messages, units).word());
        detail::acknowledge(f.b.in.ring(), *held);
        for (unsigned i = 0; i < 20; ++i)
            f.c.take();
        return f.free() == f.read();
    };
    BOOST_TEST(!damage(0, 0, 8));
    BOOST_TEST(!damage(0, 1, 8));
    BOOST_TEST(!damage(0xffffffff, 8, 8));
    BOOST_TEST(!damage(1u << 20, 8, 8));
    BOOST_TEST(!damage(2, 3, 8));  // more messages than fit in it
    BOOST_TEST(!damage(3, 1, 16)); // not aligned
    // Where merging goes on is nowhere.
    for (const std::uint64_t word :
         {std::uint64_t(1) << 33, ~std::uint64_t(0), std::uint64_t(3),
          std::uint64_t(5) << 32 | 4, std::uint64_t(2) << 32 | 100000})
    {
        ring_fixture f(4000);
        for (unsigned i = 0; i < 20; ++i)
            BOOST_REQUIRE(f.a.send("x") == status::done);
        BOOST_REQUIRE(f.b.claim().has_value());
        for (unsigned i = 1; i < 10; ++i)
        {
            f.subscribers().span.store(word);
            BOOST_TEST(f.c.take() == "x");
        }
    }
}

// A span at the read position is damage.
BOOST_AUTO_TEST_CASE(span_that_was_not_taken)
{
    ring_fixture f(4000);
    BOOST_REQUIRE(f.a.send("x") == status::done);
    f.view.header(f.read()).store(record_header::span(16, 1).word());
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.c.result == status::corrupt);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(turns)

// Reservations of a process that died: the kernel is asked about it, not about
// each.
BOOST_AUTO_TEST_CASE(many_dead_reservations)
{
    constexpr unsigned count = 60000;
    for (const bool recovered : {false, true})
    {
        ring_fixture f(1 << 20);
        for (unsigned i = 0; i < count; ++i)
            BOOST_REQUIRE(f.a.reserve(1).has_value());
        BOOST_REQUIRE(f.b.send("behind") == status::done);
        f.die(f.a);
        f.witness.asked = 0;
        if (recovered)
            BOOST_TEST(f.b.recover() == count);
        BOOST_TEST(f.c.take() == "behind");
        BOOST_TEST(f.witness.asked <= 2 + 2 * count / detail::max_skipped);
        require_all_free(f);
    }
}

// A publisher needs the room of many settled records at once.
BOOST_AUTO_TEST_CASE(room_of_many)
{
    constexpr unsigned count = 60000;
    ring_fixture f(1 << 20);
    std::vector<detail::claim> claims;
    while (f.a.send("x") == status::done)
        claims.push_back(f.b.claim().value());
    BOOST_TEST(claims.size() > count);
    for (auto i = claims.rbegin(); i != claims.rend(); ++i)
        detail::acknowledge(f.b.in.ring(), *i);
    BOOST_TEST(f.a.send(std::string(1'000'000, 'y')) == status::done);
    BOOST_TEST(f.c.take() == std::string(1'000'000, 'y'));
    require_all_free(f);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(processes)

#if !defined(_WIN32) // asking for the time of a thread takes long under Wine

namespace {

// 32 MiB: 2 million messages. The promise holds at any size.
std::size_t capacity()
{
    const char* const mib = std::getenv("BOOST_IPQ_BOUNDED_MIB");
    return std::size_t(mib != nullptr ? std::stoul(mib) : 32) << 20;
}

// The time on a processor: a busy machine breaks no promise.
double milliseconds_used()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

class worst_call
{
public:
    template <class Function>
    auto operator()(Function function)
    {
        const double begin = milliseconds_used();
        auto result = function();
        const double used = milliseconds_used() - begin;
        m_worst = std::max(m_worst, used);
        m_slow += used >= 5;
        return result;
    }

    double milliseconds() const { return m_worst; }

    // Calls that took 5 ms. A virtual machine may count time that it did not
    // get; a walk over millions of records would make all calls slow.
    unsigned slow() const { return m_slow; }

private:
    double m_worst = 0;
    unsigned m_slow = 0;
};

// A large queue takes its time.
void take_time()
{
    watchdog::start(60 + static_cast<unsigned>(capacity() >> 21));
}

// Receives one message, does not acknowledge it, and waits to be killed.
CHILD_ROLE(hold_one)
{
    take_time();
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    const boost_ipq::delivery held = in.receive();
    self.tell("holds");
    self.hear();
}

} // namespace

#endif

// inspect() counts what is in use, and no padding, wherever the buffer ends.
BOOST_AUTO_TEST_CASE(bytes_in_spans)
{
    const scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(40000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    const std::string body(3000, 'x');
    std::string message;
    for (unsigned before = 0; before < 30; ++before)
    {
        BOOST_REQUIRE(out.try_enqueue(body));
        boost_ipq::delivery held = in.try_receive();
        BOOST_REQUIRE(bool(held));
        std::size_t count = 1;
        for (; out.try_enqueue(body); ++count)
        {
            const boost_ipq::queue_status state = boost_ipq::inspect(queue);
            BOOST_REQUIRE(state.deliveries == 1u);
            BOOST_REQUIRE(state.bytes == (count + 1) * 3008);
            BOOST_REQUIRE(in.try_dequeue(message));
        }
        BOOST_TEST(count >= 13u);
        held.acknowledge();
        for (unsigned i = 0; i != before; ++i)
        {
            BOOST_REQUIRE(out.try_enqueue(body));
            BOOST_REQUIRE(in.try_dequeue(message));
        }
    }
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(one_delivery_in_front_of_millions)
{
    take_time();
    const scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(capacity()));
    std::uint64_t number = 0;
    while (out.try_enqueue(&number, sizeof number))
        ++number;
    child victim("hold_one", {queue.name()});
    BOOST_REQUIRE(victim.hear() == "holds");

    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::uint64_t taken = 0, message = 0;
    std::size_t size = 0;
    worst_call before, after;
    const auto take = [&] {
        return in.try_dequeue(&message, sizeof message, size);
    };
    bool in_order = true;
    while (in_order && taken + 1000 < number && before(take))
        in_order = message == ++taken;
    BOOST_REQUIRE(in_order);
    worst_call looking;
    for (int i = 0; i != 3; ++i)
        looking([&] { return boost_ipq::inspect(queue).messages; });
    BOOST_TEST(looking.slow() < 3u);
    // Everything up to the delivery is in use, and padding is not.
    BOOST_TEST(boost_ipq::inspect(queue).deliveries == 1u);
    BOOST_TEST(boost_ipq::inspect(queue).bytes <= capacity());
    BOOST_TEST(boost_ipq::inspect(queue).bytes >= capacity() / 2);
    BOOST_TEST(before.slow() <= 3u);

    victim.kill();
    bool again = false;
    while (!again)
    {
        boost_ipq::delivery found =
            after([&] { return in.timed_receive(milliseconds(1000)); });
        BOOST_REQUIRE(bool(found));
        again = found.redelivered();
        std::memcpy(&message, found.data(), sizeof message);
        BOOST_REQUIRE(message == (again ? 0 : ++taken));
        found.acknowledge();
    }
    after([&] { return out.try_enqueue(&number, sizeof number); });
    BOOST_TEST(after.milliseconds() < 100);
    while (take())
        BOOST_REQUIRE(message == ++taken);
    BOOST_TEST(taken == number);
    std::cout << number << " messages: the worst call " << before.milliseconds()
              << " ms, after a death " << after.milliseconds() << " ms\n";
}

#endif

BOOST_AUTO_TEST_SUITE_END()
