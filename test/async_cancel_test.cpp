// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Outstanding operations: canceled, destroyed, many at once.

#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/usage.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif
#include <chrono>
#include <cstddef>
#include <iterator>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace asio = boost::asio;
using boost::system::error_code;
using boost_ipq::errc;

namespace {

using test::threads;

const unsigned threads_at_first = threads();

// A thread that was joined is still counted for a moment.
bool threads_become(unsigned number)
{
    return test::eventually([&] { return threads() == number; });
}

// Returns: the number of threads, without those of earlier test cases.
unsigned threads_now()
{
    test::eventually([] { return threads() <= threads_at_first; });
    return threads();
}

// The threads that wait for that many queues: on Windows, and in the generic
// ways, the one that waits for all has one more for each.
constexpr unsigned waiting([[maybe_unused]] unsigned queues)
{
#if defined(_WIN32)
    return 1 + queues;
#else
    return boost_ipq::detail::platform::is_generic ? 1 + queues : 1;
#endif
}

struct fixture
{
    // Counts the operations that were aborted, and the others.
    void dequeue(boost_ipq::async_subscriber& from)
    {
        from.async_dequeue(
            asio::buffer(buffer), [this](error_code ec, std::size_t) {
                ++(ec == asio::error::operation_aborted ? aborted : others);
            });
    }

    const test::scoped_queue queue;
    asio::io_context io;
    boost_ipq::async_subscriber in{
        io, boost_ipq::create_only, queue.options(24)};
    boost_ipq::async_publisher out{io, boost_ipq::open_only, queue};
    char buffer[100];
    unsigned aborted = 0, others = 0;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(cancel_all, fixture)
{
    for (int i = 0; i < 10; ++i)
        dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    in.cancel();
    BOOST_TEST(aborted == 0u); // not inside the call
    io.run();
    BOOST_TEST(aborted == 10u);

    // The next operation receives the message.
    boost_ipq::publisher(boost_ipq::open_only, queue).enqueue("abc", 3);
    io.restart();
    dequeue(in);
    io.run();
    BOOST_TEST(others == 1u);
}

BOOST_FIXTURE_TEST_CASE(cancel_sending, fixture)
{
    boost_ipq::publisher(boost_ipq::open_only, queue).enqueue("full", 4);
    boost_ipq::publisher(boost_ipq::open_only, queue).try_enqueue("full", 4);
    out.async_enqueue(asio::buffer("0123456789", 10), [&](error_code ec) {
        BOOST_TEST(ec == asio::error::operation_aborted);
        ++aborted;
    });
    BOOST_TEST(test::publishers_wait(queue.name()));
    out.cancel();
    io.run();
    BOOST_TEST(aborted == 1u);
}

BOOST_FIXTURE_TEST_CASE(with_a_code, fixture)
{
    error_code ec = errc::closed;
    dequeue(in);
    in.cancel(ec);
    BOOST_TEST(!ec);
    dequeue(in);
    ec = errc::closed;
    in.close(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(!in.is_open());
    io.run();
    BOOST_TEST(aborted == 2u);
}

BOOST_FIXTURE_TEST_CASE(close_and_destructor, fixture)
{
    dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    in.close();
    {
        boost_ipq::async_subscriber other(io, boost_ipq::open_only, queue);
        dequeue(other);
        BOOST_TEST(test::subscribers_wait(queue.name()));
    }
    io.run();
    BOOST_TEST(aborted == 2u);
    BOOST_TEST(boost_ipq::inspect(queue.name()).waiting_subscribers == 0u);
}

BOOST_FIXTURE_TEST_CASE(move, fixture)
{
    dequeue(in);
    boost_ipq::async_subscriber other(std::move(in));
    BOOST_TEST(!in.is_open());
    BOOST_TEST(other.is_open());
    BOOST_TEST(test::subscribers_wait(queue.name()));
    boost_ipq::publisher(boost_ipq::open_only, queue).enqueue("abc", 3);
    io.run();
    BOOST_TEST(others == 1u);
    io.restart();
    dequeue(other);
    other = boost_ipq::async_subscriber(io, boost_ipq::open_only, queue);
    io.run();
    BOOST_TEST(aborted == 1u);
}

// Cancellation at any moment neither loses nor duplicates messages.
BOOST_FIXTURE_TEST_CASE(while_messages_come, fixture)
{
    constexpr unsigned messages = 3000;
    std::thread sending([&] {
        boost_ipq::publisher sender(boost_ipq::open_only, queue);
        for (unsigned i = 0; i < messages; ++i)
            sender.enqueue(&i, sizeof i);
    });
    unsigned received = 0, wrong = 0;
    while (received < messages)
    {
        unsigned number = 0;
        in.async_dequeue(
            asio::buffer(&number, sizeof number),
            [&](error_code ec, std::size_t) {
                if (!ec)
                    wrong += number != received++;
            });
        io.poll();
        in.cancel();
        io.restart();
        io.run();
        io.restart();
    }
    sending.join();
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(received == messages);
}

// The context is destroyed first; the handlers are destroyed and not called.
BOOST_AUTO_TEST_CASE(destroyed_context)
{
    const test::scoped_queue queue;
    const unsigned before = threads_now();
    auto alive = std::make_shared<int>(0);
    bool called = false;
    {
        asio::io_context io;
        // A handler owns the object, as sessions do.
        auto in = std::make_shared<boost_ipq::async_subscriber>(
            io, boost_ipq::create_only, queue.options(100));
        auto& object = *in;
        auto storage = std::make_shared<std::string>();
        object.async_dequeue(
            asio::dynamic_buffer(*storage),
            [&called, alive, storage,
             in = std::move(in)](error_code, std::size_t) { called = true; });
        BOOST_TEST(test::subscribers_wait(queue.name()));
        BOOST_TEST(alive.use_count() == 2);
    }
    BOOST_TEST(alive.use_count() == 1);
    BOOST_TEST(!called);
    BOOST_TEST(threads_become(before));
}

// The objects of a context start one thread when they need it, and keep it.
BOOST_FIXTURE_TEST_CASE(a_hundred_outstanding, fixture)
{
    const unsigned before = threads_now();
    constexpr unsigned count = 100;
    unsigned buffers[count], order = 0, wrong = 0;
    for (unsigned i = 0; i < count; ++i)
        in.async_dequeue(
            asio::buffer(&buffers[i], sizeof buffers[i]),
            [&, i](error_code ec, std::size_t) {
                wrong += ec || buffers[i] != i || order++ != i;
            });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    BOOST_TEST(threads() == before + waiting(1));
    unsigned numbers[count];
    for (unsigned i = 0; i < count; ++i)
    {
        numbers[i] = i;
        out.async_enqueue(
            asio::buffer(&numbers[i], sizeof i),
            [&](error_code ec) { wrong += bool(ec); });
    }
    BOOST_TEST(threads() == before + waiting(1));
    io.run();
    BOOST_TEST(order == count);
    BOOST_TEST(wrong == 0u);
    in.close();
    out.close();
    BOOST_TEST(threads_become(before));
}

// An operation that can complete at once needs no thread.
BOOST_FIXTURE_TEST_CASE(at_once, fixture)
{
    const unsigned before = threads_now();
    for (int i = 0; i < 10; ++i)
    {
        out.async_enqueue(asio::buffer("abc", 3), [](error_code) {});
        dequeue(in);
        io.run();
        io.restart();
    }
    BOOST_TEST(others == 10u);
    BOOST_TEST(threads_become(before));
}

BOOST_FIXTURE_TEST_CASE(many_objects, fixture)
{
    std::list<boost_ipq::async_subscriber> objects;
    for (int i = 0; i < 30; ++i)
    {
        objects.emplace_back(io, boost_ipq::open_only, queue);
        dequeue(objects.back());
    }
    for (int i = 0; i < 30; ++i)
        out.async_enqueue(
            asio::buffer("abc", 3), [](error_code ec) { BOOST_TEST(!ec); });
    io.run();
    BOOST_TEST(others == 30u);
}

// However many queues there are.
BOOST_FIXTURE_TEST_CASE(fifty_queues_one_thread, fixture)
{
    const unsigned before = threads_now();
    std::list<test::scoped_queue> queues;
    std::list<boost_ipq::async_subscriber> objects;
    std::list<boost_ipq::publisher> publishers;
    for (int i = 0; i < 50; ++i)
    {
        queues.emplace_back();
        objects.emplace_back(
            io, boost_ipq::create_only, queues.back().options(64));
        publishers.emplace_back(boost_ipq::open_only, queues.back());
        dequeue(objects.back());
    }
    // A full queue is waited for, too.
    boost_ipq::async_publisher full(io, boost_ipq::open_only, queue);
    while (
        boost_ipq::publisher(boost_ipq::open_only, queue).try_enqueue("a", 1))
    {
    }
    unsigned sent = 0;
    full.async_enqueue(
        asio::buffer("abc", 3), [&](error_code ec) { sent += !ec; });
    BOOST_TEST(test::subscribers_wait(queues.back().name()));
    BOOST_TEST(test::publishers_wait(queue.name()));
    BOOST_TEST(threads() == before + waiting(51));
    for (auto& each : publishers)
        each.try_enqueue("abc", 3);
    boost_ipq::subscriber room(boost_ipq::open_only, queue);
    std::string message;
    while (room.try_dequeue(message))
    {
    }
    io.run();
    BOOST_TEST(others == 50u);
    BOOST_TEST(sent == 1u);
    // It ends with the last object that had to wait.
    full.close();
    objects.erase(std::next(objects.begin()), objects.end());
    BOOST_TEST(threads() == before + waiting(51));
    objects.clear();
    BOOST_TEST(threads_become(before));
}

// An object without an operation leaves the thread's set after a moment: its
// publishers wake no thread.
BOOST_FIXTURE_TEST_CASE(nothing_wanted, fixture)
{
    dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    in.cancel();
    BOOST_TEST(test::eventually([&] {
        return boost_ipq::inspect(queue.name()).waiting_subscribers == 0;
    }));
    dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    boost_ipq::publisher(boost_ipq::open_only, queue).enqueue("abc", 3);
    io.run();
    BOOST_TEST(others == 1u);
}

// A context that is destroyed first, with several objects, one of which a
// handler owns.
BOOST_AUTO_TEST_CASE(destroyed_context_of_several)
{
    const test::scoped_queue first, second;
    const unsigned before = threads_now();
    auto alive = std::make_shared<int>(0);
    char buffer[10];
    auto io = std::make_unique<asio::io_context>();
    boost_ipq::async_subscriber one(
        *io, boost_ipq::create_only, first.options(64));
    auto two = std::make_shared<boost_ipq::async_subscriber>(
        *io, boost_ipq::create_only, second.options(64));
    auto& object = *two;
    one.async_dequeue(
        asio::buffer(buffer), [alive](error_code, std::size_t) {});
    object.async_dequeue(
        asio::buffer(buffer),
        [alive, two = std::move(two)](error_code, std::size_t) {});
    BOOST_TEST(threads() == before + 1);
    io.reset();
    BOOST_TEST(threads_become(before));
    BOOST_TEST(alive.use_count() == 1);
    one.close();
}

// The thread sleeps.
BOOST_FIXTURE_TEST_CASE(waiting_costs_nothing, fixture)
{
    dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    const auto begin = test::processor_time();
    io.run_for(std::chrono::seconds(1));
    // A busy loop would use a second.
    BOOST_TEST(
        (test::processor_time() - begin < std::chrono::milliseconds(200)));
    in.cancel();
}

#if !defined(_WIN32) // fork

// Parent and child continue, as with Asio's own objects.
BOOST_FIXTURE_TEST_CASE(over_a_fork, fixture)
{
    dequeue(in);
    BOOST_TEST(test::subscribers_wait(queue.name()));
    io.notify_fork(asio::io_context::fork_prepare);
    const pid_t child = ::fork();
    if (child == 0)
    {
        io.notify_fork(asio::io_context::fork_child);
        in.cancel(); // or it would receive its own message
        out.async_enqueue(asio::buffer("abc", 3), [](error_code) {});
        io.run();
        ::_exit(aborted == 1 ? 0 : 1);
    }
    io.notify_fork(asio::io_context::fork_parent);
    io.run_for(std::chrono::seconds(60));
    BOOST_TEST(others == 1u);
    int status = -1;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

#endif
