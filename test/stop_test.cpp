// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// stop() ends waiting in one handle for good, in no matter which state its
// thread is, drains what was sent before, and may be called by a signal
// handler.

#include "support/body.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/asio.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#if !defined(_WIN32)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <string>
#include <string_view>
#include <thread>

using boost_ipq::errc;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

using fixture = test::queue_fixture<1024>;

// The number of rounds; the environment may ask for more.
int rounds()
{
    const char* const asked = std::getenv("BOOST_IPQ_STOP_ROUNDS");
    return asked ? std::atoi(asked) : 3000;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(subscriber_takes_what_is_there_then_false, fixture)
{
    out.enqueue("one"sv);
    BOOST_TEST(!in.stopped());
    in.stop();
    out.enqueue("two"sv);
    BOOST_TEST(in.stopped());
    std::string message;
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "one");
    BOOST_TEST(in.timed_dequeue(message, 1h));
    BOOST_TEST(message == "two");
    BOOST_TEST(!in.dequeue(message));
    BOOST_TEST(!in.timed_dequeue(message, 1h));
    BOOST_TEST(!in.dequeue(message, test::never()));
    BOOST_TEST(!in.receive());
    BOOST_TEST(!in.dequeue(message, ec));
    BOOST_TEST(ec == test::code(errc::stopped));
    BOOST_TEST(!in.timed_dequeue(message, 1h, ec));
    BOOST_TEST(ec == test::code(errc::stopped));
    BOOST_TEST(!in.receive(ec));
    BOOST_TEST(ec == test::code(errc::stopped));
    BOOST_TEST(
        test::thrown([&] { in.dequeue(); }) == test::code(errc::stopped));
    BOOST_TEST(!in.try_dequeue(message, ec));
    BOOST_TEST(!ec);
}

BOOST_FIXTURE_TEST_CASE(publisher_sends_while_there_is_room, fixture)
{
    out.stop();
    out.enqueue("fits"sv);
    while (out.try_enqueue("full"sv))
    {
    }
    BOOST_TEST(test::thrown([&] {
                   out.enqueue("full"sv);
               }) == test::code(errc::stopped));
    out.enqueue("full"sv, ec);
    BOOST_TEST(ec == test::code(errc::stopped));
    BOOST_TEST(!out.timed_enqueue("full"sv, 1h));
    BOOST_TEST(!out.timed_enqueue("full"sv, 1h, ec));
    BOOST_TEST(ec == test::code(errc::stopped));
    BOOST_TEST(!out.reserve(4));
    BOOST_TEST(!out.enqueue("full"sv, test::never()));
    BOOST_TEST(take() == "fits");
    out.enqueue("full"sv);
}

BOOST_FIXTURE_TEST_CASE(other_handles_go_on_waiting, fixture)
{
    boost_ipq::subscriber other(boost_ipq::open_only, queue);
    std::string taken;
    auto waiting =
        std::async(std::launch::async, [&] { return other.dequeue(taken); });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    in.stop();
    BOOST_TEST((waiting.wait_for(100ms) == std::future_status::timeout));
    out.enqueue("for the other"sv);
    BOOST_TEST(waiting.get());
    BOOST_TEST(taken == "for the other");
    BOOST_TEST(!other.stopped());
}

BOOST_FIXTURE_TEST_CASE(sleeping_thread_ends_at_once, fixture)
{
    auto waiting = std::async(std::launch::async, [&] {
        std::string message;
        return in.dequeue(message);
    });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    in.stop();
    BOOST_TEST((waiting.wait_for(5s) == std::future_status::ready));
    BOOST_TEST(!waiting.get());
}

// At any moment of the loop: a stop is not lost, and nothing that was sent
// before it is left behind.
BOOST_FIXTURE_TEST_CASE(no_stop_is_lost, fixture)
{
    for (int i = 0; i < rounds(); ++i)
    {
        test::watchdog::start();
        boost_ipq::subscriber each(boost_ipq::open_only, queue);
        std::atomic<bool> started{false};
        int taken = 0;
        std::thread loop([&] {
            std::string message;
            started = true;
            while (each.dequeue(message))
                ++taken;
        });
        while (!started)
            std::this_thread::yield();
        boost_ipq::detail::platform::pause(
            static_cast<std::uint32_t>(i % 100 * 2));
        if (i % 2 == 0)
            out.enqueue("before"sv);
        each.stop();
        loop.join(); // or the watchdog ends the test
        BOOST_REQUIRE(taken == (i % 2 == 0));
    }
}

#if !defined(_WIN32) // signals, fork

namespace {

boost_ipq::subscriber* stopped_by_signal = nullptr;

void stop_in_handler(int)
{
    stopped_by_signal->stop();
}

} // namespace

BOOST_FIXTURE_TEST_CASE(signal_handler_stops_the_thread_it_interrupts, fixture)
{
    struct sigaction action = {}, before = {};
    action.sa_handler = stop_in_handler;
    ::sigaction(SIGUSR1, &action, &before);
    for (int i = 0; i < 200; ++i)
    {
        boost_ipq::subscriber each(boost_ipq::open_only, queue);
        stopped_by_signal = &each;
        std::atomic<bool> started{false};
        std::thread loop([&] {
            std::string message;
            started = true;
            while (each.dequeue(message))
            {
            }
        });
        while (!started)
            std::this_thread::yield();
        if (i % 2 == 0)
            std::this_thread::yield();
        ::pthread_kill(loop.native_handle(), SIGUSR1);
        loop.join();
    }
    ::sigaction(SIGUSR1, &before, nullptr);
}

BOOST_FIXTURE_TEST_CASE(forked_child_stops_its_own_copy, fixture)
{
    const ::pid_t child = ::fork();
    if (child == 0)
    {
        in.stop();
        std::string message;
        ::_exit(in.stopped() && !in.dequeue(message) ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    BOOST_TEST(!in.stopped());
}

#endif

BOOST_AUTO_TEST_CASE(heap_queue_stops)
{
    using subscriber = boost_ipq::basic_subscriber<
        std::allocator<std::byte>, boost_ipq::heap_storage>;
    const test::scoped_queue queue;
    subscriber in(boost_ipq::open_or_create, queue.options(1024));
    auto waiting = std::async(std::launch::async, [&] {
        std::string message;
        return in.dequeue(message);
    });
    in.stop();
    BOOST_TEST(!waiting.get());
    in = subscriber();
    BOOST_TEST(!in.stopped());
    boost_ipq::remove_queue<boost_ipq::heap_storage>(queue.options(1024));
}

BOOST_AUTO_TEST_CASE(typed_handles_stop)
{
    const test::scoped_queue queue;
    boost_ipq::typed_publisher<int> out(
        boost_ipq::create_only, queue.options(64));
    boost_ipq::typed_subscriber<int> in(boost_ipq::open_only, queue);
    in.stop();
    out.stop();
    out.enqueue(7);
    BOOST_TEST(in.dequeue() == 7);
    BOOST_TEST(
        test::thrown([&] { in.dequeue(); }) == test::code(errc::stopped));
    BOOST_TEST(in.stopped());
    BOOST_TEST(out.stopped());
}

BOOST_FIXTURE_TEST_CASE(asynchronous_operations_end, fixture)
{
    boost::asio::io_context io;
    boost_ipq::async_subscriber each(
        io.get_executor(), boost_ipq::open_only, queue.options(1024));
    char storage[16];
    std::vector<boost::system::error_code> results;
    const auto take = [&] {
        each.async_dequeue(
            boost::asio::buffer(storage),
            [&](boost::system::error_code e, std::size_t) {
                results.push_back(e);
            });
    };
    take();
    take();
    std::thread stopper([&] {
        BOOST_TEST(test::subscribers_wait(queue.name()));
        each.stop();
    });
    io.run();
    stopper.join();
    BOOST_TEST(each.stopped());
    out.enqueue("still taken"sv);
    take();
    take();
    io.restart();
    io.run();
    BOOST_REQUIRE(results.size() == 4u);
    BOOST_TEST(results[0] == test::code(errc::stopped));
    BOOST_TEST(results[1] == test::code(errc::stopped));
    BOOST_TEST(!results[2]);
    BOOST_TEST(results[3] == test::code(errc::stopped));
}

BOOST_AUTO_TEST_CASE(closed_handle_cannot_be_stopped)
{
    boost_ipq::subscriber in;
    in.stop();
    BOOST_TEST(!in.stopped());
}
