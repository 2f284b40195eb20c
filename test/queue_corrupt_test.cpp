// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues that were damaged from outside are reported as queue_corrupt, or
// created again. They never crash a process, and removing the queue always
// repairs it.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/stat.h>
#include <cstring>
#include <filesystem>

using namespace boost_ipq;
namespace fs = std::filesystem;

namespace {

struct fixture
{
    fixture() { publisher(create_only, options).enqueue("x", 1); }

    void expect_corrupt()
    {
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(subscriber(open_only, options), queue_corrupt);
        BOOST_CHECK_THROW(subscriber(open_or_create, options), queue_corrupt);
        BOOST_CHECK_THROW(repair(queue), queue_corrupt);
        boost::system::error_code ec;
        BOOST_TEST(!publisher(open_only, queue, ec).is_open());
        BOOST_TEST(ec == test::code(errc::queue_corrupt));
        expect_mended_by_removal();
    }

    void expect_mended_by_removal()
    {
        BOOST_TEST(remove_queue(queue));
        BOOST_TEST(test::leftovers(queue.name()).empty());
        expect_usable(create_only);
    }

    // Nothing here can be opened: the library notices, and creates the queue
    // again.
    void expect_absent()
    {
        boost::system::error_code ec;
        subscriber(open_only, options, ec);
        BOOST_TEST(ec == test::code(errc::not_found));
        BOOST_TEST(!remove_queue(queue));
        expect_usable(open_or_create);
    }

    template <class Mode>
    void expect_usable(Mode mode)
    {
        publisher out(mode, options);
        subscriber in(open_only, queue);
        std::string message;
        BOOST_TEST(!in.try_dequeue(message));
        BOOST_TEST(out.try_enqueue("y", 1));
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "y");
    }

    test::scoped_queue queue;
    queue_options options = queue.options(1000);
    test::queue_objects files{queue.name()};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(segment_removed, fixture)
{
    fs::remove(files.segment);
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(semaphore_of_messages_removed, fixture)
{
    fs::remove(files.messages);
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(semaphore_of_room_removed, fixture)
{
    fs::remove(files.room);
    expect_corrupt();
}

// As RemoveIPC of systemd does at logout.
BOOST_FIXTURE_TEST_CASE(all_but_the_lock_file_removed, fixture)
{
    fs::remove(files.segment);
    fs::remove(files.messages);
    fs::remove(files.room);
    BOOST_CHECK_EXCEPTION(
        publisher(open_only, queue), queue_corrupt, [](const auto& e) {
            return std::string(e.what()).find("RemoveIPC") != std::string::npos;
        });
    BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(lock_file_removed, fixture)
{
    fs::remove(files.lock);
    expect_absent();
}

BOOST_FIXTURE_TEST_CASE(segment_truncated, fixture)
{
    const auto size = fs::file_size(files.segment);
    for (const auto length :
         {size - 4096, size / 2, std::uintmax_t(4096), std::uintmax_t(100),
          std::uintmax_t(7), std::uintmax_t(4), std::uintmax_t(0)})
    {
        BOOST_TEST_CONTEXT("to " << length << " bytes")
        {
            fs::resize_file(files.segment, length);
            BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
            BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
        }
    }
    expect_corrupt();
}

// Nothing that has the segment's name is followed or waited for.
BOOST_FIXTURE_TEST_CASE(segment_is_no_file, fixture)
{
    const std::string other = files.segment + ".other";
    fs::rename(files.segment, other);
    const auto corrupt = [&] {
        test::watchdog::start(10);
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
        BOOST_CHECK_THROW(repair(queue), queue_corrupt);
        fs::remove(files.segment);
    };
    fs::create_directory(files.segment);
    corrupt();
#if !defined(_WIN32)
    BOOST_REQUIRE(::mkfifo(files.segment.c_str(), 0600) == 0);
    corrupt();
    fs::create_symlink(other, files.segment);
    corrupt();
    fs::create_symlink("/dev/zero", files.segment);
    corrupt();
#endif
    fs::rename(other, files.segment);
    BOOST_TEST(publisher(open_only, queue).is_open());
}

// The checksum of the mark is right: a stranger has written it.
BOOST_FIXTURE_TEST_CASE(first_words_alike, fixture)
{
    for (const std::uint32_t word : {0u, 1u, 3u, 77u})
    {
        test::overwrite(
            files.segment, 0,
            std::string(reinterpret_cast<const char*>(&word), sizeof word));
        test::edit_mark(
            queue.name(), [&](auto& mark) { mark.segment_word = word; });
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
    }
    expect_corrupt();
}

// Boost's words say that the segment is larger than it is.
BOOST_FIXTURE_TEST_CASE(ring_outside_of_the_segment, fixture)
{
    const auto root = test::read_mark(queue.name()).root;
    const std::string whole = test::contents(files.segment);
    std::string damaged = whole;
    for (std::size_t at = 0; at < root; at += 8)
    {
        std::uint64_t word;
        std::memcpy(&word, &whole[at], sizeof word);
        if (word <= whole.size() && word + 64 >= whole.size())
            damaged.replace(at, 8, std::string("\0\0\0\0\0\0\0\x40", 8));
    }
    const auto begin = root + sizeof(detail::ring_control) + 24;
    for (const std::uint64_t distance :
         {std::uint64_t(1) << 30, std::uint64_t(1) << 46, std::uint64_t(8),
          std::uint64_t(64), std::uint64_t(4096), ~std::uint64_t(63)})
    {
        std::uint64_t word;
        std::memcpy(&word, &whole[begin], sizeof word);
        word += distance;
        std::memcpy(&damaged[begin], &word, sizeof word);
        test::overwrite(files.segment, 0, damaged);
        BOOST_TEST_INFO("moved by " << distance);
        BOOST_CHECK_THROW(subscriber(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
    }
    test::edit_mark(
        queue.name(), [](auto& mark) { mark.root = std::uint64_t(1) << 32; });
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(segment_begins_with_zeros, fixture)
{
    test::overwrite(files.segment, 0, std::string(64, '\0'));
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(segment_begins_with_garbage, fixture)
{
    for (const char garbage : {'\x01', '\x02', '\x03', '\xff'})
    {
        test::overwrite(files.segment, 0, std::string(64, garbage));
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
    }
    expect_corrupt();
}

BOOST_FIXTURE_TEST_CASE(ring_overwritten, fixture)
{
    const auto root = test::read_mark(queue.name()).root;
    const auto size = fs::file_size(files.segment);
    for (const char garbage : {'\0', '\x55', '\xff'})
    {
        test::overwrite(files.segment, root, std::string(size - root, garbage));
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
    }
    expect_corrupt();
}

// Anything in the lock file that is no mark is damage, not an absent queue.
BOOST_FIXTURE_TEST_CASE(garbage_in_the_lock_file, fixture)
{
    for (const std::string& garbage :
         {std::string("g"), std::string("garbage\n"), std::string(279, '\xff'),
          std::string(1024, '\0'), std::string(1024, '\xff'),
          std::string(100'000, 'x')})
    {
        BOOST_TEST_CONTEXT(garbage.size() << " bytes of garbage")
        {
            test::replace_contents(files.lock, garbage);
            BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
            expect_corrupt();
        }
    }
}

// A creator may be killed before it has written the first byte.
BOOST_FIXTURE_TEST_CASE(empty_lock_file, fixture)
{
    test::replace_contents(files.lock, "");
    BOOST_CHECK(test::thrown([&] { inspect(queue); }) == errc::not_found);
    expect_absent();
}

// A creator may be killed while it writes.
BOOST_FIXTURE_TEST_CASE(mark_cut_short, fixture)
{
    for (const std::size_t size : {1, 7, 8, 9, 279})
    {
        fs::resize_file(files.lock, size);
        expect_absent();
    }
}

BOOST_FIXTURE_TEST_CASE(half_made, fixture)
{
    test::edit_mark(queue.name(), [](auto& mark) { mark.ready = 0; });
    expect_absent();
}

// Every bit of the mark is protected, except a type that is not recorded yet.
BOOST_FIXTURE_TEST_CASE(one_bit_of_the_mark, fixture)
{
    const std::string whole = test::contents(files.lock);
    for (std::size_t bit = 0; bit < 8 * sizeof(detail::queue_mark); bit += 13)
    {
        const std::size_t at = bit / 8;
        using detail::queue_mark;
        if ((at >= offsetof(queue_mark, type_size) &&
             at < offsetof(queue_mark, segment_word)) ||
            (at >= offsetof(queue_mark, type_name) &&
             at < offsetof(queue_mark, buffer)))
            continue;
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit % 8);
        test::overwrite(files.lock, 0, damaged);
        BOOST_TEST_INFO("bit " << bit);
        boost::system::error_code ec;
        publisher(open_or_create, options, ec);
        const bool version = at >= 12 && at < 16;
        BOOST_TEST(
            ec ==
            test::code(version ? errc::queue_mismatch : errc::queue_corrupt));
    }
    test::overwrite(files.lock, 0, whole);
    subscriber in(open_only, queue);
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
}

BOOST_FIXTURE_TEST_CASE(half_removed, fixture)
{
    test::replace_contents(files.lock, "");
    fs::remove(files.segment);
    expect_absent();
}

BOOST_FIXTURE_TEST_CASE(wrong_values_in_the_mark, fixture)
{
    const std::string whole = test::contents(files.lock);
    const auto corrupt = [&](auto edit) {
        test::edit_mark(queue.name(), edit);
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
        test::overwrite(files.lock, 0, whole);
    };
    for (const std::uint64_t value :
         {std::uint64_t(0), std::uint64_t(7), std::uint64_t(9),
          std::uint64_t(2000), std::uint64_t(1) << 20, std::uint64_t(1) << 40,
          std::uint64_t(1) << 63, ~std::uint64_t(0)})
    {
        BOOST_TEST_CONTEXT("value " << value)
        {
            corrupt([&](auto& mark) { mark.capacity = value; });
            corrupt([&](auto& mark) { mark.alignment = value; });
            corrupt([&](auto& mark) { mark.segment_size = value; });
            corrupt([&](auto& mark) { mark.root = value; });
        }
    }
    corrupt([](auto& mark) { mark.root += 128; });
    corrupt([](auto& mark) { mark.alignment = 16; });
    test::edit_mark(queue.name(), [](auto& mark) { ++mark.segment_word; });
    BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
    test::overwrite(files.lock, 0, whole);
    BOOST_TEST(publisher(open_only, options).is_open());
}

#if !defined(_WIN32) // only some users may make links

// No user can make the library write to a file of that user's choice.
BOOST_AUTO_TEST_CASE(lock_file_is_a_link)
{
    const test::scoped_queue queue;
    const test::queue_objects files(queue.name());
    const std::string victim = files.lock + ".victim";
    test::replace_contents(
        (std::ofstream(victim) << "precious", victim), "precious");
    fs::create_symlink(victim, files.lock);
    BOOST_CHECK_THROW(
        publisher(open_or_create, queue.options(100)), boost_ipq::error);
    BOOST_CHECK_THROW(remove_queue(queue), boost_ipq::error);
    BOOST_TEST(test::contents(victim) == "precious");
    fs::remove(files.lock);
    fs::remove(victim);
}

#endif

BOOST_AUTO_TEST_CASE(lock_file_is_a_directory)
{
    const test::scoped_queue queue;
    const test::queue_objects files(queue.name());
    fs::create_directory(files.lock);
    BOOST_CHECK_THROW(
        publisher(open_or_create, queue.options(100)), boost_ipq::error);
    BOOST_CHECK_THROW(inspect(queue), boost_ipq::error);
    fs::remove(files.lock);
}

// An object of another program is in the place of the segment or a semaphore.
BOOST_AUTO_TEST_CASE(leftover_objects_without_a_lock_file)
{
    const test::scoped_queue queue;
    const test::queue_objects files(queue.name());
    for (const auto& path : {files.segment, files.messages, files.room})
        if (!path.empty())
            std::ofstream(path) << "leftover";
    publisher out(open_or_create, queue.options(100));
    subscriber in(open_only, queue);
    BOOST_TEST(out.try_enqueue("x", 1));
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
}
