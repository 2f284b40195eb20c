// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues in files: their messages outlive all processes, and a restart.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_damage.hpp"
#include "support/random_seed.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <sys/stat.h>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t capacity = 4096;

std::string segment_of(const test::temporary_directory& where)
{
    return where.path() + "/boost_ipq.q.segment";
}

// The semaphores that a queue has outside of its directory on systems without a
// futex on shared memory: on Linux none.
std::vector<std::string> semaphores(const test::temporary_directory& where)
{
    detail::object_names names("q", where.path());
    struct stat status;
    BOOST_REQUIRE(::stat(names.lock_path.c_str(), &status) == 0);
    names.identify({status.st_dev, status.st_ino});
    if (!names.has_semaphores())
        return {};
    return {names.messages, names.room};
}

// A message of which each byte is known.
std::string numbered(std::size_t number)
{
    std::string result = std::to_string(number) + ' ';
    result.resize(20 + number % 180, static_cast<char>('a' + number % 26));
    return result;
}

bool is_as_sent(const std::string& message)
{
    const std::size_t number = std::strtoul(message.c_str(), nullptr, 10);
    return message == numbered(number);
}

} // namespace

// What a queue is asked for beside messages.
BOOST_AUTO_TEST_CASE(every_feature)
{
    const test::temporary_directory where;
    publisher out(create_only, where.options("q", 64));
    subscriber in(open_only, where.options("q"));
    boost::system::error_code ec;
    std::size_t dropped = 0;
    std::string message, seen;
    const auto note = [&](const void* data, std::size_t size) {
        seen.append(static_cast<const char*>(data), size);
    };
    for (const char* const text : {"a", "b", "c", "d", "e"})
        BOOST_TEST(out.try_enqueue_overwriting(std::string(text), dropped, ec));
    BOOST_TEST(dropped == 1u);
    BOOST_TEST(in.size() == 4u);
    BOOST_TEST(in.bytes() == 64u);
    BOOST_TEST(in.publishers() == 1u);
    BOOST_TEST(in.peek(note, ec) == 4u);
    BOOST_TEST(seen == "bcde");
    wait_set set;
    set.add(in, 1);
    BOOST_TEST(set.wait() == 1u);
    BOOST_TEST(in.try_dequeue_latest(message, ec));
    BOOST_TEST(message == "e");
    BOOST_TEST(set.timed_wait(std::chrono::milliseconds(1), ec) == 0u);
    out.enqueue("f", 1);
    BOOST_TEST(in.purge(ec) == 1u);
    std::thread sleeper([&] { BOOST_TEST(!in.dequeue(message)); });
    in.stop();
    sleeper.join();
    set.remove(in);

    typed_publisher<int> numbers(create_only, where.options("numbers", 64));
    typed_subscriber<int> got(open_only, where.options("numbers"), ec);
    numbers.enqueue(7);
    BOOST_TEST(got.try_dequeue(ec).value() == 7);
    typed_subscriber<long long> wrong(open_only, where.options("numbers"), ec);
    BOOST_TEST(ec == test::code(errc::queue_mismatch));
}

// Argument: the directory.
CHILD_ROLE(answer)
{
    const auto options = queue_options("q").directory(self.argument(0));
    const auto back = queue_options("back").directory(self.argument(0));
    subscriber in(open_only, options);
    publisher out(open_only, back);
    self.tell("ready");
    const auto message = in.dequeue();
    out.enqueue(message);
}

CHILD_ROLE(publish_and_die)
{
    const auto options =
        queue_options("q", capacity).directory(self.argument(0));
    publisher out(open_or_create, options);
    out.enqueue("first", 5);
    auto unfinished = out.reserve(100);
    out.enqueue("second", 6);
    subscriber in(open_only, options);
    auto unacknowledged = in.receive();
    self.tell("sent");
    self.hear();
}

CHILD_ROLE(sleep_until_killed)
{
    subscriber in(open_only, queue_options("q").directory(self.argument(0)));
    self.tell("asleep soon");
    in.dequeue();
}

// Argument: the directory. This must not crash, whatever the file contains.
CHILD_ROLE(use_what_is_there)
{
    const auto options = queue_options("q").directory(self.argument(0));
    boost::system::error_code ec;
    subscriber in(open_only, options, ec);
    publisher out(open_only, options, ec);
    std::string message;
    for (int i = 0; i < 200 && in.is_open() && out.is_open(); ++i)
    {
        in.try_dequeue(message, ec);
        in.try_receive(ec);
        in.consume_all([](const void*, std::size_t) {}, ec);
        out.try_enqueue(message, ec);
        out.try_reserve(100, ec);
        out.timed_enqueue(
            std::string(1000, 'x'), std::chrono::microseconds(100), ec);
    }
    inspect(options, ec);
    repair(options, ec);
    self.tell("alive");
}

// Argument: the directory. Takes all messages. Tells how many were as sent, how
// many were not, and whether damage was reported.
CHILD_ROLE(take_what_is_there)
{
    const auto options = queue_options("q").directory(self.argument(0));
    boost::system::error_code ec;
    subscriber in(open_only, options, ec);
    std::string message;
    int good = 0, wrong = 0;
    // A damaged ring may have no end.
    while (!ec && good + wrong < 10'000 && in.try_dequeue(message, ec))
        ++(is_as_sent(message) ? good : wrong);
    const bool damage = ec == errc::queue_corrupt;
    self.tell(
        std::to_string(good) + ' ' + std::to_string(wrong) + ' ' +
        (damage ? "damage"
         : ec   ? ec.message()
                : "end"));
}

BOOST_AUTO_TEST_CASE(between_processes)
{
    const test::temporary_directory where;
    publisher out(create_only, where.options("q", capacity));
    subscriber in(create_only, where.options("back", capacity));
    BOOST_TEST(fs::exists(segment_of(where)));
    BOOST_TEST(test::leftovers("q").empty());
    test::child other("answer", {where.path()});
    BOOST_TEST(other.hear() == "ready");
    out.enqueue("message", 7);
    std::string answer;
    BOOST_TEST(in.dequeue(answer));
    BOOST_TEST(answer == "message");
    BOOST_TEST(other.wait() == 0);
}

BOOST_AUTO_TEST_CASE(messages_outlive_all_processes)
{
    const test::temporary_directory where;
    test::child other("publish_and_die", {where.path()});
    BOOST_TEST(other.hear() == "sent");
    BOOST_TEST(other.kill() == -SIGKILL);
    subscriber in(open_only, where.options("q"));
    std::string message;
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "first");
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "second");
    BOOST_TEST(!in.try_dequeue(message));
}

// A restart ends all processes. The queue still counts those that were asleep.
BOOST_AUTO_TEST_CASE(a_restart_of_the_system)
{
    const test::temporary_directory where;
    {
        publisher out(
            create_only,
            where.options("q", capacity)
                .permissions(boost::interprocess::permissions(0660)));
        out.enqueue("before", 6);
        subscriber in(open_only, where.options("q"));
        in.dequeue();
        test::child sleeper("sleep_until_killed", {where.path()});
        sleeper.hear();
        while (inspect(where.options("q")).waiting_subscribers == 0)
            std::this_thread::yield();
        sleeper.kill();
        out.enqueue("kept", 4);
    }
    for (const std::string& semaphore : semaphores(where))
        BOOST_TEST(
            boost::interprocess::named_semaphore::remove(semaphore.c_str()));

    publisher out(open_only, where.options("q"));
    BOOST_TEST(inspect(where.options("q")).waiting_subscribers == 0u);
    subscriber back(create_only, where.options("back", capacity));
    for (const char* expected : {"kept", "after"})
    {
        test::child other("answer", {where.path()});
        BOOST_TEST(other.hear() == "ready");
        if (expected[0] == 'a')
            out.enqueue("after", 5);
        std::string answer;
        BOOST_TEST(back.dequeue(answer));
        BOOST_TEST(answer == expected);
        BOOST_TEST(other.wait() == 0);
    }
}

// Argument: the directory.
CHILD_ROLE(receive_as_somebody_else)
{
    test::require(
        ::setgid(65534) == 0 && ::setuid(65534) == 0, "becoming nobody");
    const auto options = queue_options("q").directory(self.argument(0));
    subscriber in(open_only, options);
    std::string message;
    test::require(in.try_dequeue(message) && message == "x", "no message");
    publisher(open_only, options).enqueue("y", 1);
}

BOOST_AUTO_TEST_CASE(for_other_users)
{
    if (::geteuid() != 0)
        return test::skip("only root can become another user");
    const test::temporary_directory where;
    fs::permissions(where.path(), fs::perms::all);
    publisher(
        create_only, where.options("q", capacity)
                         .permissions(boost::interprocess::permissions(0666)))
        .enqueue("x", 1);
    for (int i = 0; i < 2; ++i)
    {
        test::child other("receive_as_somebody_else", {where.path()});
        BOOST_TEST(other.wait() == 0);
        subscriber in(open_only, where.options("q"));
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "y");
        publisher(open_only, where.options("q")).enqueue("x", 1);
    }
}

BOOST_AUTO_TEST_CASE(places_are_different_queues)
{
    const test::temporary_directory here, there;
    const test::scoped_queue memory;
    const std::string name = memory.name();
    publisher a(create_only, here.options(name, capacity));
    publisher b(create_only, there.options(name, 2 * capacity));
    publisher c(create_only, memory.options(3 * capacity));
    a.enqueue("a", 1);
    b.enqueue("b", 1);
    c.enqueue("c", 1);
    std::string message;
    subscriber(open_only, there.options(name)).dequeue(message);
    BOOST_TEST(message == "b");
    subscriber(open_only, memory).dequeue(message);
    BOOST_TEST(message == "c");
    subscriber(open_only, here.options(name)).dequeue(message);
    BOOST_TEST(message == "a");
    BOOST_TEST(list_queues(here.path()) == std::vector<std::string>{name});
    BOOST_TEST(inspect(there.options(name)).capacity == 2 * capacity);
}

BOOST_AUTO_TEST_CASE(removed_with_all_its_objects)
{
    const test::temporary_directory where;
    publisher(create_only, where.options("q", capacity)).enqueue("x", 1);
    const auto names = semaphores(where);
    BOOST_TEST(remove_queue(where.options("q")));
    for (const std::string& name : names)
        BOOST_CHECK_THROW(
            boost::interprocess::named_semaphore(open_only, name.c_str()),
            boost::interprocess::interprocess_exception);
    BOOST_TEST(fs::is_empty(where.path()));
    BOOST_TEST(!remove_queue(where.options("q")));
}

BOOST_AUTO_TEST_CASE(while_open)
{
    const test::temporary_directory where;
    const auto options =
        where.options("q", capacity).lifetime(lifetime::while_open);
    publisher out(create_only, options);
    out.enqueue("x", 1);
    out.close();
    BOOST_TEST(fs::is_empty(where.path()));
}

BOOST_AUTO_TEST_CASE(a_relative_path_stays_the_same)
{
    const test::temporary_directory where;
    const fs::path before = fs::current_path();
    fs::current_path(where.path());
    const auto options = queue_options("q", capacity).directory(".");
    fs::current_path(before);
    publisher(create_only, options).enqueue("x", 1);
    BOOST_TEST(fs::exists(segment_of(where)));
}

BOOST_AUTO_TEST_CASE(no_directory)
{
    const test::temporary_directory where;
    const auto options =
        queue_options("q", capacity).directory(where.path() + "/none");
    const auto create = [&] { publisher(open_or_create, options); };
    BOOST_CHECK_EXCEPTION(create(), error, [](const error& e) {
        return std::string(e.what()).find("make it") != std::string::npos;
    });
    BOOST_TEST(
        (test::thrown(create) ==
         boost::system::errc::no_such_file_or_directory));
    const auto open = [&] { publisher(open_only, options); };
    BOOST_TEST(test::thrown(open) == test::code(errc::not_found));

    const std::string none = options.directory();
    const auto list = [&] { list_queues(none); };
    BOOST_TEST(
        (test::thrown(list) == boost::system::errc::no_such_file_or_directory));
    boost::system::error_code ec;
    BOOST_TEST(list_queues(none, ec).empty());
    BOOST_TEST((ec == boost::system::errc::no_such_file_or_directory));
}

BOOST_AUTO_TEST_CASE(a_truncated_file)
{
    const test::temporary_directory where;
    publisher(create_only, where.options("q", capacity)).enqueue("x", 1);
    fs::resize_file(segment_of(where), 4096);
    BOOST_CHECK_THROW(publisher(open_only, where.options("q")), queue_corrupt);
    BOOST_CHECK_THROW(inspect(where.options("q")), queue_corrupt);
    fs::remove(segment_of(where));
    BOOST_CHECK_THROW(publisher(open_only, where.options("q")), queue_corrupt);
    BOOST_TEST(remove_queue(where.options("q")));
}

// What a power failure may leave: each page of the file is old, new, or
// neither.
BOOST_AUTO_TEST_CASE(a_damaged_file)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    for (int round = 0; round < 60; ++round)
    {
        const test::temporary_directory where;
        {
            publisher out(create_only, where.options("q", capacity));
            for (std::size_t i = 0; i < 40; ++i)
                out.try_enqueue(std::string(i, 'm'));
        }
        const std::string file = segment_of(where);
        const auto size = fs::file_size(file);
        const std::uint64_t at = round % 2 == 0 ? random() % (size / 512) * 512
                                                : random() % size / 8 * 8;
        std::string bytes(round % 2 == 0 ? 512 : 8, '\0');
        if (round % 4 >= 2)
            for (char& byte : bytes)
                byte = static_cast<char>(random());
        bytes.resize((std::min)(bytes.size(), std::size_t(size - at)));
        test::overwrite(file, at, bytes);
        test::child user("use_what_is_there", {where.path()});
        BOOST_TEST_CONTEXT(
            "at " << at << " of " << size << ", seed " << seed.value())
        {
            BOOST_TEST(user.hear() == "alive");
            BOOST_TEST(user.wait() == 0);
        }
        BOOST_TEST(remove_queue(where.options("q")));
    }
}

// Works on the queue, and returns how its file looked at some moments.
static std::vector<std::string> some_moments(
    const queue_options& options, const std::string& file, std::mt19937& random)
{
    std::vector<std::string> result;
    publisher out(open_only, options);
    subscriber in(open_only, options);
    std::string message;
    for (std::size_t i = 0; i < 4000; ++i)
    {
        if (random() % 5 < 3)
            out.try_enqueue(numbered(i));
        else
            in.try_dequeue(message);
        if (i % 1000 == 999)
            result.push_back(test::contents(file));
    }
    return result;
}

// A power failure: each page of the file is as it was at one of four moments,
// because the kernel writes pages in any order. doc/power_loss.md has the
// figures that this prints.
BOOST_AUTO_TEST_CASE(a_power_failure)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    constexpr std::size_t page = 4096;
    constexpr int rounds = 100;
    int damaged = 0, good = 0, wrong = 0;
    for (int round = 0; round < rounds; ++round)
    {
        const test::temporary_directory where;
        const auto options = where.options("q", 16 * page);
        publisher(create_only, options);
        const auto moments = some_moments(options, segment_of(where), random);
        for (std::size_t at = 0; at < moments[0].size(); at += page)
            test::overwrite(
                segment_of(where), at, moments[random() % 4].substr(at, page));
        test::child user("take_what_is_there", {where.path()});
        std::istringstream told(user.hear());
        int as_sent = 0, otherwise = 0;
        std::string how;
        told >> as_sent >> otherwise >> how;
        BOOST_TEST_CONTEXT("round " << round << ", seed " << seed.value())
        {
            BOOST_TEST((how == "end" || how == "damage"), how);
            BOOST_TEST(user.wait() == 0);
        }
        good += as_sent;
        wrong += otherwise;
        damaged += how == "damage";
        BOOST_TEST(remove_queue(where.options("q")));
    }
    std::cout << rounds << " power failures: " << damaged
              << " reported as damage; messages: " << good << " as sent, "
              << wrong << " not\n";
}
