// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues of cloudtoid/interprocess between our own processes.
// test/cloudtoid/run.sh runs them against the packages of that project.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/cloudtoid.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory_resource>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace ct = boost_ipq::cloudtoid;
namespace layout = boost_ipq::detail::cloudtoid;
using boost_ipq::errc;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::code;
using test::thrown;

namespace {

struct fixture
{
    explicit fixture(std::size_t capacity = 64)
        : options(ct::queue_options(test::unique_name(), capacity)
                      .path(directory.path()))
    {
    }

    std::vector<std::string> arguments() const
    {
        return {
            options.name(), std::to_string(options.capacity()), options.path()};
    }

    std::string root() const
    {
        return directory.path() + "/.cloudtoid/interprocess/v3/";
    }

    std::string file() const
    {
        return root() + "mmf/" + options.name() + ".qu";
    }
    std::string leases() const { return root() + "readers/" + options.name(); }
    std::string semaphore() const
    {
        return boost_ipq::detail::platform::semaphore_path(
            "ct3ip." + options.name());
    }

    test::temporary_directory directory;
    ct::queue_options options;
};

ct::queue_options options_of(const test::child_self& self)
{
    return ct::queue_options(self.argument(0), self.number(1))
        .path(self.argument(2));
}

// The memory of a queue, as a stranger sees it.
class memory
{
public:
    memory(const std::string& file, std::size_t capacity)
        : m_capacity(capacity),
          m_region(
              boost::interprocess::file_mapping(
                  file.c_str(), boost::interprocess::read_write),
              boost::interprocess::read_write)
    {
    }

    unsigned char* bytes() const
    {
        return static_cast<unsigned char*>(m_region.get_address());
    }

    layout::queue_header& header() const
    {
        return *reinterpret_cast<layout::queue_header*>(bytes());
    }

    std::atomic<std::int32_t>& gate() const
    {
        return *reinterpret_cast<std::atomic<std::int32_t>*>(
            bytes() + layout::gate_offset);
    }

    layout::publisher_slot& slot(std::size_t index) const
    {
        return reinterpret_cast<layout::publisher_slot*>(
            bytes() + layout::slots_offset)[index];
    }

    layout::record_header& record(std::int64_t position) const
    {
        return *reinterpret_cast<layout::record_header*>(
            bytes() + layout::records_offset +
            static_cast<std::size_t>(position) % m_capacity);
    }

    bool is_clear() const
    {
        const unsigned char* const begin = bytes() + layout::records_offset;
        return std::count(begin, begin + m_capacity, 0) ==
               static_cast<std::ptrdiff_t>(m_capacity);
    }

private:
    std::size_t m_capacity;
    boost::interprocess::mapped_region m_region;
};

memory memory_of(const fixture& f)
{
    return memory(f.file(), f.options.capacity());
}

std::string body(std::size_t size, std::size_t seed)
{
    std::string result(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        result[i] = static_cast<char>(i * 7 + seed);
    return result;
}

// A token without a callback.
struct flag_token
{
    const std::atomic<bool>& flag;
    bool stop_requested() const { return flag; }
};

} // namespace

CHILD_ROLE(hold)
{
    ct::subscriber in(options_of(self));
    self.tell("ready");
    self.hear();
}

// Sends numbered messages that begin with the number of the publisher.
CHILD_ROLE(send_many)
{
    ct::publisher out(options_of(self));
    const std::string who = self.argument(3);
    for (auto i = 0ull; i < self.number(4); ++i)
        out.enqueue(who + ' ' + std::to_string(i) + ' ' + body(i % 90, i));
}

// Receives until an empty message; tells what arrived.
CHILD_ROLE(receive_many)
{
    ct::subscriber in(options_of(self));
    self.tell("ready");
    std::string message, heard;
    while (in.dequeue(message) && !message.empty())
    {
        const std::size_t end = message.find(' ', message.find(' ') + 1);
        heard += message.substr(0, end) + ',';
        const auto number =
            std::stoull(message.substr(message.find(' ') + 1, end));
        test::require(
            message.substr(end + 1) == body(number % 90, number), "damaged");
    }
    self.tell(heard);
}

// Takes the lock of the subscribers, and marks the oldest record if asked to.
CHILD_ROLE(die_as_reader)
{
    ct::subscriber in(options_of(self));
    memory m(self.argument(3), self.number(1));
    m.header().reader = m.header().last_id.load();
    if (self.argument(4) == "claimed")
        m.record(m.header().read).state = layout::claimed;
    if (self.argument(4) == "gate")
        m.gate() = 1;
    self.tell("ready");
    self.hear();
}

// Reserves a record and does not finish it.
CHILD_ROLE(die_as_writer)
{
    ct::publisher out(options_of(self));
    memory m(self.argument(3), self.number(1));
    for (std::size_t i = 0; i < layout::max_publishers; ++i)
        if (m.slot(i).owner == m.header().last_id)
            ++m.slot(i).calls;
    m.header().write += 24;
    self.tell("ready");
    self.hear();
}

CHILD_ROLE(work_until_killed)
{
    ct::publisher out(options_of(self));
    ct::subscriber in(options_of(self));
    self.tell("ready");
    std::string message;
    for (;;)
    {
        out.try_enqueue(message);
        in.try_dequeue(message);
    }
}

BOOST_AUTO_TEST_CASE(objects_of_the_protocol)
{
    const fixture f;
    {
        ct::publisher out(f.options);
        ct::subscriber in(f.options);
        BOOST_TEST(std::filesystem::file_size(f.file()) == 262400 + 64);
        BOOST_TEST(std::filesystem::exists(f.semaphore()));
        BOOST_TEST(std::filesystem::exists(f.leases() + "/1"));
        BOOST_TEST(std::filesystem::exists(f.leases() + "/2"));
        const memory m = memory_of(f);
        BOOST_TEST(m.slot(0).owner == 1);
        out.enqueue("abc", 3);
        BOOST_TEST(m.header().write == 16);
        BOOST_TEST(m.record(0).state == layout::ready);
        BOOST_TEST(m.record(0).length == 3);
        BOOST_TEST(m.header().notified == 1);
        std::string message;
        BOOST_TEST(in.dequeue(message));
        BOOST_TEST(m.header().read == 16);
        BOOST_TEST(m.header().reader == 0);
        BOOST_TEST(m.is_clear());
        out.close();
        BOOST_TEST(m.slot(0).owner == 0);
        BOOST_TEST(!std::filesystem::exists(f.leases() + "/1"));
        BOOST_TEST(std::filesystem::exists(f.file()));
    }
    BOOST_TEST(!std::filesystem::exists(f.file()));
    BOOST_TEST(!std::filesystem::exists(f.leases()));
    BOOST_TEST(!std::filesystem::exists(f.semaphore()));
}

BOOST_AUTO_TEST_CASE(every_size_at_every_offset)
{
    for (const std::size_t capacity : {24u, 64u, 104u})
    {
        const fixture f(capacity);
        ct::publisher out(f.options);
        ct::subscriber in(f.options);
        const memory m = memory_of(f);
        BOOST_TEST(out.max_message_size() == capacity - 8);
        char buffer[200];
        std::string message;
        for (std::size_t i = 0; i < 5 * capacity; ++i)
        {
            const std::string sent = body(i % (capacity - 7), i);
            BOOST_REQUIRE(out.try_enqueue(sent));
            std::size_t size = 0;
            switch (i % 3)
            {
            case 0:
                BOOST_REQUIRE(in.try_dequeue(message));
                break;
            case 1:
                BOOST_REQUIRE(in.try_dequeue(buffer, sizeof buffer, size));
                message.assign(buffer, size);
                break;
            default:
                BOOST_REQUIRE(
                    in.try_dequeue(buffer, 5, size, boost_ipq::truncate));
                BOOST_TEST(size == sent.size());
                message = sent;
                message.replace(
                    0, (std::min)(size, std::size_t(5)), buffer,
                    (std::min)(size, std::size_t(5)));
            }
            BOOST_REQUIRE(message == sent);
            BOOST_REQUIRE(m.is_clear());
        }
        BOOST_TEST(!in.try_dequeue(message));
    }
}

BOOST_AUTO_TEST_CASE(full_and_too_large)
{
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    boost::system::error_code ec;
    BOOST_TEST(thrown([&] {
                   out.try_enqueue(body(57, 0));
               }) == code(errc::message_too_large));
    BOOST_TEST(!out.try_enqueue(body(57, 0), ec));
    BOOST_TEST(ec == code(errc::message_too_large));
    BOOST_TEST(out.try_enqueue(body(56, 1)));
    BOOST_TEST(!out.try_enqueue("", 0));
    BOOST_TEST(!out.timed_enqueue("", 0, milliseconds(5)));
    char buffer[56];
    std::size_t size = 0;
    BOOST_TEST(thrown([&] {
                   in.try_dequeue(buffer, 55, size);
               }) == code(errc::buffer_too_small));
    BOOST_TEST(size == 56u);
    BOOST_TEST(in.try_dequeue(buffer, 56, size));
    BOOST_TEST(std::string(buffer, size) == body(56, 1));
    BOOST_TEST(thrown([&] {
                   out.try_enqueue(nullptr, 1);
               }) == code(errc::invalid_argument));
    BOOST_TEST(out.try_enqueue(nullptr, 0));
    BOOST_TEST(in.dequeue().empty());
}

BOOST_AUTO_TEST_CASE(batches)
{
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    const std::vector<std::string> messages = {"a", "bc", "", "def", "g", "h"};
    BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end()) == 4u);
    BOOST_TEST(out.try_enqueue_all(messages.begin(), messages.end()) == 0u);
    std::string message;
    for (std::size_t i = 0; i < 4; ++i)
    {
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == messages[i]);
    }
    const std::vector<std::string> large = {"a", body(57, 0)};
    boost::system::error_code ec;
    BOOST_TEST(out.try_enqueue_all(large.begin(), large.end(), ec) == 0u);
    BOOST_TEST(ec == code(errc::message_too_large));
    BOOST_TEST(!in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(ranges_and_allocators)
{
    const fixture f;
    ct::publisher out(f.options);
    std::pmr::monotonic_buffer_resource memory_of_messages;
    ct::basic_subscriber<std::pmr::polymorphic_allocator<std::byte>> in(
        f.options, &memory_of_messages);
    const std::array<std::uint32_t, 3> numbers = {1, 2, 3};
    out.enqueue(numbers);
    const auto message = in.dequeue();
    BOOST_TEST(message.size() == sizeof numbers);
    BOOST_TEST(std::memcmp(message.data(), &numbers, sizeof numbers) == 0);
    BOOST_TEST(message.get_allocator().resource() == &memory_of_messages);
}

BOOST_AUTO_TEST_CASE(consuming)
{
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    std::string message;
    const auto look = [&](const void* data, std::size_t size) {
        message.assign(static_cast<const char*>(data), size);
    };
    BOOST_TEST(in.consume_one(look) == 0u);
    BOOST_TEST(out.empty());
    for (std::size_t i = 0; i < 300; ++i)
    {
        const std::string sent = body(i % 57, i);
        BOOST_REQUIRE(out.try_enqueue(sent));
        BOOST_TEST(!in.empty());
        // The message stays if the function throws.
        BOOST_CHECK_THROW(
            in.consume_one(
                [](const void*, std::size_t) { throw std::out_of_range(""); }),
            std::out_of_range);
        BOOST_TEST(in.consume_one(look) == 1u);
        BOOST_REQUIRE(message == sent);
    }
    BOOST_TEST(memory_of(f).is_clear());
    boost::system::error_code ec;
    out.enqueue("a", 1);
    out.enqueue("b", 1);
    BOOST_TEST(in.consume_all(look, ec) == 2u);
    BOOST_TEST(!ec);
    BOOST_TEST(message == "b");
}

BOOST_AUTO_TEST_CASE(mismatch_and_wrong_options)
{
    const fixture f;
    ct::publisher out(f.options);
    const auto other =
        ct::queue_options(f.options.name(), 72).path(f.options.path());
    BOOST_TEST(thrown([&] {
                   ct::subscriber in(other);
               }) == code(errc::queue_mismatch));
    boost::system::error_code ec;
    ct::subscriber in(other, ec);
    BOOST_TEST(ec == code(errc::queue_mismatch));
    BOOST_TEST(!in.is_open());
    BOOST_TEST(thrown([&] { in.dequeue(); }) == code(errc::closed));
    for (const char* const name : {"", ".", "..", "a/b"})
        BOOST_CHECK_THROW(ct::queue_options(name, 64), std::invalid_argument);
    BOOST_CHECK_THROW(
        ct::queue_options(std::string(246, 'x'), 64), std::invalid_argument);
    for (const std::size_t capacity : {0u, 16u, 20u})
        BOOST_CHECK_THROW(
            ct::queue_options("x", capacity), std::invalid_argument);
    BOOST_TEST(ct::queue_options("x", 24).path("relative").path()[0] == '/');
}

BOOST_AUTO_TEST_CASE(last_participant_ends_the_queue)
{
    const fixture f;
    ct::publisher out(f.options);
    {
        test::child other("hold", f.arguments());
        other.hear();
        out.enqueue("kept", 4);
        out.close();
        ct::subscriber in(f.options);
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "kept");
        ct::publisher(f.options).enqueue("lost", 4);
        in.close();
        BOOST_TEST(std::filesystem::exists(f.file()));
        other.kill();
    }
    // The killed one left all objects. They do not count.
    BOOST_TEST(std::filesystem::exists(f.file()));
    ct::subscriber in(
        ct::queue_options(f.options.name(), 128).path(f.options.path()));
    std::string message;
    BOOST_TEST(!in.try_dequeue(message));
    BOOST_TEST(std::filesystem::exists(f.leases() + "/1"));
    BOOST_TEST(!std::filesystem::exists(f.leases() + "/2"));
    in.close();
    BOOST_TEST(!std::filesystem::exists(f.semaphore()));
}

BOOST_AUTO_TEST_CASE(several_of_each)
{
    const fixture f(1000);
    const auto count = 3000ull;
    ct::publisher out(f.options);
    std::vector<test::child> receivers, senders;
    for (int i = 0; i < 2; ++i)
    {
        receivers.emplace_back("receive_many", f.arguments());
        BOOST_TEST(receivers.back().hear() == "ready");
    }
    for (const char* const who : {"a", "b"})
    {
        auto arguments = f.arguments();
        arguments.insert(arguments.end(), {who, std::to_string(count)});
        senders.emplace_back("send_many", arguments);
    }
    for (test::child& sender : senders)
        BOOST_TEST(sender.wait() == 0);
    std::set<std::string> heard;
    for (std::size_t i = 0; i < receivers.size(); ++i)
        out.enqueue("", 0);
    for (test::child& receiver : receivers)
    {
        unsigned long long next[2] = {};
        const std::string all = receiver.hear();
        for (std::size_t i = 0; i < all.size();)
        {
            const std::size_t end = all.find(',', i);
            const std::string one = all.substr(i, end - i);
            BOOST_REQUIRE(heard.insert(one).second);
            // In the order sent.
            auto& least = next[one[0] - 'a'];
            BOOST_REQUIRE(std::stoull(one.substr(2)) >= least);
            least = std::stoull(one.substr(2)) + 1;
            i = end + 1;
        }
        BOOST_TEST(receiver.wait() == 0);
    }
    BOOST_TEST(heard.size() == 2 * count);
}

BOOST_AUTO_TEST_CASE(waiting)
{
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    std::string message;
    const auto begin = steady_clock::now();
    BOOST_TEST(!in.timed_dequeue(message, milliseconds(20)));
    BOOST_TEST((steady_clock::now() - begin >= milliseconds(20)));
    BOOST_TEST(!in.timed_dequeue(message, steady_clock::now()));
    {
        std::thread sender([&] { out.enqueue("x", 1); });
        BOOST_TEST(in.dequeue(message));
        sender.join();
    }
    out.enqueue(body(56, 0));
    {
        std::thread sender([&] { out.enqueue("y", 1); });
        BOOST_TEST(in.dequeue(message));
        BOOST_TEST(in.dequeue(message));
        sender.join();
    }
    BOOST_TEST(message == "y");
    std::atomic<bool> flag{false};
    std::thread stopper([&] { flag = true; });
    BOOST_TEST(!in.dequeue(message, flag_token{flag}));
    stopper.join();
}

BOOST_AUTO_TEST_CASE(cancel_stop_and_close)
{
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    std::atomic<int> waiting{0};
    const auto until = [&](errc reason, auto end) {
        waiting = 0;
        std::atomic<int> right{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                ++waiting;
                right += thrown([&] { in.dequeue(); }) == code(reason);
                --waiting;
            });
        BOOST_TEST(test::eventually([&] { return waiting == 2; }));
        while (waiting != 0)
            end();
        for (std::thread& thread : threads)
            thread.join();
        BOOST_TEST(right == 2);
    };
    until(errc::canceled, [&] { in.cancel(); });
    BOOST_TEST(!in.stopped());
    until(errc::stopped, [&] { in.stop(); });
    BOOST_TEST(in.stopped());
    // A stopped handle still takes what is there.
    out.enqueue("y", 1);
    std::string message;
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(!in.dequeue(message));
    boost::system::error_code ec;
    in.dequeue(ec);
    BOOST_TEST(ec == code(errc::stopped));
    out.stop();
    BOOST_TEST(out.stopped());
    out.enqueue(body(56, 0));
    BOOST_TEST(thrown([&] { out.enqueue("z", 1); }) == code(errc::stopped));
    out.close();
    BOOST_TEST(thrown([&] { out.enqueue("z", 1); }) == code(errc::closed));
    out = ct::publisher(f.options);
    BOOST_TEST(!out.stopped());
}

BOOST_AUTO_TEST_CASE(dead_subscriber)
{
    for (const char* const how : {"locked", "claimed", "gate"})
    {
        const fixture f;
        ct::publisher out(f.options);
        ct::subscriber in(f.options);
        if (how != std::string("gate"))
        {
            out.enqueue("first", 5);
            out.enqueue("second", 6);
        }
        auto arguments = f.arguments();
        arguments.insert(arguments.end(), {f.file(), how});
        test::child other("die_as_reader", arguments);
        other.hear();
        // It lives: it may have been stopped.
        std::string message;
        BOOST_TEST(!in.timed_dequeue(message, milliseconds(120)));
        other.kill();
        if (how == std::string("gate"))
        {
            BOOST_TEST(!out.try_enqueue("third", 5));
            in.timed_dequeue(message, milliseconds(120));
            BOOST_TEST(out.try_enqueue("third", 5));
        }
        BOOST_TEST(in.timed_dequeue(message, milliseconds(1000)));
        BOOST_TEST(
            message == (how == std::string("locked")    ? "first"
                        : how == std::string("claimed") ? "second"
                                                        : "third"));
        in.close();
        out.close();
        BOOST_TEST(!std::filesystem::exists(f.file()));
    }
}

BOOST_AUTO_TEST_CASE(dead_publisher)
{
    // The protocol waits ten seconds.
    if (!std::getenv("BOOST_IPQ_CLOUDTOID_SLOW"))
        return;
    const fixture f;
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    auto arguments = f.arguments();
    arguments.push_back(f.file());
    test::child other("die_as_writer", arguments);
    other.hear();
    std::string message;
    // It lives: nothing is dropped.
    other.signal(SIGSTOP);
    out.enqueue("dropped", 7);
    const auto begin = steady_clock::now();
    BOOST_TEST(!in.timed_dequeue(message, std::chrono::seconds(11)));
    other.kill();
    out.enqueue("arrives", 7);
    BOOST_TEST(in.timed_dequeue(message, std::chrono::seconds(12)));
    BOOST_TEST((steady_clock::now() - begin < std::chrono::seconds(23)));
    BOOST_TEST(message == "arrives");
    BOOST_TEST(memory_of(f).is_clear());
}

BOOST_AUTO_TEST_CASE(killed_at_random)
{
    const fixture f(4096);
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    for (int i = 0; i < 12; ++i)
    {
        test::child other("work_until_killed", f.arguments());
        other.hear();
        std::this_thread::sleep_for(std::chrono::microseconds(i * 150));
        other.kill();
        // A publisher that dies inside a call holds up the queue for ten
        // seconds: rare, and the test of dead publishers shows it.
        std::string message;
        out.try_enqueue("after", 5);
        in.timed_dequeue(message, milliseconds(20));
    }
    BOOST_TEST(thrown([&] {
                   std::string message;
                   in.try_dequeue(message);
               }) == boost::system::error_code());
}

BOOST_AUTO_TEST_CASE(publisher_limit)
{
    const fixture f;
    ct::subscriber in(f.options);
    const memory m = memory_of(f);
    for (std::size_t i = 0; i < layout::max_publishers; ++i)
        m.slot(i).owner = m.header().last_id.load();
    BOOST_TEST(thrown([&] {
                   ct::publisher out(f.options);
               }) == code(errc::too_many_processes));
    m.slot(2047).owner = 1000000; // no such participant
    m.slot(2047).calls = 7;
    ct::publisher out(f.options);
    BOOST_TEST(m.slot(2047).calls == 0);
    out.enqueue("x", 1);
    BOOST_TEST(in.dequeue().size() == 1u);
}

BOOST_AUTO_TEST_CASE(damage)
{
    const std::int64_t positions[] = {
        -8, 4, 1 << 20, std::numeric_limits<std::int64_t>::max() - 7,
        std::numeric_limits<std::int64_t>::min()};
    for (const std::int64_t damaged : positions)
        for (const bool is_read : {false, true})
        {
            const fixture f;
            ct::publisher out(f.options);
            ct::subscriber in(f.options);
            out.enqueue("x", 1);
            const memory m = memory_of(f);
            (is_read ? m.header().read : m.header().write) = damaged;
            std::string message;
            BOOST_TEST(thrown([&] {
                           in.try_dequeue(message);
                       }) == code(errc::queue_corrupt));
            BOOST_TEST(thrown([&] {
                           out.try_enqueue("y", 1);
                       }) == code(errc::queue_corrupt));
            BOOST_TEST(m.header().reader == 0);
        }
    for (const std::int32_t length : {-1, 2, 57, 1 << 30})
    {
        const fixture f;
        ct::publisher out(f.options);
        ct::subscriber in(f.options);
        out.enqueue("x", 1);
        const memory m = memory_of(f);
        m.record(0).length = length;
        boost::system::error_code ec;
        std::string message;
        const bool taken = in.try_dequeue(message, ec);
        BOOST_TEST(taken == (length == 2));
        if (!taken)
            BOOST_TEST(ec == code(errc::queue_corrupt));
        m.record(0).state = 77;
        BOOST_TEST(!in.timed_dequeue(message, milliseconds(10)));
    }
    // Records that all look claimed.
    const fixture f(1 << 20);
    ct::publisher out(f.options);
    ct::subscriber in(f.options);
    const memory m = memory_of(f);
    m.header().write = 1 << 20;
    for (std::int64_t i = 0; i < 1 << 20; i += 8)
        m.record(i).state = layout::claimed;
    std::string message;
    BOOST_TEST(!in.timed_dequeue(message, milliseconds(200)));
    // No number for a participant is left.
    m.header().last_id = std::numeric_limits<std::int32_t>::max();
    BOOST_TEST(thrown([&] {
                   ct::publisher another(f.options);
               }) == code(errc::queue_corrupt));
}

BOOST_AUTO_TEST_CASE(forked_child)
{
    const fixture f;
    ct::publisher out(f.options);
    const pid_t pid = ::fork();
    if (pid == 0)
    {
        boost::system::error_code ec;
        out.try_enqueue("x", 1, ec);
        bool good = ec == code(errc::closed);
        out.close();
        good = good && std::filesystem::exists(f.leases() + "/1");
        ct::publisher own(f.options);
        own.enqueue("child", 5);
        ::_exit(good ? 0 : 1);
    }
    int status = 0;
    BOOST_TEST(::waitpid(pid, &status, 0) == pid);
    BOOST_TEST(status == 0);
    ct::subscriber in(f.options);
    BOOST_TEST(in.dequeue().size() == 5u);
}
