// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// States that a process leaves in the ring when it dies at some instruction,
// made by hand, and what the survivors do with them.

#include "support/eventually.hpp"
#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include <boost_ipq/detail/ring/purge.hpp>
#include <chrono>
#include <string>
#include <vector>

using namespace test;

namespace {

// The head before an operation during which its process dies.
struct publisher_state
{
    explicit publisher_state(ring_fixture& fixture)
        : f(fixture),
          head(f.publishers().head.load())
    {
    }

    // The holder died before its last store, which moves the head.
    void restore(const member& holder)
    {
        f.publishers().head.store(head);
        f.publishers().owner.store(holder.name);
        f.die(holder);
    }

    ring_fixture& f;
    std::uint64_t head;
};

// The receiver `who` died while it held the lock.
void die_receiving(ring_fixture& f, const member& who)
{
    f.subscribers().owner.store(who.name);
    f.die(who);
}

constexpr auto give_up_at_once = [] { return true; };

} // namespace

BOOST_AUTO_TEST_SUITE(publishers)

BOOST_AUTO_TEST_CASE(dead_in_the_lock)
{
    ring_fixture f(1000);
    f.publishers().owner.store(f.a.name);
    f.die(f.a);
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.witness.events().recovered.load() == 1u); // is logged
    BOOST_TEST(f.c.take() == "b");
    f.subscribers().owner.store(f.a.name);
    BOOST_TEST(f.b.send("c") == status::done);
    BOOST_TEST(f.c.take() == "c");
    BOOST_TEST(f.witness.events().recovered.load() == 2u);
}

BOOST_AUTO_TEST_CASE(alive_in_the_lock)
{
    ring_fixture f(1000);
    f.publishers().owner.store(f.a.name);
    BOOST_TEST(f.b.out.try_publish("b", 1, give_up_at_once) == status::busy);
    // Its owner still holds it.
    BOOST_TEST(f.publishers().owner.load() == f.a.name);
    f.publishers().owner.store(0);
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.c.take() == "b");
}

// The lock is released while the witness is asked: nothing is recovered.
BOOST_AUTO_TEST_CASE(released_while_asked)
{
    ring_fixture f(1000);
    f.publishers().owner.store(f.a.name);
    f.die(f.a);
    const incarnation other = f.c.name;
    f.witness.on_question = [&](incarnation who) {
        f.publishers().owner.store(who == f.a.name ? other : 0);
    };
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.witness.asked == 2u);
    BOOST_TEST(f.c.take() == "b");
}

// The header is stored, the head is not moved: the message is sent, and the
// next one is written behind it.
BOOST_AUTO_TEST_CASE(dead_before_the_head_moved)
{
    for (unsigned before = 0; before < 40; ++before)
    {
        ring_fixture f(200, 8, 0xfffffff0);
        for (unsigned i = 0; i < before; ++i)
        {
            BOOST_REQUIRE(f.b.send("filling") == status::done);
            BOOST_REQUIRE(f.b.take() == "filling");
        }
        publisher_state state(f);
        BOOST_REQUIRE(f.a.send(std::string(20 + before, 'a')) == status::done);
        const std::uint64_t moved = f.publishers().head.load();
        state.restore(f.a);

        BOOST_REQUIRE(f.b.send("b") == status::done);
        BOOST_REQUIRE(
            f.publishers().head.load() !=
            f.view.behind(position(state.head), f.header(position(state.head)))
                .word());
        BOOST_REQUIRE(f.c.take() == std::string(20 + before, 'a'));
        BOOST_REQUIRE((f.read() == position(moved)));
        BOOST_REQUIRE(f.c.take() == "b");
        BOOST_REQUIRE(f.c.take() == "-");
        BOOST_REQUIRE((f.read() == f.head()));
        BOOST_REQUIRE((f.free() == f.head()));
    }
}

// As before, but the record is a reservation. A subscriber may be skipping it,
// so nothing is written over it.
BOOST_AUTO_TEST_CASE(dead_before_the_head_moved_past_a_reservation)
{
    ring_fixture f(200);
    publisher_state state(f);
    BOOST_REQUIRE(f.a.reserve(50).has_value());
    const position moved = f.head();
    const record_header header = f.header(position(state.head));
    state.restore(f.a);
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.header(position(state.head)).word() == header.word());
    BOOST_TEST(f.header(moved).length() == 1u);
    BOOST_TEST(eventually([&] { return f.c.take() == "b"; }));
    BOOST_TEST((f.read() == f.head()));
}

// A subscriber takes the message before the lock is recovered.
BOOST_AUTO_TEST_CASE(taken_before_the_head_moved)
{
    ring_fixture f(200);
    publisher_state state(f);
    BOOST_TEST(f.a.send("a") == status::done);
    state.restore(f.a);
    BOOST_TEST(f.c.take() == "a");
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.c.take() == "b");
    BOOST_TEST((f.free() == f.head()));
}

// Everything but the header is written: the message was not sent.
BOOST_AUTO_TEST_CASE(dead_before_the_header)
{
    ring_fixture f(200);
    publisher_state state(f);
    BOOST_TEST(f.a.send("never sent") == status::done);
    f.view.header(position(state.head)).store(0);
    state.restore(f.a);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.b.send("b") == status::done);
    BOOST_TEST(f.c.take() == "b");
    BOOST_TEST(f.c.take() == "-");
}

// As before, with padding in front of the message.
BOOST_AUTO_TEST_CASE(dead_around_padding)
{
    for (const bool published : {false, true})
    {
        ring_fixture f(200); // a buffer of 408
        for (int i = 0; i < 2; ++i)
        {
            BOOST_TEST(f.b.send(std::string(160, 'x')) == status::done);
            BOOST_TEST(f.c.take() == std::string(160, 'x'));
        }
        publisher_state state(f);
        BOOST_TEST(f.a.send(std::string(90, 'a')) == status::done);
        BOOST_TEST(f.head().offset() == 104u); // padding, then 0..104
        if (!published)
            // The header behind it is stored, but must not count.
            f.view.header(position(state.head)).store(0);
        state.restore(f.a);

        BOOST_TEST(f.b.send("b") == status::done);
        if (published)
            BOOST_TEST(f.c.take() == std::string(90, 'a'));
        BOOST_TEST(f.c.take() == "b");
        BOOST_TEST(f.c.take() == "-");
        for (unsigned lap = 0; lap < 50; ++lap)
        {
            BOOST_TEST(f.b.send("still going round") == status::done);
            BOOST_TEST(f.c.take() == "still going round");
        }
    }
}

// Only the padding was written: the message did not fit before the end, and its
// publisher died before it wrote the message.
BOOST_AUTO_TEST_CASE(dead_after_writing_only_padding)
{
    ring_fixture f(200);
    BOOST_TEST(f.b.send(std::string(120, 'x')) == status::done);
    BOOST_TEST(f.c.take() == std::string(120, 'x'));
    // In an empty ring, the padding for a message of the whole capacity is
    // published separately.
    const position head = f.head();
    f.publishers().prefetched.store(0);
    f.publishers().room.store(0);
    f.publishers().padding.store(head.offset());
    f.view.header(std::size_t(0)).store(0);
    f.view.header(head).store(
        record_header(
            record_state::padding, f.a.name, f.view.size - head.offset() - 8)
            .word());
    f.publishers().owner.store(f.a.name);
    f.die(f.a);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.b.send(std::string(192, 'b')) == status::done);
    BOOST_TEST(f.c.take() == std::string(192, 'b'));
    BOOST_TEST((f.free() == f.head()));
}

BOOST_AUTO_TEST_CASE(dead_with_reservations)
{
    ring_fixture f(1000);
    BOOST_TEST(f.a.reserve(10).has_value());
    BOOST_TEST(f.b.send("first") == status::done);
    BOOST_TEST(f.a.reserve(20).has_value());
    BOOST_TEST(f.a.reserve(30).has_value());
    BOOST_TEST(f.b.send("second") == status::done);
    BOOST_TEST(f.c.take() == "-");
    f.die(f.a);
    BOOST_TEST(eventually([&] { return f.c.take() == "first"; }));
    BOOST_TEST(eventually([&] { return f.c.take() == "second"; }));
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// With no subscriber, the publisher makes room itself.
BOOST_AUTO_TEST_CASE(dead_with_all_the_room)
{
    ring_fixture f(1000);
    BOOST_TEST(f.a.reserve(f.view.max_length()).has_value());
    BOOST_TEST(f.b.send("b") == status::would_block);
    f.die(f.a);
    BOOST_TEST(eventually([&] { return f.b.send("b") == status::done; }));
    BOOST_TEST(f.c.take() == "b");
}

// The publisher commits after the header was read and before it dies: the
// message is sent.
BOOST_AUTO_TEST_CASE(dead_after_commit)
{
    ring_fixture f(1000);
    const auto record = f.a.reserve(6);
    f.a.write(*record, "record");
    f.die(f.a);
    f.witness.on_question = [&](incarnation who) {
        if (who == f.a.name)
            commit(f.a.out.ring(), *record);
    };
    BOOST_TEST(f.c.take() == "record");
    BOOST_TEST(f.c.take() == "-");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(subscribers)

// A delivery that is held for a long time costs others nothing: the records
// taken behind it are not searched again while no process dies.
BOOST_AUTO_TEST_CASE(searched_only_after_deaths)
{
    ring_fixture f(1 << 23); // what passes by stays behind it
    BOOST_TEST(f.b.send("held") == status::done);
    BOOST_REQUIRE(f.a.claim().has_value());
    BOOST_TEST(eventually([&] {
        f.c.take();
        return f.witness.asked != 0;
    }));
    const unsigned asked = f.witness.asked;
    // Until several searches would have been due.
    const auto end =
        std::chrono::steady_clock::now() + 4 * detail::liveness_interval;
    while (std::chrono::steady_clock::now() < end)
    {
        BOOST_REQUIRE(f.b.send("passes by") == status::done);
        BOOST_REQUIRE(f.c.take() == "passes by");
        BOOST_REQUIRE(f.c.take() == "-");
    }
    BOOST_TEST(f.witness.asked == asked);
    f.die(f.a);
    BOOST_TEST(eventually([&] { return f.c.take() == "held"; }));
    BOOST_TEST(f.witness.asked > asked);
}

// A subscriber that has finished with a message does not wait for a stopped
// one.
BOOST_AUTO_TEST_CASE(settled_while_another_has_the_lock)
{
    ring_fixture f(104);
    BOOST_TEST(f.b.send(std::string(92, 'x')) == status::done);
    const auto first = f.a.claim();
    BOOST_REQUIRE(first.has_value());
    f.subscribers().owner.store(f.c.name);
    acknowledge(f.a.in.ring(), *first);
    f.subscribers().owner.store(0);
    // A publisher that needs the space frees it.
    BOOST_TEST((f.free() != f.read()));
    BOOST_TEST(f.b.send(std::string(92, 'y')) == status::done);
    const auto second = f.a.claim();
    BOOST_REQUIRE(second.has_value());
    f.subscribers().owner.store(f.c.name);
    give_back(f.a.in.ring(), *second);
    f.subscribers().owner.store(0);
    BOOST_TEST(f.b.take() == std::string(92, 'y'));
}

// A publisher that waits for a stopped subscriber's lock does not block
// publishers for which there is room.
BOOST_AUTO_TEST_CASE(publishers_while_a_subscriber_is_stopped)
{
    ring_fixture f(200);
    const auto record = f.a.reserve(100);
    BOOST_REQUIRE(record.has_value());
    abandon(f.a.out.ring(), *record);
    f.subscribers().owner.store(f.c.name);
    unsigned waited = 0;
    const auto give_up = [&] {
        BOOST_TEST(f.publishers().owner.load() == 0u);
        BOOST_TEST(f.b.send("small") == status::done);
        return ++waited == 2;
    };
    const std::string large(150, 'x');
    BOOST_TEST(
        f.a.out.try_publish(large.data(), large.size(), give_up) ==
        status::busy);
    BOOST_TEST(waited == 2u);
    BOOST_TEST(f.publishers().owner.load() == 0u);
    f.subscribers().owner.store(0);
    BOOST_TEST(f.c.take() == "small");
    BOOST_TEST(f.c.take() == "small");
    BOOST_TEST(f.a.send(large) == status::done);
}

// As before, and another publisher sends while this one waits: the next message
// is written behind the other's.
BOOST_AUTO_TEST_CASE(sends_behind_others_after_it_waited)
{
    ring_fixture f(200);
    const auto record = f.a.reserve(100);
    BOOST_REQUIRE(record.has_value());
    abandon(f.a.out.ring(), *record);
    f.subscribers().owner.store(f.c.name);
    const auto give_up = [&] {
        BOOST_TEST(f.b.send("small") == status::done);
        f.subscribers().owner.store(0);
        return false;
    };
    const std::string large(150, 'x');
    BOOST_TEST(
        f.a.out.try_publish(large.data(), large.size(), give_up) ==
        status::done);
    BOOST_TEST(f.c.take() == "small");
    BOOST_TEST(f.c.take() == large);
    BOOST_TEST(f.c.take() == "-");
}

// The rest of an empty ring is skipped without the subscribers' lock: it does
// not count as used.
BOOST_AUTO_TEST_CASE(padding_while_a_subscriber_is_stopped)
{
    ring_fixture f(4 * detail::tour);
    const std::string first(2 * detail::tour, 'x');
    BOOST_TEST(f.a.send(first) == status::done);
    BOOST_TEST(f.b.take() == first);
    detail::read_end(f.b.in.ring()).try_advance_free();
    f.subscribers().owner.store(f.c.name);
    const std::string next(first.size() - 64, 'y');
    BOOST_TEST(
        f.a.out.try_publish(next.data(), next.size(), give_up_at_once) ==
        status::done);
    BOOST_TEST(f.head().offset() >= next.size() + 8);
    BOOST_TEST(f.head().offset() < next.size() + 8 + detail::copied_line);
    f.subscribers().owner.store(0);
    BOOST_TEST(f.b.take() == next);
}

// A holder died while it claimed several messages: none was delivered.
BOOST_AUTO_TEST_CASE(dead_before_it_took_a_run)
{
    ring_fixture f(1000);
    for (const char* text : {"first", "second", "third"})
        BOOST_TEST(f.b.send(text) == status::done);
    position at = f.read();
    for (int i = 0; i < 2; ++i)
    {
        const record_header header = f.header(at);
        f.view.header(at).store(
            header.with(record_state::claimed, f.a.name).word());
        at = f.view.behind(at, header);
    }
    f.subscribers().owner.store(f.a.name);
    f.die(f.a);
    f.b.recover();
    for (const char* text : {"first", "second", "third"})
        BOOST_TEST(f.c.take() == text);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

BOOST_AUTO_TEST_CASE(dead_before_it_took)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("message") == status::done);
    die_receiving(f, f.a);
    BOOST_TEST(f.c.take() == "message");
    BOOST_TEST(f.c.take() == "-");
}

BOOST_AUTO_TEST_CASE(alive_in_the_lock)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("message") == status::done);
    f.subscribers().owner.store(f.a.name);
    bytes message;
    detail::container_target<bytes> sink(message);
    BOOST_TEST(f.c.in.try_take(sink, give_up_at_once) == status::busy);
    detail::claim held;
    BOOST_TEST(f.c.in.try_claim(held, give_up_at_once) == status::busy);
    BOOST_TEST(f.subscribers().owner.load() == f.a.name);
    // A publisher does not need this lock as long as there is room.
    BOOST_TEST(f.b.send("another") == status::done);
    f.subscribers().owner.store(0);
    BOOST_TEST(f.c.take() == "message");
}

// Between the stores of the two positions: the message was taken.
BOOST_AUTO_TEST_CASE(dead_between_read_and_free)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("taken") == status::done);
    BOOST_TEST(f.b.send("next") == status::done);
    const std::uint64_t free = f.subscribers().free.load();
    BOOST_TEST(f.a.take() == "taken");
    f.subscribers().free.store(free);
    die_receiving(f, f.a);
    BOOST_TEST(f.c.take() == "next");
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// As before, without subscribers: the publisher finds the room.
BOOST_AUTO_TEST_CASE(room_left_by_the_dead)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send(std::string(900, 'x')) == status::done);
    const std::uint64_t free = f.subscribers().free.load();
    BOOST_TEST(f.a.take() == std::string(900, 'x'));
    f.subscribers().free.store(free);
    die_receiving(f, f.a);
    BOOST_TEST(eventually(
        [&] { return f.b.send(std::string(900, 'y')) == status::done; }));
    BOOST_TEST(f.c.take() == std::string(900, 'y'));
}

// A publisher that needs the subscribers' lock waits for a living holder as
// long as it would wait for its own lock.
BOOST_AUTO_TEST_CASE(no_room_and_alive_in_the_lock)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send(std::string(900, 'x')) == status::done);
    const std::uint64_t free = f.subscribers().free.load();
    BOOST_TEST(f.a.take() == std::string(900, 'x'));
    f.subscribers().free.store(free);
    f.subscribers().owner.store(f.a.name);
    const std::string message(900, 'y');
    BOOST_TEST(
        (f.b.out.try_publish(message.data(), 900, give_up_at_once) ==
         status::busy));
    BOOST_TEST(f.publishers().owner.load() == 0u);
    f.subscribers().owner.store(0);
    // After a query about the dead, the next attempt does not query again.
    BOOST_TEST(eventually([&] { return f.b.send(message) == status::done; }));
}

// It marked its claim and died before it moved `read` past it.
BOOST_AUTO_TEST_CASE(dead_claim_at_the_read_position)
{
    for (const bool in_place : {false, true})
    {
        ring_fixture f(1000);
        BOOST_TEST(f.b.send("message") == status::done);
        BOOST_TEST(f.b.send("next") == status::done);
        const std::uint64_t read = f.subscribers().read.load();
        BOOST_TEST(f.a.claim().has_value());
        f.subscribers().read.store(read);
        die_receiving(f, f.a);
        if (in_place)
        {
            const auto held = f.c.claim();
            BOOST_REQUIRE(held.has_value());
            BOOST_TEST(f.c.text(*held) == "message");
            BOOST_TEST(!held->redelivered()); // no caller got it
            acknowledge(f.c.in.ring(), *held);
        }
        else
            BOOST_TEST(f.c.take() == "message");
        BOOST_TEST(f.c.take() == "next");
        BOOST_TEST(f.c.take() == "-");
        BOOST_TEST((f.free() == f.head()));
    }
}

BOOST_AUTO_TEST_CASE(dead_with_claims)
{
    ring_fixture f(1000);
    for (const char* text : {"a", "b", "c", "d"})
        BOOST_TEST(f.b.send(std::string(text)) == status::done);
    BOOST_TEST(f.a.claim().has_value());
    const auto living = f.b.claim();
    BOOST_TEST(f.a.claim().has_value());
    BOOST_TEST(f.c.take() == "d");
    f.die(f.a);
    std::optional<detail::claim> again;
    BOOST_TEST(eventually([&] { return (again = f.c.claim()).has_value(); }));
    BOOST_TEST(f.c.text(*again) == "a");
    BOOST_TEST(again->redelivered());
    BOOST_TEST(eventually([&] { return f.b.take() == "c"; }));
    // A living process keeps what it holds.
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.free().count() == 0u);
    // The next look frees what was settled.
    acknowledge(f.c.in.ring(), *again);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.free().count() == 1u);
    acknowledge(f.b.in.ring(), *living);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// The subscriber acknowledges after the header was read and before it dies: the
// message is done.
BOOST_AUTO_TEST_CASE(dead_after_acknowledging)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("a") == status::done);
    BOOST_TEST(f.b.send("b") == status::done);
    const auto held = f.a.claim(), second = f.b.claim();
    f.die(f.a);
    f.witness.on_question = [&](incarnation who) {
        // Its last store, made without the lock.
        if (who == f.a.name)
            f.view.header(held->offset)
                .store(held->header.with(record_state::consumed, who).word());
    };
    for (unsigned i = 0; i < 5; ++i)
        BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.witness.asked != 0u);
    acknowledge(f.b.in.ring(), *second);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// Claims of dead processes are also given back for publishers that need room,
// if there is a subscriber to take them. They are never dropped.
BOOST_AUTO_TEST_CASE(claims_are_not_dropped_for_room)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send(std::string(900, 'x')) == status::done);
    BOOST_TEST(f.a.claim().has_value());
    f.die(f.a);
    for (unsigned i = 0; i < 20; ++i)
        BOOST_TEST(f.b.send(std::string(900, 'y')) == status::would_block);
    BOOST_TEST(eventually([&] { return f.c.take() == std::string(900, 'x'); }));
    BOOST_TEST(f.b.send(std::string(900, 'y')) == status::done);
}

BOOST_AUTO_TEST_SUITE_END()

// Recovers everything at once, as when a dead process's slot is reused.
BOOST_AUTO_TEST_CASE(recover)
{
    ring_fixture f(1000);
    for (const char* text : {"a", "b", "c"})
        BOOST_TEST(f.b.send(std::string(text)) == status::done);
    BOOST_TEST(f.a.claim().has_value());
    const auto living = f.b.claim();
    BOOST_TEST(f.a.reserve(10).has_value());
    const auto reserved = f.b.reserve(1);
    BOOST_TEST(f.a.reserve(10).has_value());
    f.publishers().owner.store(f.a.name);
    f.subscribers().owner.store(f.a.name);
    f.die(f.a);

    std::size_t count = 0;
    count = f.c.recover();
    BOOST_TEST(count == 3u);
    BOOST_TEST(f.subscribers().returned.load() == 1u);
    // No further query about the dead is needed.
    f.witness.dead.clear();
    BOOST_TEST(f.publishers().owner.load() == 0u);
    BOOST_TEST(f.subscribers().owner.load() == 0u);

    BOOST_TEST(f.c.take() == "a");
    BOOST_TEST(f.c.take() == "c");
    BOOST_TEST(f.c.take() == "-");
    f.b.write(*reserved, "r");
    commit(f.b.out.ring(), *reserved);
    BOOST_TEST(f.c.take() == "r");
    BOOST_TEST(f.c.take() == "-");
    acknowledge(f.b.in.ring(), *living);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// The dead process had sent without moving the head, and left a claim at
// `read`.
BOOST_AUTO_TEST_CASE(recover_half_done)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("a") == status::done);
    const std::uint64_t read = f.subscribers().read.load();
    BOOST_TEST(f.a.claim().has_value());
    f.subscribers().read.store(read);
    publisher_state state(f);
    BOOST_TEST(f.a.send("b") == status::done);
    state.restore(f.a);
    die_receiving(f, f.a);

    f.c.recover();
    BOOST_TEST(f.head().count() == 2u);
    BOOST_TEST(f.c.take() == "a");
    BOOST_TEST(f.c.take() == "b");
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

// The claim of a process that died before it moved `read` is told of.
BOOST_AUTO_TEST_CASE(claimed_before_the_move)
{
    ring_fixture f(1000);
    BOOST_TEST(f.b.send("a") == status::done);
    const std::uint64_t read = f.subscribers().read.load();
    BOOST_TEST(f.a.claim().has_value());
    f.subscribers().read.store(read);
    die_receiving(f, f.a);
    BOOST_TEST(f.c.take() == "a");
    BOOST_TEST(f.witness.events().redelivered.load() == 1u);
}

// The publisher of a batch died before it moved `head`, and subscribers have
// taken the batch and made a span of it meanwhile.
BOOST_AUTO_TEST_CASE(batch_that_became_a_span)
{
    ring_fixture f(2000);
    publisher_state state(f);
    const std::vector<std::string> batch(8, "batch");
    std::size_t sent = 0;
    BOOST_REQUIRE(
        f.a.out.try_publish_all(batch.begin(), batch.end(), sent) ==
        status::done);
    BOOST_TEST(sent == 8u);
    state.restore(f.a);
    const auto held = f.c.claim();
    BOOST_REQUIRE(held.has_value());
    for (int i = 0; i < 7; ++i)
        BOOST_TEST(f.c.take() == "batch");
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.b.send("new") == status::done);
    BOOST_TEST(f.c.take() == "new");
    detail::acknowledge(f.c.in.ring(), *held);
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.head().count() == f.read().count());
    BOOST_TEST(f.head().count() == f.free().count());
}

// What was counted 2^31 messages ago is no message of today.
BOOST_AUTO_TEST_CASE(deliveries_of_long_ago)
{
    ring_fixture f(2000, 8, 0x80000100u);
    for (std::uint64_t i = 0; i < 8; ++i)
        f.subscribers().deliveries[i].store((0x50 + i) << 32 | 3);
    BOOST_REQUIRE(f.a.send("m") == status::done);
    for (unsigned i = 1; i < 6; ++i)
    {
        const auto held = f.b.claim();
        BOOST_REQUIRE(held.has_value());
        BOOST_TEST(held->deliveries == i);
        detail::give_back(f.b.in.ring(), *held);
    }
}

// purge() also drops what lies behind a record that is being filled, right
// after a look that found nothing.
BOOST_AUTO_TEST_CASE(purge_behind_a_reservation)
{
    ring_fixture f(2000);
    const auto filled = f.a.reserve(3);
    BOOST_TEST(f.b.send("x") == status::done);
    BOOST_TEST(f.c.take() == "-");
    std::size_t dropped = 0;
    BOOST_TEST(detail::purger(f.c.in).run(dropped, {}) == status::done);
    BOOST_TEST(dropped == 1u);
    detail::commit(f.a.out.ring(), *filled);
    BOOST_TEST(f.c.take().size() == 3u);
    BOOST_TEST(f.c.take() == "-");
}
