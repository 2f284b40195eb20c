// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// inspect() and list_queues().

#include "support/emulator.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace boost_ipq;
namespace fs = std::filesystem;

#if !defined(_WIN32)

namespace {

// Runs just before this process opens a segment the next time.
std::function<void()> before_opening_segment;

} // namespace

// Replaces the C library's function.
extern "C" int open(const char* path, int flags, ...)
{
    const std::string suffix = ".segment", name = path;
    if (name.size() > suffix.size() &&
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0)
        if (const auto now = std::exchange(before_opening_segment, nullptr))
            now();
    std::va_list rest;
    va_start(rest, flags);
    const auto mode = va_arg(rest, mode_t);
    va_end(rest);
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

#endif

namespace {

struct fixture
{
    std::string take()
    {
        std::string message;
        return in.try_dequeue(message) ? message : "-";
    }

    // The state after a publisher was killed before it moved the head.
    void move_back(std::uint64_t head)
    {
        attached->ring().control->publishers.head = head;
    }

    std::uint64_t head() const
    {
        return attached->ring().control->publishers.head;
    }

    test::scoped_queue queue;
    publisher out{create_only, queue.options(1000)};
    subscriber in{open_only, queue};
    std::shared_ptr<detail::shared_attachment> attached =
        detail::attach_shared(detail::open_mode::open, queue);
};

bool is_listed(const std::string& name)
{
    const auto all = list_queues();
    return std::find(all.begin(), all.end(), name) != all.end();
}

} // namespace

BOOST_FIXTURE_TEST_CASE(counts, fixture)
{
    for (const char* const text : {"a", "b", "c"})
        out.enqueue(text, 1);
    auto unfinished = out.try_reserve(8);
    BOOST_TEST(take() == "a");
    auto held = in.try_receive();
    auto found = inspect(queue);
    BOOST_TEST(found.messages == 2u);
    BOOST_TEST(found.bytes == 48u);
    BOOST_TEST(found.reservations == 1u);
    BOOST_TEST(found.deliveries == 1u);
    BOOST_TEST(found.sent == 4u);
    BOOST_TEST(found.received == 2u);
    held.acknowledge();
    unfinished.commit();
    BOOST_TEST(take() == "c");
    BOOST_TEST(take().size() == 8u);
    found = inspect(queue);
    BOOST_TEST(found.messages == 0u);
    BOOST_TEST(found.bytes == 0u);
    BOOST_TEST(found.sent == 4u);
    BOOST_TEST(found.received == 4u);
}

// Oldest first: a message that is read, then one that is being filled.
BOOST_FIXTURE_TEST_CASE(oldest_held, fixture)
{
    const auto mine =
        static_cast<std::uint32_t>(detail::platform::process_id());
    BOOST_TEST(!inspect(queue).oldest_held);
    out.enqueue("a", 1);
    out.enqueue("bc", 2);
    BOOST_TEST(!inspect(queue).oldest_held);
    auto unfinished = out.try_reserve(8);
    BOOST_TEST(take() == "a");
    auto held = in.try_receive();
    out.enqueue("d", 1);
    auto oldest = inspect(queue).oldest_held;
    BOOST_TEST_REQUIRE(bool(oldest));
    BOOST_TEST(oldest->pid == mine);
    BOOST_TEST(oldest->alive);
    BOOST_TEST(!oldest->being_filled);
    BOOST_TEST(oldest->size == 2u);
    BOOST_TEST(oldest->newer == 2u);
    held.acknowledge();
    oldest = inspect(queue).oldest_held;
    BOOST_TEST_REQUIRE(bool(oldest));
    BOOST_TEST(oldest->pid == mine);
    BOOST_TEST(oldest->being_filled);
    BOOST_TEST(oldest->size == 8u);
    BOOST_TEST(oldest->newer == 1u);
    unfinished.commit();
    BOOST_TEST(!inspect(queue).oldest_held);
}

#if !defined(_WIN32) // fork

// A dead process holds its message until a different one recovers it.
BOOST_FIXTURE_TEST_CASE(held_by_a_dead_process, fixture)
{
    out.enqueue("abc", 3);
    const auto child = ::fork();
    if (child == 0)
    {
        subscriber mine(open_only, queue);
        auto held = mine.try_receive();
        ::_exit(held ? 0 : 1);
    }
    int status = 1;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    const auto oldest = inspect(queue).oldest_held;
    BOOST_TEST_REQUIRE(bool(oldest));
    BOOST_TEST(oldest->pid == static_cast<std::uint32_t>(child));
    BOOST_TEST(!oldest->alive);
    BOOST_TEST(oldest->size == 3u);
    BOOST_TEST(oldest->newer == 0u);
}

#endif

BOOST_AUTO_TEST_CASE(dead_letter_of_a_queue)
{
    test::scoped_queue queue, letters;
    publisher(create_only, letters.options(1000));
    BOOST_TEST(inspect(letters).dead_letter.empty());
    BOOST_TEST(inspect(letters).max_deliveries == 0u);
    auto options = queue.options(1000);
    options.max_deliveries(3).dead_letter(letters.name());
    publisher out(create_only, options);
    const auto found = inspect(queue);
    BOOST_TEST(found.max_deliveries == 3u);
    BOOST_TEST(found.dead_letter == letters.name());
    out.enqueue("abc", 3);
    subscriber in(open_only, queue);
    const auto held = in.try_receive();
    BOOST_TEST_REQUIRE(bool(inspect(queue).oldest_held));
    BOOST_TEST(inspect(queue).oldest_held->size == 3u);
}

// A stranger has written the mark, with its checksum.
BOOST_AUTO_TEST_CASE(dead_letter_that_cannot_name_a_queue)
{
    test::scoped_queue queue, letters;
    auto options = queue.options(1000);
    options.max_deliveries(3).dead_letter(letters.name());
    publisher(create_only, options);
    for (const char* name : {"a/b", "../a", ".a", " ", "\033[31m"})
    {
        test::edit_mark(queue.name(), [&](detail::queue_mark& mark) {
            std::fill_n(mark.dead_letter, sizeof mark.dead_letter, '\0');
            std::copy_n(name, std::strlen(name), mark.dead_letter);
        });
        boost::system::error_code ec;
        inspect(queue, ec);
        BOOST_TEST((ec == errc::queue_corrupt));
    }
}

// Published messages count, whether or not their publisher moved the head
// before it was killed.
BOOST_FIXTURE_TEST_CASE(head_is_behind, fixture)
{
    for (int lap = 0; lap < 100; ++lap)
    {
        const auto sent = inspect(queue).sent;
        out.enqueue(std::string("first"));
        const auto before = head();
        out.enqueue(std::string("second"));
        const auto after = head();
        move_back(before);
        BOOST_TEST(inspect(queue).messages == 2u);
        BOOST_TEST(inspect(queue).sent == sent + 2);
        BOOST_TEST(take() == "first");
        BOOST_TEST(inspect(queue).messages == 1u);
        BOOST_TEST(take() == "second");
        const auto found = inspect(queue);
        BOOST_TEST(found.messages == 0u);
        BOOST_TEST(found.bytes == 0u);
        BOOST_TEST(found.received == sent + 2);
        move_back(after);
    }
}

// Impossible positions are damage. A head that is only behind is not.
BOOST_FIXTURE_TEST_CASE(damaged_positions, fixture)
{
    out.enqueue("x", 1);
    const auto before = head();
    for (const std::uint64_t behind :
         {std::uint64_t(0), before - (std::uint64_t(1) << 33)})
    {
        move_back(behind);
        BOOST_TEST(inspect(queue).messages == 1u);
    }
    for (const std::uint64_t damaged :
         {~std::uint64_t(0), before + (std::uint64_t(1) << 62), before + 1,
          before - 1, before + (std::uint64_t(1) << 32)})
    {
        move_back(damaged);
        BOOST_TEST_INFO("head " << damaged);
        BOOST_CHECK_THROW(inspect(queue), queue_corrupt);
    }
    move_back(before);
}

#if !defined(_WIN32) // functions of the C library cannot be replaced

// The queue changes after inspect() has read the lock file and before it opens
// the segment.
BOOST_FIXTURE_TEST_CASE(removed_meanwhile, fixture)
{
    before_opening_segment = [&] { remove_queue(queue); };
    BOOST_CHECK(test::thrown([&] { inspect(queue); }) == errc::not_found);
}

BOOST_FIXTURE_TEST_CASE(half_removed_meanwhile, fixture)
{
    const test::queue_objects files(queue.name());
    before_opening_segment = [&] {
        test::replace_contents(files.lock, "");
        fs::remove(files.segment);
    };
    BOOST_CHECK(test::thrown([&] { inspect(queue); }) == errc::not_found);
}

BOOST_FIXTURE_TEST_CASE(replaced_meanwhile, fixture)
{
    out.enqueue("x", 1);
    for (const std::size_t capacity : {1000, 500, 100'000})
    {
        before_opening_segment = [&] {
            remove_queue(queue);
            publisher(create_only, queue.options(capacity)).enqueue("y", 1);
        };
        const auto found = inspect(queue);
        BOOST_TEST(found.capacity == capacity);
        BOOST_TEST(found.messages == 1u);
        BOOST_TEST(found.participants.empty());
    }
}

#endif

// Objects of other programs are ignored.
BOOST_FIXTURE_TEST_CASE(list_with_other_objects, fixture)
{
    const std::string path = test::queue_objects(test::unique_name()).lock;
    BOOST_TEST(is_listed(queue.name()));
    fs::create_directory(path);
    BOOST_TEST(is_listed(queue.name()));
    fs::remove(path);
#if !defined(_WIN32)
    fs::create_symlink("nowhere", path);
    BOOST_TEST(is_listed(queue.name()));
    fs::remove(path);
    fs::create_symlink(test::queue_objects(queue.name()).lock, path);
    BOOST_TEST(is_listed(queue.name()));
    fs::remove(path);
    {
        struct sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        BOOST_TEST(
            ::bind(
                socket, reinterpret_cast<const struct sockaddr*>(&address),
                sizeof address) == 0);
        BOOST_TEST(is_listed(queue.name()));
        ::close(socket);
        fs::remove(path);
    }
#endif
    BOOST_TEST(!is_listed("nowhere"));
}

// The lock files of strangers.
BOOST_AUTO_TEST_CASE(names_that_are_none)
{
    const test::temporary_directory here;
    const std::string prefix = here.path() + "/boost_ipq.";
    const auto listed = [&] {
        auto result = list_queues(here.path());
        std::sort(result.begin(), result.end());
        return result;
    };
    const auto write = [&](const std::string& file, const std::string& name) {
        detail::queue_mark mark;
        name.copy(mark.name, sizeof mark.name - 1);
        mark.ready = detail::checksum(mark);
        std::ofstream(prefix + file + ".lock")
            << std::string(reinterpret_cast<const char*>(&mark), sizeof mark);
    };
    write("a", "a");
    write("b", "../../etc/x\n\033[31mred");
    write("c", "a"); // the name of a different queue
    write("d", std::string(300, 'd'));
    write("e", "");
    write("sp ace", "sp ace");
    write(".dot", ".dot");
    std::ofstream(prefix + "garbage.lock") << "garbage";
    std::ofstream(prefix + "ga+rbage.lock") << "garbage";
    std::ofstream(prefix + "empty.lock");
    std::ofstream(prefix + "lock") << "garbage";
    std::ofstream(prefix + ".lock") << "garbage";
#if !defined(_WIN32)
    ::mkfifo((prefix + "fifo.lock").c_str(), 0600);
    fs::create_symlink(prefix + "a.lock", prefix + "link.lock");
#endif
    fs::create_directory(prefix + "directory.lock");
    const std::vector<std::string> names{"a", "b", "c", "d", "e", "garbage"};
    BOOST_TEST(listed() == names, boost::test_tools::per_element());
}

// Records of the smallest size: most of them in the space.
BOOST_AUTO_TEST_CASE(large_and_damaged)
{
    // Without optimization, a walk over four times as many takes nearly the
    // half second that inspect() has.
    const std::size_t capacity = std::size_t(16)
                                 << (test::emulator() ? 15 : 20);
    const test::scoped_queue queue;
    publisher out(create_only, queue.options(capacity));
    const std::vector<std::string> empty(100'000);
    while (out.try_enqueue_all(empty.begin(), empty.end()) == empty.size())
    {
    }
    BOOST_TEST(inspect(queue).messages == capacity / 8);
    const auto attached = detail::attach_shared(detail::open_mode::open, queue);
    const detail::ring_view& ring = attached->ring();
    auto& read = ring.control->subscribers.read;
    const std::uint64_t sound = read;
    const auto expect_damage = [&] {
        // A walk that a busy machine stops for half a second ends too early.
        bool soon = false;
        for (int attempts = 0; !soon && attempts < 3; ++attempts)
        {
            const auto begin = std::chrono::steady_clock::now();
            try
            {
                inspect(queue);
            }
            catch (const queue_corrupt&)
            {
                const auto time = std::chrono::steady_clock::now() - begin;
                soon = time < std::chrono::seconds(1);
            }
        }
        BOOST_TEST(soon);
    };
    for (const std::uint64_t distance :
         {std::uint64_t(7) << 40, std::uint64_t(1000),
          std::uint64_t(1000) << 32 | 999})
    {
        read = sound + distance;
        expect_damage();
    }
    read = sound;
    auto& header = ring.header(ring.capacity / 2);
    header = 0;
    expect_damage();
    header = ~std::uint64_t(0);
    expect_damage();
}
