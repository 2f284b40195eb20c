// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What ends a waiting call: its deadline, a stop request, cancel(). That holds
// even while a living process keeps the queue's locks.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/date_time/posix_time/posix_time.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace ptime = boost::posix_time;
using boost_ipq::errc;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

// The limit for events that happen at once, even on a busy machine.
constexpr auto at_once = 10s;
constexpr auto some_time = 30ms;

struct stop_flag
{
    const std::atomic<bool>* flag;
    bool stop_requested() const { return flag->load(); }
};

// An empty queue and a full one, each with a waiting call.
struct queues
{
    queues()
        : out(boost_ipq::create_only, full.options(16)),
          in(boost_ipq::create_only, empty.options(1000))
    {
        out.enqueue("x", 1);
    }

    // A handle of the same process; its messages fill `empty`.
    boost_ipq::publisher filler()
    {
        return boost_ipq::publisher(boost_ipq::open_only, empty);
    }

    test::scoped_queue full, empty;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    std::vector<std::byte> message;
};

template <class Function>
clock_type::duration time_of(Function function)
{
    const auto begin = clock_type::now();
    function();
    return clock_type::now() - begin;
}

template <class MakeDeadline>
void expect_deadline(const char* kind, MakeDeadline make)
{
    BOOST_TEST_CONTEXT(kind)
    {
        queues q;
        boost::system::error_code ec = errc::closed;
        const auto receiving = time_of(
            [&] { BOOST_TEST(!q.in.timed_dequeue(q.message, make(), ec)); });
        BOOST_TEST(!ec);
        BOOST_TEST((receiving >= some_time));
        BOOST_TEST((receiving < some_time + at_once));
        ec = errc::closed;
        const auto sending = time_of(
            [&] { BOOST_TEST(!q.out.timed_enqueue("x", 1, make(), ec)); });
        BOOST_TEST(!ec);
        BOOST_TEST((sending >= some_time));
        BOOST_TEST((sending < some_time + at_once));
    }
}

template <class Deadline>
void expect_past(const char* kind, const Deadline& deadline)
{
    BOOST_TEST_CONTEXT(kind)
    {
        queues q;
        const auto time = time_of([&] {
            BOOST_TEST(!q.in.timed_dequeue(q.message, deadline));
            BOOST_TEST(!q.out.timed_enqueue("x", 1, deadline));
        });
        BOOST_TEST((time < at_once));
        // A message that is there is still received.
        q.filler().enqueue("x", 1);
        BOOST_TEST(q.in.timed_dequeue(q.message, deadline));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(deadlines)
{
    expect_deadline("duration", [] { return some_time; });
    expect_deadline(
        "steady_clock", [] { return clock_type::now() + some_time; });
    expect_deadline("system_clock", [] {
        return std::chrono::system_clock::now() + some_time;
    });
    expect_deadline(
        "time_duration", [] { return ptime::milliseconds(some_time.count()); });
    expect_deadline("ptime", [] {
        return ptime::microsec_clock::universal_time() +
               ptime::milliseconds(some_time.count());
    });
}

BOOST_AUTO_TEST_CASE(deadlines_in_the_past)
{
    expect_past("duration", -1h);
    expect_past("zero", 0s);
    expect_past("smallest", (std::chrono::nanoseconds::min)());
    expect_past("steady_clock", clock_type::now() - 1h);
    expect_past("steady_clock, smallest", (clock_type::time_point::min)());
    expect_past("system_clock", std::chrono::system_clock::now() - 1h);
    expect_past("epoch", std::chrono::system_clock::time_point());
    expect_past("time_duration", ptime::hours(-1));
    expect_past(
        "ptime", ptime::microsec_clock::universal_time() - ptime::hours(1));
}

// Deadlines beyond the range of the clock.
BOOST_AUTO_TEST_CASE(deadlines_without_end)
{
    const auto expect_endless = [](const char* kind, auto deadline) {
        BOOST_TEST_CONTEXT(kind)
        {
            queues q;
            auto result = std::async(std::launch::async, [&] {
                return q.in.timed_dequeue(q.message, deadline);
            });
            BOOST_TEST(test::subscribers_wait(q.empty.name()));
            BOOST_TEST((result.wait_for(20ms) == std::future_status::timeout));
            q.filler().enqueue("x", 1);
            BOOST_TEST(result.get());
        }
    };
    expect_endless("duration", (std::chrono::nanoseconds::max)());
    expect_endless("hours", (std::chrono::hours::max)());
    expect_endless("steady_clock", (clock_type::time_point::max)());
    expect_endless(
        "system_clock", (std::chrono::system_clock::time_point::max)());
    expect_endless("time_duration", ptime::time_duration(ptime::pos_infin));
    expect_endless("ptime", ptime::ptime(ptime::pos_infin));
}

BOOST_AUTO_TEST_CASE(cancel)
{
    queues q;
    for (unsigned i = 0; i < 3; ++i) // later calls wait again
    {
        auto receiving = std::async(std::launch::async, [&] {
            boost::system::error_code ec;
            BOOST_TEST(!q.in.dequeue(q.message, ec));
            return ec;
        });
        BOOST_TEST(test::subscribers_wait(q.empty.name()));
        auto sending = std::async(std::launch::async, [&] {
            boost::system::error_code ec;
            q.out.enqueue("x", 1, ec);
            return ec;
        });
        BOOST_TEST(test::publishers_wait(q.full.name()));
        const auto time = time_of([&] {
            q.in.cancel();
            q.out.cancel();
            BOOST_TEST(receiving.get() == test::code(errc::canceled));
            BOOST_TEST(sending.get() == test::code(errc::canceled));
        });
        BOOST_TEST((time < at_once));
    }
    // No call waits: nothing happens.
    q.in.cancel();
    q.filler().enqueue("x", 1);
    BOOST_TEST(q.in.dequeue(q.message));
}

// cancel() ends all waiting calls of this handle, in all threads, and none of
// another handle.
BOOST_AUTO_TEST_CASE(cancel_many)
{
    constexpr unsigned threads = 8;
    queues q;
    boost_ipq::subscriber other(boost_ipq::open_only, q.empty);
    auto others = std::async(std::launch::async, [&] {
        std::vector<std::byte> message;
        return other.dequeue(message);
    });
    std::vector<std::future<bool>> canceled;
    for (unsigned i = 0; i < threads; ++i)
        canceled.push_back(std::async(std::launch::async, [&] {
            std::vector<std::byte> message;
            return q.in.dequeue(message);
        }));
    BOOST_TEST(test::subscribers_wait(q.empty.name(), threads + 1));
    const auto time = time_of([&] { q.in.cancel(); });
    BOOST_TEST((time < at_once));
    for (auto& result : canceled)
        BOOST_TEST(!result.get());
    BOOST_TEST((others.wait_for(20ms) == std::future_status::timeout));
    q.filler().enqueue("x", 1);
    BOOST_TEST(others.get());
}

BOOST_AUTO_TEST_CASE(stop_of_another_type)
{
    queues q;
    std::atomic<bool> flag{false};
    const stop_flag stop{&flag};
    auto receiving = std::async(std::launch::async, [&] {
        boost::system::error_code ec;
        BOOST_TEST(!q.in.dequeue(q.message, stop, ec));
        return ec;
    });
    auto sending = std::async(
        std::launch::async, [&] { return q.out.enqueue("x", 1, stop); });
    BOOST_TEST(test::subscribers_wait(q.empty.name()));
    BOOST_TEST(test::publishers_wait(q.full.name()));
    const auto time = time_of([&] {
        flag = true;
        BOOST_TEST(!receiving.get());
        BOOST_TEST(!sending.get());
    });
    BOOST_TEST((time < at_once));
    // If the stop was requested before: the call does not wait, but takes what
    // is there.
    BOOST_TEST(!q.in.dequeue(q.message, stop));
    q.filler().enqueue("x", 1);
    BOOST_TEST(q.in.dequeue(q.message, stop));
}

#if defined(__cpp_lib_jthread)

BOOST_AUTO_TEST_CASE(stop_token)
{
    queues q;
    std::stop_source source;
    auto receiving = std::async(std::launch::async, [&] {
        return q.in.dequeue(q.message, source.get_token());
    });
    auto sending = std::async(std::launch::async, [&] {
        return q.out.enqueue("x", 1, source.get_token());
    });
    BOOST_TEST(test::subscribers_wait(q.empty.name()));
    BOOST_TEST(test::publishers_wait(q.full.name()));
    const auto time = time_of([&] {
        source.request_stop();
        BOOST_TEST(!receiving.get());
        BOOST_TEST(!sending.get());
    });
    BOOST_TEST((time < at_once));
    BOOST_TEST(!q.in.dequeue(q.message, source.get_token()));
    q.filler().enqueue("x", 1);
    BOOST_TEST(q.in.dequeue(q.message, source.get_token()));
    // A token for which no stop can be requested.
    q.filler().enqueue("x", 1);
    BOOST_TEST(q.in.dequeue(q.message, std::stop_token()));
}

#endif

// Holds both locks and stays alive, as a process that was stopped inside an
// operation.
CHILD_ROLE(holder)
{
    const auto queue = boost_ipq::detail::attach(
        boost_ipq::detail::open_mode::open, self.argument(0));
    auto& control = *queue->ring().control;
    const auto me = queue->ring().self();
    control.publishers.owner.store(me);
    control.subscribers.owner.store(me);
    self.tell("holding");
    self.hear();
    control.subscribers.owner.store(0);
    control.publishers.owner.store(0);
    self.tell("released");
    self.hear();
}

BOOST_AUTO_TEST_CASE(stopped_holder)
{
    const test::scoped_queue queue;
    // A call that waited as long as one that must not wait would take too long.
    const auto options = queue.options(1000).busy_after(1min);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    out.enqueue("x", 1);
    test::child holder("holder", {queue.name()});
    holder.hear();

    std::vector<std::byte> message;
    const auto deadline = time_of([&] {
        BOOST_TEST(!in.timed_dequeue(message, some_time));
        BOOST_TEST(!out.timed_enqueue("y", 1, some_time));
        BOOST_TEST(!in.timed_receive(some_time));
        BOOST_TEST(!out.timed_reserve(1, some_time));
    });
    BOOST_TEST((deadline >= 4 * some_time));
    BOOST_TEST((deadline < 4 * some_time + at_once));

    std::atomic<bool> flag{false};
    std::thread requester([&] {
        std::this_thread::sleep_for(some_time);
        flag = true;
    });
    const auto stop = time_of([&] {
        BOOST_TEST(!in.dequeue(message, stop_flag{&flag}));
        BOOST_TEST(!out.enqueue("y", 1, stop_flag{&flag}));
    });
    requester.join();
    BOOST_TEST((stop < some_time + at_once));

    auto receiving =
        std::async(std::launch::async, [&] { return in.dequeue(message); });
    BOOST_TEST(test::eventually([&] {
        in.cancel();
        return receiving.wait_for(0s) == std::future_status::ready;
    }));
    BOOST_TEST(!receiving.get());

    // When the locks are released, everything works as before.
    holder.tell("release");
    holder.hear();
    BOOST_TEST(out.try_enqueue("y", 1));
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST((message.at(0) == std::byte('x')));
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST((message.at(0) == std::byte('y')));
}

// As before, but then the holder dies: the waiting calls go on.
BOOST_AUTO_TEST_CASE(killed_holder)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    test::child holder("holder", {queue.name()});
    holder.hear();
    std::vector<std::byte> message;
    auto receiving =
        std::async(std::launch::async, [&] { return in.dequeue(message); });
    auto sending = std::async(std::launch::async, [&] { out.enqueue("x", 1); });
    BOOST_TEST((sending.wait_for(20ms) == std::future_status::timeout));
    holder.kill();
    const auto time = time_of([&] {
        sending.get();
        BOOST_TEST(receiving.get());
    });
    BOOST_TEST((time < at_once));
    BOOST_TEST(message.size() == 1u);
}
