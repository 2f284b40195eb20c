// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Steps of the wall clock, as made by an administrator or NTP, neither lengthen
// nor shorten a wait: durations and the internal sleeps follow the monotonic
// clock. A time point of the wall clock follows the wall clock.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/date_time/posix_time/posix_time.hpp>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

std::atomic<std::int64_t> step{0}; // of the wall clock, in seconds

} // namespace

// These functions replace those of the C library.

extern "C" int clock_gettime(clockid_t clock, struct timespec* time) noexcept
{
    const long result = ::syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME)
        time->tv_sec += static_cast<time_t>(step.load());
    return static_cast<int>(result);
}

extern "C" int gettimeofday(struct timeval* time, void*) noexcept
{
    struct timespec precise;
    const int result = clock_gettime(CLOCK_REALTIME, &precise);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return result;
}

namespace {

constexpr std::int64_t hour = 3600;

struct fixture
{
    fixture()
        : in(boost_ipq::create_only, queue.options(16)),
          out(boost_ipq::open_only, queue)
    {
        step = 0;
    }

    ~fixture() { step = 0; }

    // Returns: whether, within some time, a thread sleeps in the queue. On a
    // slow machine, its call may have ended before this thread looks.
    template <class Result>
    bool sleeps_or_has_ended(const std::future<Result>& call) const
    {
        return test::eventually([&] {
            const auto status = boost_ipq::inspect(queue);
            return status.waiting_subscribers + status.waiting_publishers !=
                       0 ||
                   call.wait_for(0s) == std::future_status::ready;
        });
    }

    test::scoped_queue queue;
    boost_ipq::subscriber in;
    boost_ipq::publisher out;
    std::vector<std::byte> message;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_clock_steps)
{
    const auto before = std::chrono::system_clock::now();
    const auto ptime_before = boost::posix_time::second_clock::universal_time();
    const auto steady_before = clock_type::now();
    step = hour;
    BOOST_TEST((std::chrono::system_clock::now() - before >= 1h));
    BOOST_TEST(
        (boost::posix_time::microsec_clock::universal_time() - ptime_before >=
         boost::posix_time::hours(1)));
    BOOST_TEST((clock_type::now() - steady_before < 1min));
    step = 0;
}

// The thread sleeps before each step, and again after it.
BOOST_FIXTURE_TEST_CASE(duration, fixture)
{
    const auto begin = clock_type::now();
    auto waiting = std::async(std::launch::async, [&] {
        const bool received = in.timed_dequeue(message, 400ms);
        return std::make_pair(received, clock_type::now());
    });
    for (const auto to : {hour, -hour, 24 * hour, std::int64_t(0)})
    {
        BOOST_TEST(sleeps_or_has_ended(waiting));
        step = to;
        waiting.wait_for(20ms);
    }
    const auto [received, end] = waiting.get();
    BOOST_TEST(!received);
    BOOST_TEST((end - begin >= 400ms));
    BOOST_TEST((end - begin < 1min));
}

BOOST_FIXTURE_TEST_CASE(steady_time_point, fixture)
{
    out.enqueue("x", 1);
    const auto deadline = clock_type::now() + 200ms;
    auto waiting = std::async(std::launch::async, [&] {
        const bool sent = out.timed_enqueue("y", 1, deadline);
        return std::make_pair(sent, clock_type::now());
    });
    BOOST_TEST(sleeps_or_has_ended(waiting));
    step = -24 * hour;
    const auto [sent, end] = waiting.get();
    BOOST_TEST(!sent);
    BOOST_TEST((end >= deadline));
    BOOST_TEST((end < deadline + 1min));
}

// A sleeper is woken after a step as before it, and uses as little processor
// time.
BOOST_FIXTURE_TEST_CASE(waking, fixture)
{
    for (const auto to : {hour, -hour, std::int64_t(0)})
    {
        auto waiting =
            std::async(std::launch::async, [&] { return in.dequeue(message); });
        BOOST_TEST(test::subscribers_wait(queue.name()));
        step = to;
        const auto begin = clock_type::now();
        out.enqueue("x", 1);
        BOOST_TEST(waiting.get());
        BOOST_TEST((clock_type::now() - begin < 2s));
    }
}

// When the clock is an hour back, sleeps must not all end at once.
BOOST_FIXTURE_TEST_CASE(no_busy_waiting, fixture)
{
    const auto used = [] {
        struct timespec time;
        ::syscall(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) +
               std::chrono::nanoseconds(time.tv_nsec);
    };
    for (const auto to : {hour, -hour})
    {
        step = to;
        const auto begin = used();
        BOOST_TEST(!in.timed_dequeue(message, 500ms));
        BOOST_TEST((used() - begin < 50ms));
    }
}

// Steps of that clock count: the deadline has passed.
BOOST_FIXTURE_TEST_CASE(wall_time_point, fixture)
{
    const auto deadline = std::chrono::system_clock::now() + 1h;
    auto waiting = std::async(std::launch::async, [&] {
        return in.timed_dequeue(message, deadline);
    });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    step = 2 * hour;
    const auto begin = clock_type::now();
    BOOST_TEST(!waiting.get());
    BOOST_TEST((clock_type::now() - begin < 2s));
}
