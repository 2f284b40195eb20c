// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The contents of shared memory: encodings, offsets, sizes.

#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/queue_options.hpp>
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <filesystem>
#include <limits>

using namespace test;
using detail::make_incarnation;

BOOST_AUTO_TEST_CASE(incarnations)
{
    for (const std::uint32_t slot : {0u, 1u, 511u, detail::slot_count - 1})
        for (const std::uint32_t generation :
             {1u, 2u, 77'777u, detail::generation_mask})
        {
            const incarnation who = make_incarnation(slot, generation);
            BOOST_TEST(detail::slot_of(who) == slot);
            BOOST_TEST(detail::generation_of(who) == generation);
            BOOST_TEST(who != 0u);
            BOOST_TEST(who < 1u << 28);
        }
    // Generations wrap around and skip zero.
    BOOST_TEST(detail::next_generation(0) == 1u);
    BOOST_TEST(detail::next_generation(1) == 2u);
    BOOST_TEST(detail::next_generation(detail::generation_mask) == 1u);
}

BOOST_AUTO_TEST_CASE(headers)
{
    using state = record_state;
    const incarnation who =
        make_incarnation(detail::slot_count - 1, detail::generation_mask);
    for (const auto what :
         {state::none, state::reserved, state::committed, state::claimed,
          state::returned, state::consumed, state::abandoned, state::padding})
        for (const std::uint64_t length : {0u, 1u, 4097u, 0xffffffffu})
            for (const incarnation owner : {incarnation(0), who})
            {
                const record_header made(what, owner, length);
                const record_header read(made.word());
                BOOST_TEST((read.state() == what));
                BOOST_TEST(read.owner() == owner);
                BOOST_TEST(read.length() == length);
                const record_header changed = read.with(state::claimed, 1025);
                BOOST_TEST((changed.state() == state::claimed));
                BOOST_TEST(changed.owner() == 1025u);
                BOOST_TEST(changed.length() == length);
            }
    BOOST_TEST((record_header(0).state() == state::none));
    BOOST_TEST(record_header(state::none, 0, 0).word() == 0u);
}

BOOST_AUTO_TEST_CASE(positions)
{
    constexpr std::size_t farthest = boost_ipq::queue_options::max_capacity;
    for (const std::uint32_t count : {0u, 1u, 0x7fffffffu, 0xffffffffu})
        for (const std::size_t offset :
             {std::size_t(0), std::size_t(8), std::size_t(1) << 33, farthest})
        {
            const position made(count, offset);
            const position read(made.word());
            BOOST_TEST(read.count() == count);
            BOOST_TEST(read.offset() == offset);
            BOOST_TEST((read == made));
            BOOST_TEST((read != position(count + 1, offset)));
        }
}

BOOST_AUTO_TEST_CASE(spans)
{
    for (const std::size_t alignment : {8, 16, 32, 64})
    {
        ring_fixture f(1000, alignment);
        for (std::size_t length = 0; length < 300; ++length)
        {
            const std::size_t span = f.view.span(length);
            BOOST_TEST(span % alignment == 0u);
            BOOST_TEST(span >= length + 8);
            BOOST_TEST(span < length + 8 + alignment);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_fits)
{
    // A message whose record is no larger than the capacity fits.
    for (const std::size_t alignment : {8, 16, 32, 64})
        for (std::size_t capacity = 8; capacity < 500; ++capacity)
        {
            const std::size_t buffer =
                heap_ring::buffer_size(capacity, alignment);
            BOOST_TEST(buffer % alignment == 0u);
            BOOST_TEST(buffer >= 2 * capacity);
            BOOST_TEST(buffer < 2 * capacity + 3 * alignment);
            ring_fixture f(capacity, alignment);
            BOOST_TEST(f.view.size == buffer);
            BOOST_TEST(f.view.capacity >= capacity);
            BOOST_TEST(f.view.capacity < capacity + alignment);
            BOOST_TEST(f.view.span(f.view.max_length()) == f.view.capacity);
            BOOST_TEST(f.view.span(f.view.max_length() + 1) > f.view.capacity);
        }
}

// The positions of the largest queue can address all of its buffer.
BOOST_AUTO_TEST_CASE(largest_buffer)
{
    constexpr std::size_t most = boost_ipq::queue_options::max_capacity;
    for (const std::size_t alignment : {8, 16, 32, 64})
    {
        const std::size_t buffer = heap_ring::buffer_size(most, alignment);
        BOOST_TEST(buffer <= detail::max_buffer);
        BOOST_TEST(buffer >= detail::round_up(most, alignment) + alignment);
        BOOST_TEST(position(0, buffer - 8).offset() == buffer - 8);
    }
}

BOOST_AUTO_TEST_CASE(longest_body)
{
    // In a ring of more than 4 GiB, the 32 bits of a header limit the length,
    // also that of padding in the place of the longest record.
    detail::ring_view view;
    view.size = std::size_t(8) << 30;
    BOOST_TEST(view.max_length() == 0xffffffffu - 128);
    for (const std::size_t alignment : {8, 16, 32, 64})
        BOOST_TEST(
            detail::span_of(view.max_length(), alignment) - detail::unit <=
            0xffffffffu);
}

BOOST_AUTO_TEST_CASE(bodies_are_aligned)
{
    for (const std::size_t alignment : {8, 16, 32, 64})
    {
        ring_fixture f(1000, alignment);
        for (std::size_t i = 0; i < 200; ++i)
        {
            BOOST_REQUIRE(f.a.send(make_body(i, i % 90)) == status::done);
            const auto held = f.b.claim();
            BOOST_REQUIRE(held.has_value());
            const auto address =
                reinterpret_cast<std::uintptr_t>(f.b.in.body(*held));
            BOOST_TEST(address % alignment == 0u);
            acknowledge(f.b.in.ring(), *held);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_behind)
{
    ring_fixture f(48); // a buffer of 104
    const auto at = [](std::size_t offset) { return position(5, offset); };
    BOOST_TEST(f.view.size == 104u);

    const record_header message(record_state::committed, 1, 3);
    BOOST_TEST((f.view.behind(at(0), message) == position(6, 16)));
    BOOST_TEST((f.view.behind(at(88), message) == position(6, 0)));
    const record_header padding(record_state::padding, 1, 8);
    BOOST_TEST((f.view.behind(at(88), padding) == position(5, 0)));

    BOOST_TEST(f.view.holds(at(96)));
    BOOST_TEST(!f.view.holds(at(104)));
    BOOST_TEST(f.view.holds(at(88), message));
    BOOST_TEST(!f.view.holds(at(96), message));
    const record_header longest(record_state::committed, 1, 0xffffffff);
    BOOST_TEST(!f.view.holds(at(0), longest));
}

BOOST_AUTO_TEST_CASE(size_of_segments)
{
    const auto allowed = [](std::size_t capacity) {
        return capacity + 64 * 1024 + capacity / 50;
    };
    for (const std::size_t alignment : {8, 64})
        for (std::size_t capacity = 8; capacity < std::size_t(1) << 34;
             capacity = capacity * 2 + 1)
            BOOST_TEST(
                detail::segment::size_for(capacity, alignment) <=
                allowed(capacity));

#if defined(__linux__)
    for (const std::size_t capacity : {8, 1000, 1 << 20, 10 << 20})
    {
        const scoped_queue queue;
        boost_ipq::publisher out(
            boost_ipq::create_only, queue.options(capacity));
        BOOST_TEST(
            std::filesystem::file_size(queue_objects(queue.name()).segment) <=
            allowed(capacity));
    }
#endif
}
