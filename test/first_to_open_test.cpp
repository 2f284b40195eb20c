// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process that opens a queue which no other process has open puts everything
// in order that depends on living processes: owners of locks, counts of
// sleepers, posts. Whatever was there, no call hangs.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

using namespace boost_ipq;
namespace fs = std::filesystem;
using detail::ring_control;

namespace {

constexpr std::size_t publishers = offsetof(ring_control, publishers);
constexpr std::size_t subscribers = offsetof(ring_control, subscribers);

// A queue that no process has open, with one message.
struct closed_queue
{
    explicit closed_queue(bool in_file)
        : options(in_file ? where.options("q", 1000) : memory.options(1000)),
          segment(
              in_file ? where.path() + "/boost_ipq.q.segment"
                      : test::queue_objects(memory.name()).segment)
    {
        publisher out(create_only, options);
        const std::string lock = in_file
                                     ? where.path() + "/boost_ipq.q.lock"
                                     : test::queue_objects(memory.name()).lock;
        test::contents(lock).copy(reinterpret_cast<char*>(&mark), sizeof mark);
        empty = word<std::uint64_t>(
            publishers + offsetof(detail::publisher_line, head));
        out.enqueue("message", 7);
    }

    // The word at an offset from the root object.
    template <class Word>
    Word word(std::size_t at) const
    {
        Word result;
        test::contents(segment).copy(
            reinterpret_cast<char*>(&result), sizeof result, mark.root + at);
        return result;
    }

    template <class Word>
    void write(std::size_t at, Word value) const
    {
        test::overwrite(
            segment, mark.root + at,
            std::string(reinterpret_cast<const char*>(&value), sizeof value));
    }

    const test::scoped_queue memory;
    const test::temporary_directory where;
    const queue_options options;
    const std::string segment;
    detail::queue_mark mark;
    std::uint64_t empty = 0; // the head before the message was sent
};

void expect_usable(const closed_queue& queue)
{
    const auto time = std::chrono::seconds(5);
    publisher out(open_only, queue.options);
    subscriber in(open_only, queue.options);
    BOOST_TEST(inspect(queue.options).waiting_subscribers == 0u);
    BOOST_TEST(inspect(queue.options).waiting_publishers == 0u);
    BOOST_TEST(out.timed_enqueue("second", 6, time));
    std::string message;
    BOOST_TEST(in.timed_dequeue(message, time));
    BOOST_TEST(message == "message");
    BOOST_TEST(in.timed_dequeue(message, time));
    BOOST_TEST(message == "second");
    BOOST_TEST(!in.timed_dequeue(message, std::chrono::milliseconds(1)));
    BOOST_TEST(repair(queue.options).processes == 0u);
}

} // namespace

BOOST_AUTO_TEST_CASE(any_word_that_depends_on_the_living)
{
    using sleepers = detail::sleeper_line;
    const std::vector<std::size_t> places = {
        publishers + offsetof(detail::publisher_line, owner),
        publishers + offsetof(detail::publisher_line, waiting),
        subscribers + offsetof(detail::subscriber_line, owner),
        subscribers + offsetof(detail::subscriber_line, returned),
        offsetof(ring_control, messages) + offsetof(sleepers, count),
        offsetof(ring_control, messages) + offsetof(sleepers, posts),
        offsetof(ring_control, room) + offsetof(sleepers, count),
        offsetof(ring_control, room) + offsetof(sleepers, posts),
        offsetof(ring_control, attention)};
    // The last ones are the incarnations that the next processes get.
    const std::vector<std::uint32_t> values = {
        1,
        0x7fffffffu,
        0xffffffffu,
        detail::make_incarnation(0, 1),
        detail::make_incarnation(0, 2),
        detail::make_incarnation(0, 3),
        detail::make_incarnation(1023, 1)};
    for (const bool in_file : {false, true})
        for (const std::size_t place : places)
            for (const std::uint32_t value : values)
                BOOST_TEST_CONTEXT(
                    (in_file ? "file, " : "memory, ")
                    << value << " at " << place)
                {
                    const closed_queue queue(in_file);
                    queue.write(place, value);
                    expect_usable(queue);
                }
}

BOOST_AUTO_TEST_CASE(all_of_them_and_the_participants)
{
    for (const bool in_file : {false, true})
        for (const std::uint32_t end : {0u, 7u, 0xffffffffu})
        {
            const closed_queue queue(in_file);
            const std::size_t table =
                offsetof(detail::queue_root, participants);
            for (std::size_t i = 0; i < detail::slot_count; i += 100)
            {
                const std::size_t slot =
                    table + i * sizeof(detail::participant_slot);
                queue.write(
                    slot +
                        offsetof(detail::participant_slot, asleep_for_messages),
                    0xffffffffu);
                queue.write(
                    slot + offsetof(detail::participant_slot, asleep_for_room),
                    3u);
            }
            queue.write(table + offsetof(detail::participant_table, end), end);
            expect_usable(queue);
        }
}

// Its publisher was killed after the message was sent and before the head was
// moved, and so was every other process.
BOOST_AUTO_TEST_CASE(half_done_by_the_last_owner)
{
    for (const bool in_file : {false, true})
    {
        const closed_queue queue(in_file);
        queue.write(
            publishers + offsetof(detail::publisher_line, head), queue.empty);
        queue.write(
            publishers + offsetof(detail::publisher_line, owner),
            detail::make_incarnation(0, 1));
        expect_usable(queue);
    }
}

// A sleeper of a queue in a file sleeps on the number of posts itself.
BOOST_AUTO_TEST_CASE(posts_of_a_word)
{
    const closed_queue queue(true);
    for (const std::size_t line :
         {offsetof(ring_control, messages), offsetof(ring_control, room)})
    {
        const std::size_t place = line + offsetof(detail::sleeper_line, posts);
        queue.write(place, 5u);
        publisher(open_only, queue.options).close();
        BOOST_TEST(queue.word<std::uint32_t>(place) == 0u);
    }
}

#if !defined(_WIN32) // they are no files

BOOST_AUTO_TEST_CASE(posts_of_a_semaphore)
{
    const closed_queue queue(false);
    const test::queue_objects files(queue.memory.name());
    const auto bytes = [](std::uint32_t count) {
        return std::string(reinterpret_cast<const char*>(&count), sizeof count);
    };
    for (const std::string& path : {files.messages, files.room})
    {
        const std::string before = test::contents(path);
        test::overwrite(path, 0, bytes(0x7fffffff));
        BOOST_CHECK_EXCEPTION(
            publisher(open_only, queue.options), queue_corrupt,
            [](const error& e) {
                return std::string(e.what()).find("semaphore") !=
                       std::string::npos;
            });
        test::overwrite(path, 0, bytes(16));
        publisher(open_only, queue.options).close();
        BOOST_TEST(test::contents(path) == before);
    }
    expect_usable(queue);
}

#endif
