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
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <limits>
#include <random>

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
    // Boost's page is 64 KiB on Windows.
    const std::size_t page =
        boost::interprocess::mapped_region::get_page_size();
    const auto allowed = [page](std::size_t capacity) {
        return capacity + 60 * 1024 + page + capacity / 50;
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

#if defined(__linux__)

namespace {

// What a program that knows only doc/layout.md reads; empty if it cannot run.
std::string read_by_the_page(const std::string& queue)
{
    const std::string program =
        (std::filesystem::path(__FILE__).parent_path() / "layout_reader.py")
            .string();
    std::string result;
    std::FILE* const output =
        ::popen(("python3 '" + program + "' " + queue).c_str(), "r");
    BOOST_REQUIRE(output);
    for (int c; (c = std::fgetc(output)) != EOF;)
        result += static_cast<char>(c);
    ::pclose(output);
    return result;
}

std::string hexadecimal(const void* data, std::size_t size)
{
    std::string result;
    for (std::size_t i = 0; i != size; ++i)
    {
        const unsigned byte = static_cast<const unsigned char*>(data)[i];
        result += "0123456789abcdef"[byte / 16];
        result += "0123456789abcdef"[byte % 16];
    }
    return result + '\n';
}

std::string read_by_the_library(boost_ipq::subscriber& in)
{
    std::string result = std::to_string(in.bytes()) + '\n';
    in.peek([&](const void* data, std::size_t size) {
        result += hexadecimal(data, size);
    });
    return result;
}

// Sends and receives at random, and compares now and then.
void compare(const boost_ipq::queue_options& options)
{
    const std::string begin = options.name() + "\nqueue\n" +
                              std::to_string(options.capacity()) + '\n';
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    std::mt19937 random(1);
    std::string message;
    boost_ipq::delivery held;
    boost_ipq::reservation filled;
    for (int step = 0; step != 400; ++step)
    {
        message.assign(random() % 100, static_cast<char>('a' + step % 26));
        switch (random() % 8)
        {
        case 0:
            held = in.try_receive();
            break;
        case 1:
            filled = out.try_reserve(message.size());
            break;
        case 2:
            if (held)
                held.acknowledge();
            if (filled)
                filled.commit();
            break;
        case 3:
        case 4:
            in.try_dequeue(message);
            break;
        default:
            out.try_enqueue(message);
        }
        if (step % 25 == 0)
            BOOST_TEST(
                read_by_the_page(options.name()) ==
                begin + read_by_the_library(in));
    }
}

// Large messages, which padding shifts, and shortened reservations.
void compare_padded(const boost_ipq::queue_options& options)
{
    const std::string begin = options.name() + "\nqueue\n" +
                              std::to_string(options.capacity()) + '\n';
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    std::string message(70'000, 'x');
    for (int step = 0; step != 40; ++step)
    {
        const std::size_t size = detail::min_copy_limit + 1 + step * 100;
        BOOST_REQUIRE(out.try_enqueue(message.data() + step % 8 * 24, size));
        // The bytes in use, before there is a shortened one.
        BOOST_TEST(
            read_by_the_page(options.name()) ==
            begin + read_by_the_library(in));
        auto filled = out.try_reserve(100);
        BOOST_REQUIRE(filled);
        filled.commit(step);
        const std::string read = read_by_the_page(options.name());
        std::string waiting;
        in.peek([&](const void* data, std::size_t length) {
            waiting += hexadecimal(data, length);
        });
        BOOST_TEST(read.substr(read.size() - waiting.size()) == waiting);
        std::string taken;
        BOOST_REQUIRE(in.try_dequeue(taken));
        BOOST_REQUIRE(in.try_dequeue(taken));
    }
}

// In a broadcast, what is kept are whole messages, the newest last.
void compare_broadcast(const boost_ipq::queue_options& options)
{
    boost_ipq::broadcast_publisher out(boost_ipq::create_only, options);
    boost_ipq::broadcast_subscriber in(boost_ipq::open_only, options);
    std::string message, newest;
    for (int step = 0; step != 60; ++step)
    {
        message.assign(step % 50, static_cast<char>('a' + step % 26));
        if (out.try_enqueue(message))
            newest = hexadecimal(message.data(), message.size());
        if (step % 3 != 0)
            in.try_dequeue(message);
        if (step % 10 != 0)
            continue;
        const auto kept = boost_ipq::inspect(options);
        const std::string read = read_by_the_page(options.name());
        const std::string begin = options.name() + "\nbroadcast\n1000\n" +
                                  std::to_string(kept.bytes) + '\n';
        BOOST_TEST(read.substr(0, begin.size()) == begin);
        BOOST_TEST(
            std::count(read.begin(), read.end(), '\n') ==
            4 + static_cast<std::ptrdiff_t>(kept.messages));
        BOOST_TEST(read.substr(read.size() - newest.size()) == newest);
    }
}

} // namespace

// doc/layout.md is enough for a program in another language.
BOOST_AUTO_TEST_CASE(a_reader_that_knows_only_the_page)
{
    const scoped_queue queue;
    if (queue_objects(queue.name()).lock !=
        "/dev/shm/boost_ipq." + queue.name() + ".lock")
    {
        std::cout << "skipped: a hash stands for the name\n";
        return;
    }
    boost_ipq::publisher(boost_ipq::create_only, queue.options(8));
    if (read_by_the_page(queue.name()).empty())
    {
        std::cout << "skipped: python3 or test/layout_reader.py is missing\n";
        return;
    }
    boost_ipq::remove_queue(queue);
    compare(queue.options(1000));
    boost_ipq::remove_queue(queue);
    compare_broadcast(queue.options(1000));
    boost_ipq::remove_queue(queue);
    compare_padded(queue.options(50'000));
    boost_ipq::remove_queue(queue);
    const scoped_queue dead;
    compare(
        queue.options(2048).message_alignment(32).max_deliveries(3).dead_letter(
            dead.name()));
}

#endif
