// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Garbage in the shared memory of a ring. An operation reports `corrupt`, or
// takes the garbage for a message. It always ends, and never accesses memory
// outside of the ring. The buffer lies between pages that must not be accessed.

#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include "support/pages.hpp"
#include "support/random_seed.hpp"
#include <algorithm>
#include <cstdint>
#include <new>
#include <random>

using namespace test;

namespace {

// Allocates memory that ends at a page that must not be accessed, and begins at
// such a page except for the rounding.
template <class T>
struct guarding_allocator
{
    using value_type = T;

    guarding_allocator() = default;
    template <class U>
    guarding_allocator(const guarding_allocator<U>&) noexcept
    {
    }

    static std::size_t page() { return test::page_size(); }

    static std::size_t rounded(std::size_t size)
    {
        return detail::round_up(size * sizeof(T), page());
    }

    T* allocate(std::size_t size)
    {
        const std::size_t inside = rounded(size);
        void* const all = test::reserve_pages(inside + 2 * page());
        char* const begin = static_cast<char*>(all) + page();
        test::permit_pages(begin, inside);
        return reinterpret_cast<T*>(begin + inside - size * sizeof(T));
    }

    void deallocate(T* memory, std::size_t size) noexcept
    {
        char* const end = reinterpret_cast<char*>(memory + size);
        test::release_pages(
            end - rounded(size) - page(), rounded(size) + 2 * page());
    }

    friend bool operator==(const guarding_allocator&, const guarding_allocator&)
    {
        return true;
    }
};

using guarded_ring = detail::basic_ring<guarding_allocator<std::byte>>;

// Only these two were ever participants; any other one that a damaged word
// names is dead.
struct two_alive final : detail::liveness
{
    bool alive(incarnation who) const noexcept override
    {
        return who == detail::make_incarnation(0, 1) ||
               who == detail::make_incarnation(1, 1);
    }
};

struct damaged_ring
{
    static constexpr std::byte untouched{0x5a};

    damaged_ring(
        std::size_t capacity, std::size_t alignment, std::mt19937& numbers)
        : random(numbers),
          asked_for(capacity),
          ring(capacity, alignment, guarding_allocator<std::byte>()),
          view(ring.view())
    {
        // The part of the allocation beyond the buffer, for its alignment.
        const std::size_t begin =
            static_cast<std::size_t>(view.data - allocation());
        std::fill_n(allocation(), begin, untouched);
        std::fill_n(
            view.data + view.size, allocated() - begin - view.size, untouched);
    }

    std::size_t allocated() const
    {
        return guarded_ring::allocation_size(asked_for, view.alignment);
    }

    // The allocation ends at the end of a page.
    std::byte* allocation() const
    {
        const auto end = detail::round_up(
            reinterpret_cast<std::uintptr_t>(view.data) + view.size,
            guarding_allocator<std::byte>::page());
        return reinterpret_cast<std::byte*>(end) - allocated();
    }

    bool surroundings_intact() const
    {
        const auto intact = [](std::byte value) { return value == untouched; };
        return std::all_of(allocation(), view.data, intact) &&
               std::all_of(
                   view.data + view.size, allocation() + allocated(), intact);
    }

    std::uint64_t below(std::uint64_t limit) { return random() % limit; }

    // A wrong word that is likely to cause trouble.
    std::uint64_t garbage(std::uint64_t word)
    {
        const std::uint64_t whole =
            std::uint64_t(random()) << 32 | std::uint64_t(random());
        switch (below(7))
        {
        case 0:
            return whole;
        case 1:
            return word ^ std::uint64_t(1) << below(64);
        case 2: // a position in or just behind the buffer
            return (whole & ~std::uint64_t(0xffffffff)) |
                   below(view.size / 8 + 2);
        case 3: // a header of a plausible length
            return below(view.size + 16) << 32 | below(0x10000);
        case 4:
            return whole & 0xffffffff;
        case 5:
            return 0;
        default:
            return ~std::uint64_t(0);
        }
    }

    void damage(detail::atomic_word& word) { word.store(garbage(word.load())); }

    void damage(std::atomic<std::uint32_t>& word)
    {
        word.store(static_cast<std::uint32_t>(garbage(word.load())));
    }

    void damage()
    {
        auto& control = *view.control;
        switch (below(10))
        {
        case 0:
            return damage(control.publishers.head);
        case 1:
            return damage(
                below(2) ? control.publishers.room
                         : control.publishers.prefetched);
        case 2:
            return damage(control.subscribers.read);
        case 3:
            return damage(control.subscribers.free);
        case 4:
            return damage(control.subscribers.returned);
        case 5:
            return damage(
                below(2) ? control.publishers.half_laps
                         : control.subscribers.half_laps);
        case 6: // never a living owner: operations would wait for it
            control.publishers.owner.store(
                static_cast<std::uint32_t>(below(2) ? 0 : 2 + below(1000)));
            return;
        case 7:
            control.subscribers.owner.store(
                static_cast<std::uint32_t>(below(2) ? 0 : 2 + below(1000)));
            return;
        default:
            return damage(view.header(below(view.size / 8) * 8));
        }
    }

    std::mt19937& random;
    std::size_t asked_for; // bytes
    guarded_ring ring;
    detail::ring_view view;
    two_alive witness;
    member a{view, witness, 0}, b{view, witness, 1};
};

bool expected(status result)
{
    return result == status::done || result == status::would_block ||
           result == status::corrupt || result == status::declined ||
           result == status::too_large;
}

} // namespace

BOOST_AUTO_TEST_CASE(garbage)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    unsigned corrupt = 0, done = 0;
    for (unsigned round = 0; round < 3000; ++round)
    {
        const std::size_t alignment = std::size_t(8) << random() % 4;
        damaged_ring f(
            8 + random() % (round % 10 == 0 ? 20'000 : 400), alignment, random);
        std::vector<detail::reserved_record> reserved;
        std::vector<detail::claim> held;
        for (unsigned step = 0; step < 60; ++step)
        {
            // Intact for some time, then damaged now and then.
            if (step > 20 && f.below(3) == 0)
                f.damage();
            status result = status::done;
            switch (f.below(9))
            {
            case 0:
            case 1:
            case 2:
                result =
                    f.a.send(make_body(step, f.below(f.view.max_length() + 2)));
                break;
            case 3:
                if (const auto record =
                        f.a.reserve(f.below(f.view.max_length() + 1)))
                    reserved.push_back(*record);
                result = f.a.result;
                break;
            case 4:
                if (!reserved.empty())
                {
                    const auto record = reserved.back();
                    reserved.pop_back();
                    std::fill_n(
                        f.a.out.body(record), record.header.length(),
                        std::byte(1));
                    if (f.below(2))
                        commit(
                            f.a.out.ring(), record,
                            f.below(record.header.length() + 1));
                    else
                        abandon(f.a.out.ring(), record);
                }
                break;
            case 5:
                if (const auto claim = f.b.claim())
                {
                    BOOST_REQUIRE(
                        claim->offset + 8 + claim->header.length() <=
                        f.view.size);
                    held.push_back(*claim);
                }
                result = f.b.result;
                break;
            case 6:
                if (!held.empty())
                {
                    const auto claim = held.back();
                    held.pop_back();
                    if (f.below(2))
                        acknowledge(f.b.in.ring(), claim);
                    else
                        give_back(f.b.in.ring(), claim);
                }
                break;
            default:
                if (const auto message = f.b.take_bytes())
                    BOOST_REQUIRE(message->size() <= f.view.size);
                result = f.b.result;
            }
            BOOST_TEST_INFO("round " << round << ", step " << step);
            BOOST_REQUIRE(expected(result));
            corrupt += result == status::corrupt;
            done += result == status::done;
        }
        f.a.recover();
        BOOST_REQUIRE(f.surroundings_intact());
    }
    // The test is meaningless if no damage, or all damage, was detected.
    BOOST_TEST(corrupt > 1000u);
    BOOST_TEST(done > 1000u);
}

// A short message, too, may be too long for where it lies.
BOOST_AUTO_TEST_CASE(length_beyond_the_end)
{
    ring_fixture f(1000); // a buffer of 2008
    for (const std::size_t length : {992, 984})
    {
        BOOST_TEST(f.a.send(std::string(length, 'x')) == status::done);
        BOOST_TEST(f.b.take() == std::string(length, 'x'));
    }
    BOOST_TEST(f.a.send("x") == status::done);
    BOOST_TEST(f.read().offset() == 1992u);
    f.view.header(f.read()).store(
        record_header(record_state::committed, f.a.name, 100).word());
    BOOST_TEST(f.b.take() == "-");
    BOOST_TEST(f.b.result == status::corrupt);
}

// Damage that is always detected.
BOOST_AUTO_TEST_CASE(positions_outside)
{
    for (const bool free : {false, true})
    {
        ring_fixture f(1000);
        BOOST_TEST(f.a.send("x") == status::done);
        const position outside(0, f.view.size + detail::unit);
        if (free)
        {
            f.publishers().prefetched.store(0);
            f.publishers().room.store(0);
            f.subscribers().free.store(outside.word());
        }
        else
            f.publishers().head.store(outside.word());
        BOOST_TEST(f.a.send("x") == status::corrupt);
        BOOST_TEST(f.publishers().owner.load() == 0u);
    }
    // Invalidates a remembered value, so that it is read again.
    {
        ring_fixture f(1000);
        f.publishers().prefetched.store(f.view.size);
        f.publishers().room.store(f.view.size);
        BOOST_TEST(f.a.send("x") == status::done);
        BOOST_TEST(f.b.take() == "x");
    }
    ring_fixture f(1000);
    BOOST_TEST(f.a.send("x") == status::done);
    f.subscribers().read.store(position(0, f.view.size).word());
    BOOST_TEST(f.b.take() == "-");
    BOOST_TEST(f.b.result == status::corrupt);
    BOOST_TEST(!f.b.claim());
    BOOST_TEST(f.b.result == status::corrupt);
    BOOST_TEST(f.subscribers().owner.load() == 0u);
}

// A head that is rolled forward stays inside the buffer.
BOOST_AUTO_TEST_CASE(rolled_forward_over_damage)
{
    for (const std::uint64_t length : {2001u, 0x10000u, 0xffffffffu})
    {
        ring_fixture f(1000);
        const position head = f.head();
        f.view.header(head).store(
            record_header(record_state::committed, f.a.name, length).word());
        f.publishers().owner = f.a.name;
        f.die(f.a);
        BOOST_TEST(f.b.send("x") == status::done);
        BOOST_TEST(f.head().offset() == 16u);
        BOOST_TEST(f.b.take() == "x");
    }
}

// The noted end of a lap is used only if it can be one: room is room.
BOOST_AUTO_TEST_CASE(end_of_the_lap)
{
    for (const std::uint64_t end : {0u, 3u, 0x7ffffff8u, 0xfffffff8u})
    {
        ring_fixture f(64 * 1024);
        const std::string large(40'000, 'x'), small(1000, 'y');
        BOOST_TEST(f.a.send(large) == status::done);
        BOOST_TEST(f.b.take() == large);
        BOOST_TEST(f.a.send(large) == status::done);
        detail::read_end(f.b.in.ring()).try_advance_free();
        int sent = 0;
        while (f.head().offset() >= f.free().offset()) // not wrapped yet
        {
            BOOST_REQUIRE(f.a.send(small) == status::done);
            ++sent;
        }
        f.publishers().padding = end;
        f.publishers().room = f.publishers().prefetched = 0;
        BOOST_TEST(f.a.send(small) == status::done);
        BOOST_TEST(f.b.take() == large);
        for (; sent >= 0; --sent)
            BOOST_TEST(f.b.take() == small);
    }
}

BOOST_AUTO_TEST_CASE(lengths_beyond_the_end)
{
    for (const std::uint64_t length : {2001u, 0x10000u, 0xffffffffu})
        for (const auto state :
             {record_state::committed, record_state::claimed,
              record_state::abandoned, record_state::padding})
        {
            ring_fixture f(1000);
            BOOST_TEST(f.a.send("x") == status::done);
            f.view.header(std::size_t(0))
                .store(record_header(state, f.a.name, length).word());
            const std::string text = f.b.take();
            BOOST_TEST(text == "-");
            BOOST_TEST(f.b.result == status::corrupt);
            BOOST_TEST(f.subscribers().owner.load() == 0u);
        }
}

// A run of claims ends at a record that cannot be, and at the buffer's end.
BOOST_AUTO_TEST_CASE(run_beyond_the_end)
{
    for (const std::uint64_t length : {2001u, 0x10000u, 0xffffffffu})
    {
        ring_fixture f(1000);
        for (int i = 0; i < 3; ++i)
            BOOST_TEST(f.a.send("x") == status::done);
        f.view.header(std::size_t(32))
            .store(record_header(record_state::committed, f.a.name, length)
                       .word());
        detail::claimed_run run;
        BOOST_TEST(f.b.in.try_claim_run(run) == status::done);
        BOOST_TEST(run.count == 2u);
        BOOST_TEST(f.read().offset() == 32u);
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST(f.b.result == status::corrupt);
    }
    // Behind the buffer stands what looks like the end of the messages.
    ring_fixture f(1000); // a buffer of 2008
    for (const std::size_t length : {992, 984})
    {
        BOOST_TEST(f.a.send(std::string(length, 'x')) == status::done);
        BOOST_TEST(f.b.take() == std::string(length, 'x'));
    }
    BOOST_TEST(f.head().offset() == 1992u);
    BOOST_TEST(f.a.send(std::string(8, 'y')) == status::done);
    BOOST_TEST(f.head().offset() == 0u);
    const std::uint64_t behind = f.view.header(f.view.size).load();
    f.view.header(f.view.size).store(0);
    detail::claimed_run run;
    BOOST_TEST(f.b.in.try_claim_run(run) == status::done);
    BOOST_TEST(run.count == 1u);
    BOOST_TEST(!run.last); // there may be more at the beginning
    BOOST_TEST(f.read().offset() == 0u);
    f.view.header(f.view.size).store(behind);
}

BOOST_AUTO_TEST_CASE(states_that_cannot_be)
{
    for (const auto state : {record_state::returned, record_state::consumed})
    {
        ring_fixture f(1000);
        BOOST_TEST(f.a.send("x") == status::done);
        f.view.header(std::size_t(0))
            .store(record_header(state, f.a.name, 1).word());
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST(f.b.result == status::corrupt);
        BOOST_TEST(!f.b.claim());
        BOOST_TEST(f.b.result == status::corrupt);
    }
}

// Only padding in the whole buffer: it is detected, and not followed forever.
BOOST_AUTO_TEST_CASE(padding_all_round)
{
    for (const auto state : {record_state::padding, record_state::abandoned})
    {
        ring_fixture f(1000);
        for (std::size_t at = 0; at < f.view.size; at += 8)
            f.view.header(at).store(record_header(state, 1, 0).word());
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST(f.b.result == status::corrupt);
    }
}

// A body must never be handed out where its type cannot lie.
BOOST_AUTO_TEST_CASE(positions_out_of_line)
{
    for (const std::size_t alignment : {16, 32, 64})
    {
        ring_fixture f(1000, alignment);
        BOOST_TEST(f.a.send("x") == status::done);
        const std::uint64_t head = f.publishers().head, read = 0, free = 0;
        f.publishers().head = head + 1;
        BOOST_TEST(f.a.send("y") == status::corrupt);
        BOOST_TEST(!f.a.reserve(8));
        BOOST_TEST(f.a.result == status::corrupt);
        f.publishers().head = head;
        f.publishers().prefetched = 0;
        f.publishers().room = 0;
        f.subscribers().free = free + 1;
        BOOST_TEST(f.a.send("y") == status::corrupt);
        f.subscribers().free = free;
        f.subscribers().read = read + 1;
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST(f.b.result == status::corrupt);
        BOOST_TEST(!f.b.claim());
        BOOST_TEST(f.b.result == status::corrupt);
        f.subscribers().read = read;
        BOOST_TEST(f.b.take() == "x");
    }
}

// A header without a state that is not zero: no end of the messages.
BOOST_AUTO_TEST_CASE(header_without_a_state)
{
    for (int burst = 1; burst <= 20; burst += 19)
    {
        ring_fixture f(1000);
        for (int i = 0; i < burst; ++i)
        {
            BOOST_TEST(f.a.send("x") == status::done);
            BOOST_TEST(f.b.take() == "x");
        }
        f.view.header(f.read()).store(0x10);
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST(f.b.result == status::corrupt);
    }
}
