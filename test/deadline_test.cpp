// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Deadlines of every type.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/date_time/posix_time/posix_time.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <ratio>

namespace chrono = std::chrono;
namespace posix_time = boost::posix_time;
using namespace std::chrono_literals;

namespace {

using steady = chrono::steady_clock;
using wall = chrono::system_clock;

// A clock that is not one of the standard library's.
struct strange_clock
{
    using duration = chrono::duration<int, std::deci>;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = chrono::time_point<strange_clock>;
    [[maybe_unused]] static constexpr bool is_steady = true;

    static time_point now()
    {
        return time_point(chrono::duration_cast<duration>(
            steady::now().time_since_epoch() - start));
    }

    static inline const steady::duration start =
        steady::now().time_since_epoch();
};

struct fixture
{
    fixture() { out.enqueue("full", 4); }

    // Nothing happens: the call returns false, and not before the deadline.
    template <class MakeDeadline>
    void expires(steady::duration least, MakeDeadline make)
    {
        std::string message;
        boost::system::error_code ec = boost_ipq::errc::closed;
        std::size_t size;
        char buffer[10];
        const auto check = [&](auto call) {
            const auto begin = steady::now();
            BOOST_TEST(!call());
            BOOST_TEST((steady::now() - begin >= least));
            BOOST_TEST((steady::now() - begin < 20s));
        };
        check([&] { return in.timed_dequeue(message, make()); });
        check([&] { return in.timed_dequeue(message, make(), ec); });
        BOOST_TEST(!ec);
        check([&] { return in.timed_dequeue(buffer, 10, size, make()); });
        check([&] {
            return in.timed_dequeue(
                buffer, 10, size, boost_ipq::truncate, make());
        });
        check([&] { return out.timed_enqueue("x", 1, make()); });
        ec = boost_ipq::errc::closed;
        check([&] { return out.timed_enqueue("x", 1, make(), ec); });
        BOOST_TEST(!ec);
    }

    // The event comes before the deadline.
    template <class MakeDeadline>
    void does_not_expire(MakeDeadline make)
    {
        auto received = std::async(std::launch::async, [&] {
            std::string message;
            return in.timed_dequeue(message, make()) ? message : "expired";
        });
        BOOST_TEST(test::subscribers_wait(empty_queue.name()));
        boost_ipq::publisher(boost_ipq::open_only, empty_queue).enqueue("x", 1);
        BOOST_TEST(received.get() == "x");

        auto sent = std::async(std::launch::async, [&] {
            return out.timed_enqueue("more", 4, make());
        });
        BOOST_TEST(test::publishers_wait(full_queue.name()));
        std::string message;
        BOOST_TEST(full.try_dequeue(message));
        BOOST_TEST(sent.get());
    }

    // Time points and durations that are far in the past.
    template <class MakeDeadline>
    void has_passed(MakeDeadline make)
    {
        expires(0ns, make);
    }

    const test::scoped_queue empty_queue, full_queue;
    boost_ipq::subscriber in{boost_ipq::create_only, empty_queue.options(100)};
    boost_ipq::publisher out{boost_ipq::create_only, full_queue.options(24)};
    boost_ipq::subscriber full{boost_ipq::open_only, full_queue};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(durations, fixture)
{
    expires(20ms, [] { return 20ms; });
    expires(20ms, [] { return 20'000us; });
    expires(20ms, [] { return chrono::duration<double>(0.02); });
    expires(20ms, [] { return chrono::duration<float, std::milli>(20.1f); });
    expires(60ms, [] { return 60ms; }); // longer than one sleep
    does_not_expire([] { return 1h; });
    does_not_expire([] { return chrono::duration<int>(3600); });
}

BOOST_FIXTURE_TEST_CASE(steady_time_points, fixture)
{
    expires(20ms, [] { return steady::now() + 20ms; });
    does_not_expire([] { return steady::now() + 1h; });
    does_not_expire([] {
        return chrono::time_point_cast<chrono::hours>(steady::now() + 3h);
    });
}

BOOST_FIXTURE_TEST_CASE(system_time_points, fixture)
{
    // The duration is not measured: the wall clock may be set.
    expires(0ms, [] { return wall::now() + 20ms; });
    does_not_expire([] { return wall::now() + 1h; });
    does_not_expire([] {
        return chrono::time_point_cast<chrono::seconds>(wall::now() + 1h);
    });
}

BOOST_FIXTURE_TEST_CASE(other_clocks, fixture)
{
    expires(0ms, [] { return strange_clock::now(); });
    expires(100ms, [] {
        return strange_clock::now() + strange_clock::duration(2);
    });
    does_not_expire(
        [] { return strange_clock::now() + strange_clock::duration(36'000); });
    does_not_expire([] { return (strange_clock::time_point::max)(); });
}

BOOST_FIXTURE_TEST_CASE(posix_times, fixture)
{
    const auto now = [] {
        return posix_time::microsec_clock::universal_time();
    };
    expires(0ms, [&] { return now() + posix_time::milliseconds(20); });
    expires(20ms, [] { return posix_time::milliseconds(20); });
    expires(20ms, [] { return posix_time::microseconds(20'000); });
    does_not_expire([&] { return now() + posix_time::hours(1); });
    does_not_expire([] { return posix_time::hours(1); });
}

BOOST_FIXTURE_TEST_CASE(infinite, fixture)
{
    does_not_expire([] { return (chrono::nanoseconds::max)(); });
    does_not_expire([] { return (chrono::seconds::max)(); });
    does_not_expire([] { return (chrono::hours::max)(); });
    does_not_expire([] {
        return chrono::duration<double>(
            std::numeric_limits<double>::infinity());
    });
    does_not_expire([] { return (chrono::duration<double>::max)(); });
    does_not_expire([] { return (steady::time_point::max)(); });
    does_not_expire([] { return (wall::time_point::max)(); });
    does_not_expire(
        [] { return (chrono::time_point<steady, chrono::seconds>::max)(); });
    does_not_expire(
        [] { return (chrono::time_point<wall, chrono::hours>::max)(); });
    does_not_expire([] {
        return chrono::time_point<wall, chrono::duration<double>>(
            chrono::duration<double>(1e300));
    });
    does_not_expire([] { return posix_time::ptime(posix_time::pos_infin); });
    does_not_expire(
        [] { return posix_time::ptime(posix_time::max_date_time); });
    does_not_expire(
        [] { return posix_time::time_duration(posix_time::pos_infin); });
    does_not_expire([] { return posix_time::hours(24 * 365 * 1000); });
}

BOOST_FIXTURE_TEST_CASE(past, fixture)
{
    has_passed([] { return 0s; });
    has_passed([] { return -1s; });
    has_passed([] { return (chrono::nanoseconds::min)(); });
    has_passed([] { return (chrono::hours::min)(); });
    has_passed([] {
        return chrono::duration<double>(
            -std::numeric_limits<double>::infinity());
    });
    has_passed([] { return steady::now(); });
    has_passed([] { return steady::now() - 1h; });
    has_passed([] { return steady::time_point(); });
    has_passed([] { return (steady::time_point::min)(); });
    has_passed([] { return (wall::time_point::min)(); });
    has_passed(
        [] { return (chrono::time_point<steady, chrono::seconds>::min)(); });
    has_passed([] { return (chrono::time_point<wall, chrono::hours>::min)(); });
    has_passed([] { return posix_time::seconds(0); });
    has_passed([] { return posix_time::seconds(-1); });
    has_passed([] { return posix_time::ptime(posix_time::neg_infin); });
    has_passed([] { return posix_time::ptime(posix_time::not_a_date_time); });
    has_passed([] { return posix_time::ptime(posix_time::min_date_time); });
    has_passed([] { return posix_time::time_duration(posix_time::neg_infin); });
    has_passed(
        [] { return posix_time::time_duration(posix_time::not_a_date_time); });
}

// A deadline in the past does not prevent what can be done at once.
BOOST_FIXTURE_TEST_CASE(past_and_possible, fixture)
{
    std::string message;
    BOOST_TEST(full.timed_dequeue(message, -1s));
    BOOST_TEST(message == "full");
    BOOST_TEST(out.timed_enqueue("x", 1, (steady::time_point::min)()));
    BOOST_TEST(
        full.timed_dequeue(message, posix_time::ptime(posix_time::neg_infin)));
    BOOST_TEST(message == "x");
}
