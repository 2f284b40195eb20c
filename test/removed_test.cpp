// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Handles notice that their queue was removed: senders fail, subscribers
// deliver what is left and then fail, waiting calls end at once.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/asio/io_context.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

struct fixture
{
    void remove()
    {
        BOOST_TEST(!out.removed());
        BOOST_TEST(remove_queue(queue));
        BOOST_TEST(out.removed());
        BOOST_TEST(in.removed());
    }

    const test::scoped_queue queue;
    publisher out{create_only, queue.options(1000)};
    subscriber in{open_only, queue};
    std::string message;
};

template <class Function>
bool fails(Function function)
{
    return test::thrown(function) == test::code(errc::queue_removed);
}

// The call fails, and its overload with an error_code.
template <class Function, class Reporting>
bool both_fail(Function function, Reporting reporting)
{
    boost::system::error_code ec;
    reporting(ec);
    return fails(function) && ec == test::code(errc::queue_removed);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(sending_fails, fixture)
{
    const std::vector<std::string> batch{"a", "b"};
    remove();
    BOOST_TEST(both_fail(
        [&] { out.try_enqueue("x", 1); },
        [&](auto& ec) { out.try_enqueue("x", 1, ec); }));
    BOOST_TEST(both_fail(
        [&] { out.enqueue("x", 1); },
        [&](auto& ec) { out.enqueue("x", 1, ec); }));
    BOOST_TEST(both_fail(
        [&] { out.timed_enqueue("x", 1, seconds(9)); },
        [&](auto& ec) { out.timed_enqueue("x", 1, seconds(9), ec); }));
    BOOST_TEST(both_fail(
        [&] { out.try_enqueue_all(batch.begin(), batch.end()); },
        [&](auto& ec) {
            out.try_enqueue_all(batch.begin(), batch.end(), ec);
        }));
    BOOST_TEST(both_fail(
        [&] { out.try_reserve(8); },
        [&](auto& ec) { out.try_reserve(8, ec); }));
    BOOST_TEST(both_fail(
        [&] { out.reserve(8); }, [&](auto& ec) { out.reserve(8, ec); }));
    BOOST_TEST(both_fail(
        [&] { out.timed_reserve(8, seconds(9)); },
        [&](auto& ec) { out.timed_reserve(8, seconds(9), ec); }));
    // Nothing of it has arrived.
    BOOST_TEST(fails([&] { in.try_dequeue(message); }));
}

BOOST_FIXTURE_TEST_CASE(what_is_left_is_delivered, fixture)
{
    for (const char* const text : {"1", "2", "3", "4", "5", "6"})
        out.enqueue(text, 1);
    remove();
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "1");
    in.dequeue(message);
    BOOST_TEST(message == "2");
    BOOST_TEST(in.timed_dequeue(message, seconds(9)));
    BOOST_TEST(message == "3");
    in.try_receive().acknowledge();
    const auto none = [](const void*, std::size_t) {};
    BOOST_TEST(in.consume_all(none) == 2u);

    BOOST_TEST(both_fail(
        [&] { in.try_dequeue(message); },
        [&](auto& ec) { in.try_dequeue(message, ec); }));
    BOOST_TEST(both_fail(
        [&] { in.dequeue(message); },
        [&](auto& ec) { in.dequeue(message, ec); }));
    BOOST_TEST(both_fail(
        [&] { in.timed_dequeue(message, seconds(9)); },
        [&](auto& ec) { in.timed_dequeue(message, seconds(9), ec); }));
    BOOST_TEST(both_fail(
        [&] { in.try_receive(); }, [&](auto& ec) { in.try_receive(ec); }));
    BOOST_TEST(
        both_fail([&] { in.receive(); }, [&](auto& ec) { in.receive(ec); }));
    BOOST_TEST(both_fail(
        [&] { in.consume_one(none); },
        [&](auto& ec) { in.consume_one(none, ec); }));
    BOOST_TEST(both_fail(
        [&] { in.consume_all(none); },
        [&](auto& ec) { in.consume_all(none, ec); }));
}

BOOST_FIXTURE_TEST_CASE(what_was_begun_is_finished, fixture)
{
    out.enqueue("first", 5);
    delivery first = in.try_receive();
    reservation second = out.reserve(6);
    std::copy_n("second", 6, static_cast<char*>(second.data()));
    remove();
    second.commit();
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "second");
    first = delivery(); // to be delivered again
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "first");
    BOOST_TEST(fails([&] { in.try_dequeue(message); }));
}

// Messages that were sent before the removal lie behind a reservation: they are
// delivered when its holder has decided.
BOOST_FIXTURE_TEST_CASE(messages_behind_a_reservation, fixture)
{
    for (const bool commit : {true, false})
    {
        publisher sender(open_or_create, queue.options(1000));
        subscriber receiver(open_only, queue);
        reservation held = sender.reserve(5);
        std::copy_n("first", 5, static_cast<char*>(held.data()));
        sender.enqueue("second", 6);
        BOOST_TEST(remove_queue(queue));
        BOOST_TEST(!receiver.try_dequeue(message));
        BOOST_TEST(!receiver.try_receive());
        BOOST_TEST(!receiver.timed_dequeue(message, milliseconds(1)));
        std::vector<std::string> received;
        std::thread receiving([&] {
            while (received.empty() || received.back() != "second")
            {
                receiver.dequeue(message);
                received.push_back(message);
            }
        });
        commit ? held.commit() : held.abandon();
        receiving.join();
        BOOST_TEST(received.size() == (commit ? 2u : 1u));
        BOOST_TEST(fails([&] { receiver.try_dequeue(message); }));
    }
}

// Nothing was sent behind it, so nothing is left.
BOOST_FIXTURE_TEST_CASE(nothing_behind_a_reservation, fixture)
{
    const reservation held = out.reserve(5);
    const reservation other = out.reserve(5);
    remove();
    BOOST_TEST(fails([&] { in.try_dequeue(message); }));
    BOOST_TEST(fails([&] { in.dequeue(message); }));
}

// Another subscriber reads it: it is delivered, nothing is left.
BOOST_FIXTURE_TEST_CASE(a_delivery_is_held, fixture)
{
    subscriber other(open_only, queue);
    out.enqueue("x", 1);
    delivery held = other.receive();
    remove();
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(fails([&] { in.try_dequeue(message); }));
    BOOST_TEST(fails([&] { in.dequeue(message); }));
    held = delivery(); // to be delivered again
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(fails([&] { in.try_dequeue(message); }));
}

// Argument: the queue. Reads the first message in place, reserves a record, and
// waits to be killed.
CHILD_ROLE(hold_two)
{
    subscriber in(open_only, self.argument(0));
    publisher out(open_only, self.argument(0));
    const auto message = in.receive();
    const auto room = out.reserve(8);
    self.tell("holds");
    self.hear();
}

// Also if the kernel was asked a moment ago whether the holder is alive.
BOOST_FIXTURE_TEST_CASE(what_the_dead_held, fixture)
{
    for (int round = 0; round < 20; ++round)
    {
        const test::scoped_queue name;
        publisher sender(create_only, name.options(1000));
        subscriber receiver(open_only, name);
        sender.enqueue("first", 5);
        test::child holder("hold_two", {name.name()});
        BOOST_TEST(holder.hear() == "holds");
        sender.enqueue("second", 6);
        BOOST_TEST(!receiver.try_dequeue(message)); // asks the kernel
        BOOST_TEST(remove_queue(name));
        BOOST_TEST(!receiver.try_dequeue(message));
        holder.kill();
        receiver.dequeue(message);
        BOOST_TEST(message == "first");
        receiver.dequeue(message);
        BOOST_TEST(message == "second");
        BOOST_TEST(fails([&] { receiver.try_dequeue(message); }));
    }
}

BOOST_AUTO_TEST_CASE(a_closed_handle_is_not_removed)
{
    publisher closed;
    BOOST_TEST(!closed.removed());
    const test::scoped_queue queue;
    publisher out(create_only, queue.options(100));
    BOOST_TEST(remove_queue(queue));
    out.close();
    BOOST_TEST(!out.removed());
    BOOST_CHECK(test::thrown([&] {
                    out.try_enqueue("x", 1);
                }) == test::code(errc::closed));
}

CHILD_ROLE(remove_and_create)
{
    remove_queue(self.argument(0));
    subscriber in(create_only, queue_options(self.argument(0), 1000));
    std::string message;
    self.tell("created");
    self.tell(in.timed_dequeue(message, std::chrono::milliseconds(100)));
}

// A peer that was restarted removes the queue and creates it again.
BOOST_FIXTURE_TEST_CASE(created_again_by_another_process, fixture)
{
    test::child peer("remove_and_create", {queue.name()});
    BOOST_TEST(peer.hear() == "created");
    BOOST_TEST(out.removed());
    BOOST_TEST(fails([&] { out.enqueue("x", 1); }));
    BOOST_TEST(peer.hear() == "0");
    publisher again(open_only, queue);
    BOOST_TEST(!again.removed());
}

namespace {

// How long a waiting call lasts after `remove()`: the best of ten, since the
// machine may be busy. Without a wake-up it would last for up to max_sleep.
template <class Round>
void expect_at_once(Round round)
{
    auto best = steady_clock::duration::max();
    for (unsigned i = 0; i < 10; ++i)
        best = (std::min)(best, round());
    BOOST_TEST((best < milliseconds(10)));
}

} // namespace

BOOST_AUTO_TEST_CASE(waiting_subscribers_wake)
{
    expect_at_once([] {
        const test::scoped_queue queue;
        subscriber in(create_only, queue.options(100));
        boost::system::error_code ec;
        steady_clock::time_point end;
        std::thread waiting([&] {
            std::string message;
            in.dequeue(message, ec);
            end = steady_clock::now();
        });
        BOOST_TEST(test::subscribers_wait(queue.name()));
        const auto begin = steady_clock::now();
        BOOST_TEST(remove_queue(queue));
        waiting.join();
        BOOST_TEST(ec == test::code(errc::queue_removed));
        return end - begin;
    });
}

BOOST_AUTO_TEST_CASE(waiting_publishers_wake)
{
    expect_at_once([] {
        const test::scoped_queue queue;
        publisher out(create_only, queue.options(100));
        while (out.try_enqueue("x", 1))
        {
        }
        boost::system::error_code ec;
        steady_clock::time_point end;
        std::thread waiting([&] {
            out.enqueue("x", 1, ec);
            end = steady_clock::now();
        });
        BOOST_TEST(test::publishers_wait(queue.name()));
        const auto begin = steady_clock::now();
        BOOST_TEST(remove_queue(queue));
        waiting.join();
        BOOST_TEST(ec == test::code(errc::queue_removed));
        return end - begin;
    });
}

// Argument: the queue. Tells when it waits no more.
CHILD_ROLE(wait_for_a_message)
{
    subscriber in(open_only, self.argument(0));
    std::string message;
    boost::system::error_code ec;
    in.dequeue(message, ec);
    self.tell(ec == errc::queue_removed);
}

BOOST_FIXTURE_TEST_CASE(several_processes_wait, fixture)
{
    std::vector<test::child> all;
    for (unsigned i = 0; i < 3; ++i)
        all.emplace_back(
            "wait_for_a_message", std::vector<std::string>{queue.name()});
    BOOST_TEST(test::subscribers_wait(queue.name(), 3));
    remove();
    for (auto& each : all)
    {
        BOOST_TEST(each.hear() == "1");
        BOOST_TEST(each.wait() == 0);
    }
}

#if !defined(_WIN32) // a file that is mapped keeps its name

// Deleted by other means: a waiting call notices within a second.
BOOST_AUTO_TEST_CASE(files_that_were_deleted)
{
    for (const bool lock : {false, true})
        BOOST_TEST_CONTEXT((lock ? "lock file" : "segment"))
        {
            const test::temporary_directory where;
            const auto options = where.options("q", 1000);
            subscriber in(create_only, options);
            publisher out(open_only, options);
            const std::string path = where.path() + "/boost_ipq.q.";
            BOOST_TEST(
                std::filesystem::remove(path + (lock ? "lock" : "segment")));
            const auto begin = steady_clock::now();
            boost::system::error_code ec;
            std::string message;
            in.timed_dequeue(message, seconds(10), ec);
            BOOST_TEST(ec == test::code(errc::queue_removed));
            BOOST_TEST((steady_clock::now() - begin < seconds(2)));
            BOOST_TEST(out.removed());
            BOOST_TEST(fails([&] { out.try_enqueue("x", 1); }));
        }
}

#endif

// A queue in a directory, and typed handles.
BOOST_AUTO_TEST_CASE(typed_handles_in_a_directory)
{
    const test::temporary_directory where;
    typed_publisher<int> out(create_only, where.options("q", 1000));
    typed_subscriber<int> in(open_only, where.options("q"));
    out.enqueue(1);
    BOOST_TEST(remove_queue(where.options("q")));
    BOOST_TEST(out.removed());
    BOOST_TEST(fails([&] { out.try_enqueue(2); }));
    int value = 0;
    BOOST_TEST(in.try_dequeue(value));
    BOOST_TEST(value == 1);
    BOOST_TEST(fails([&] { in.try_dequeue(value); }));
}

BOOST_AUTO_TEST_CASE(asynchronous_operations)
{
    const test::scoped_queue queue;
    boost::asio::io_context io;
    async_subscriber in(io.get_executor(), create_only, queue.options(100));
    async_publisher out(io.get_executor(), open_only, queue);
    char buffer[8];
    boost::system::error_code waiting, later, sending;
    in.async_dequeue(
        boost::asio::buffer(buffer), [&](const boost::system::error_code& ec,
                                         std::size_t) { waiting = ec; });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(in.removed());
    out.async_enqueue(
        boost::asio::buffer("x"),
        [&](const boost::system::error_code& ec) { sending = ec; });
    io.run();
    io.restart();
    in.async_dequeue(
        boost::asio::buffer(buffer),
        [&](const boost::system::error_code& ec, std::size_t) { later = ec; });
    io.run();
    BOOST_TEST(waiting == test::code(errc::queue_removed));
    BOOST_TEST(sending == test::code(errc::queue_removed));
    BOOST_TEST(later == test::code(errc::queue_removed));
}

// A remover finds a segment that is too short: nothing crashes, and the files
// go.
BOOST_AUTO_TEST_CASE(damaged_segment)
{
    const test::scoped_queue queue;
    for (const unsigned size : {0u, 1u, 4096u})
    {
        publisher(create_only, queue.options(10000));
        std::filesystem::resize_file(
            test::queue_objects(queue.name()).segment, size);
        BOOST_TEST(remove_queue(queue));
        BOOST_TEST(test::leftovers(queue.name()).empty());
    }
}
