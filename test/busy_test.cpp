// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process is stopped while it holds the ring's locks. Calls that must not
// wait fail with queue_busy, calls that cannot fail end, nothing is lost, and
// the locks stay those of the stopped process.

#include "support/asleep.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/stopped_process.hpp"
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <vector>

using boost_ipq::errc;
using boost_ipq::queue_busy;
using namespace std::chrono_literals;
using test::time_of;

namespace {

constexpr auto soon = 20ms;
// A call with default options would wait as long as this.
constexpr auto default_limit = 1s;
// The limit for a call that does not wait, even on a busy machine.
constexpr auto bound = 10s;
// A call that waited all the same would exceed it.
constexpr auto long_time = 1min;

std::shared_ptr<boost_ipq::detail::attachment> inside(const std::string& queue)
{
    return boost_ipq::detail::attach(boost_ipq::detail::open_mode::open, queue);
}

// A queue with handles, and a stopped process that holds its locks.
struct stopped_queue
{
    explicit stopped_queue(
        const std::string& locks = "both",
        std::chrono::nanoseconds busy_after = soon)
        : options(name.options(1000).busy_after(busy_after)),
          out(boost_ipq::create_only, options),
          in(boost_ipq::open_only, options),
          holder("holder", {name.name(), locks})
    {
        holder.hear();
    }

    void stop_holder()
    {
        holder.tell("hold");
        holder.hear();
        test::stop(holder);
    }

    void go_on()
    {
        holder.signal(SIGCONT);
        holder.tell("release");
        BOOST_TEST(holder.hear() == "released");
    }

    std::string next()
    {
        std::string message;
        return in.try_dequeue(message) ? message : "none";
    }

    test::scoped_queue name;
    boost_ipq::queue_options options;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    test::child holder;
};

template <class Function>
void expect_busy(const char* what, Function function)
{
    BOOST_TEST_CONTEXT(what)
    {
        const auto time = test::shortest_time_of(
            default_limit, [&] { BOOST_CHECK_THROW(function(), queue_busy); });
        BOOST_TEST((time >= soon));
        BOOST_TEST((time < default_limit));
    }
}

} // namespace

// Takes the locks when it is told to, as if it were inside an operation.
CHILD_ROLE(holder)
{
    const auto queue = inside(self.argument(0));
    const std::string locks = self.argument(1);
    auto& control = *queue->ring().control;
    const auto me = queue->ring().self();
    self.tell("ready");
    self.hear();
    if (locks != "subscribers")
        control.publishers.owner.store(me);
    if (locks != "publishers")
        control.subscribers.owner.store(me);
    self.tell("holding");
    self.hear();
    // No other process has taken the locks meanwhile.
    const bool still =
        (locks == "subscribers" || control.publishers.owner.load() == me) &&
        (locks == "publishers" || control.subscribers.owner.load() == me);
    control.subscribers.owner.store(0);
    control.publishers.owner.store(0);
    self.tell(still ? "released" : "lost");
    self.hear();
}

BOOST_AUTO_TEST_CASE(sending)
{
    stopped_queue q;
    q.stop_holder();
    const std::vector<std::string> some = {"a", "b"};
    expect_busy("try_enqueue", [&] { q.out.try_enqueue("x", 1); });
    expect_busy("try_enqueue_all", [&] {
        q.out.try_enqueue_all(some.begin(), some.end());
    });
    expect_busy("try_reserve", [&] { q.out.try_reserve(1); });
    boost::system::error_code ec;
    BOOST_TEST(!q.out.try_enqueue("x", 1, ec));
    BOOST_TEST(ec == test::code(errc::busy));
    BOOST_TEST(q.out.try_enqueue_all(some.begin(), some.end(), ec) == 0u);
    BOOST_TEST(ec == test::code(errc::busy));
    BOOST_TEST(!q.out.try_reserve(1, ec));
    BOOST_TEST(ec == test::code(errc::busy));
    q.go_on();
    BOOST_TEST(q.next() == "none");
    BOOST_TEST(q.out.try_enqueue("y", 1));
    BOOST_TEST(q.next() == "y");
}

BOOST_AUTO_TEST_CASE(receiving)
{
    stopped_queue q;
    q.out.enqueue("x", 1);
    q.stop_holder();
    std::string message;
    char buffer[8];
    std::size_t size = 0;
    const auto ignore = [](const void*, std::size_t) {};
    expect_busy("try_dequeue", [&] { q.in.try_dequeue(message); });
    expect_busy("buffer", [&] { q.in.try_dequeue(buffer, 8, size); });
    expect_busy("truncate", [&] {
        q.in.try_dequeue(buffer, 8, size, boost_ipq::truncate);
    });
    expect_busy("try_receive", [&] { q.in.try_receive(); });
    expect_busy("consume_one", [&] { q.in.consume_one(ignore); });
    expect_busy("consume_all", [&] { q.in.consume_all(ignore); });
    boost::system::error_code ec;
    BOOST_TEST(!q.in.try_dequeue(message, ec));
    BOOST_TEST(ec == test::code(errc::busy));
    BOOST_TEST(!q.in.try_receive(ec));
    BOOST_TEST(ec == test::code(errc::busy));
    BOOST_TEST(q.in.consume_all(ignore, ec) == 0u);
    BOOST_TEST(ec == test::code(errc::busy));
    q.go_on();
    BOOST_TEST(q.next() == "x");
    BOOST_TEST(q.next() == "none");
}

// An empty queue needs no lock to be recognized.
BOOST_AUTO_TEST_CASE(nothing_to_receive)
{
    stopped_queue q;
    q.stop_holder();
    BOOST_TEST(q.next() == "none");
    q.go_on();
}

// A publisher that finds the queue full needs the subscribers' lock to tidy.
BOOST_AUTO_TEST_CASE(room_behind_a_lock)
{
    stopped_queue q("subscribers");
    const std::string half(484, 'x');
    q.out.enqueue(half);
    q.out.enqueue(half);
    auto first = q.in.try_receive();
    BOOST_TEST(bool(first));
    q.stop_holder();
    BOOST_TEST(!q.out.try_enqueue(half)); // full
    first.acknowledge();
    expect_busy("try_enqueue", [&] { q.out.try_enqueue(half); });
    q.go_on();
    BOOST_TEST(q.out.try_enqueue(half));
}

BOOST_AUTO_TEST_CASE(typed)
{
    stopped_queue q;
    q.out.close();
    q.in.close();
    test::scoped_queue name;
    auto options = name.options(1000).busy_after(soon);
    boost_ipq::typed_publisher<int> out(boost_ipq::create_only, options);
    boost_ipq::typed_subscriber<int> in(boost_ipq::open_only, options);
    out.enqueue(1);
    test::child holder("holder", {name.name(), "both"});
    holder.hear();
    holder.tell("hold");
    holder.hear();
    test::stop(holder);
    int value = 0;
    expect_busy("try_enqueue", [&] { out.try_enqueue(2); });
    expect_busy("try_reserve", [&] { out.try_reserve(); });
    expect_busy("try_dequeue", [&] { in.try_dequeue(value); });
    expect_busy("try_receive", [&] { in.try_receive(); });
    holder.kill();
    BOOST_TEST(in.try_dequeue(value));
    BOOST_TEST(value == 1);
}

// By default a call waits for a second.
BOOST_AUTO_TEST_CASE(default_time)
{
    stopped_queue q;
    boost_ipq::publisher out(boost_ipq::open_only, q.name);
    q.stop_holder();
    const auto time = time_of(
        [&] { BOOST_CHECK_THROW(out.try_enqueue("x", 1), queue_busy); });
    BOOST_TEST((time >= default_limit));
    BOOST_TEST((time < default_limit + bound));
    // The time moves with the handle.
    boost_ipq::publisher moved(std::move(q.out));
    expect_busy("moved", [&] { moved.try_enqueue("x", 1); });
    q.go_on();
}

BOOST_AUTO_TEST_CASE(repair)
{
    stopped_queue q;
    q.stop_holder();
    expect_busy("repair", [&] { boost_ipq::repair(q.options); });
    boost::system::error_code ec;
    boost_ipq::repair(q.options, ec);
    BOOST_TEST(ec == test::code(errc::busy));
    q.go_on();
    BOOST_TEST(boost_ipq::repair(q.options).processes == 0u);
}

// What is held in place needs no lock to be settled.
BOOST_AUTO_TEST_CASE(settling)
{
    stopped_queue q("both", long_time);
    q.out.enqueue("a", 1);
    q.out.enqueue("b", 1);
    q.out.enqueue("c", 1);
    auto acknowledged = q.in.try_receive(), given_back = q.in.try_receive(),
         destroyed = q.in.try_receive();
    auto committed = q.out.try_reserve(1), abandoned = q.out.try_reserve(1),
         dropped = q.out.try_reserve(1), shorter = q.out.try_reserve(100);
    q.stop_holder();
    const auto time = time_of([&] {
        acknowledged.acknowledge();
        given_back.give_back();
        destroyed = boost_ipq::delivery();
        *static_cast<char*>(committed.data()) = 'd';
        committed.commit();
        abandoned.abandon();
        dropped = boost_ipq::reservation();
        *static_cast<char*>(shorter.data()) = 'e';
        shorter.commit(1);
    });
    BOOST_TEST((time < bound));
    q.go_on();
    std::string all;
    for (std::string one = q.next(); one != "none"; one = q.next())
        all += one;
    BOOST_TEST(all == "bcde");
}

// consume_all() returns what it consumed before.
BOOST_AUTO_TEST_CASE(consuming)
{
    stopped_queue q;
    const std::size_t many = 70; // more than it claims at once
    boost_ipq::publisher out(boost_ipq::open_only, q.options);
    std::size_t sent = 0;
    while (sent != many && out.try_enqueue("", 0))
        ++sent;
    BOOST_TEST(sent == many);
    std::size_t seen = 0;
    const auto count = q.in.consume_all([&](const void*, std::size_t) {
        if (++seen == 64)
            q.stop_holder();
    });
    BOOST_TEST(count == 64u);
    q.go_on();
    BOOST_TEST(q.in.consume_all([](const void*, std::size_t) {}) == many - 64);
}

BOOST_AUTO_TEST_CASE(closing)
{
    stopped_queue q("both", long_time);
    q.out.enqueue("x", 1);
    q.stop_holder();
    std::atomic<pid_t> receiver{0}, sender{0};
    auto receiving = std::async(std::launch::async, [&] {
        std::string message;
        receiver = test::this_thread();
        return q.in.dequeue(message);
    });
    auto sending = std::async(std::launch::async, [&] {
        boost::system::error_code ec;
        sender = test::this_thread();
        q.out.enqueue("y", 1, ec);
        return ec;
    });
#if defined(__linux__)
    for (const auto* thread : {&receiver, &sender})
        BOOST_TEST(test::eventually(
            [&] { return *thread != 0 && test::asleep(*thread); }));
#endif
    BOOST_TEST((sending.wait_for(soon) == std::future_status::timeout));
    BOOST_TEST((receiving.wait_for(soon) == std::future_status::timeout));
    const auto time = time_of([&] {
        q.in.close();
        q.out.close();
        BOOST_TEST(!receiving.get());
        BOOST_TEST(sending.get() == test::code(errc::canceled));
    });
    BOOST_TEST((time < bound));
    // Joining needs none of the two locks.
    boost_ipq::subscriber again(boost_ipq::open_only, q.options);
    q.go_on();
    std::string message;
    BOOST_TEST(again.try_dequeue(message));
    BOOST_TEST(message == "x");
    BOOST_TEST(!again.try_dequeue(message));
}

// Opens the queue, says how many milliseconds that took, and leaves.
CHILD_ROLE(joiner)
{
    const auto time = test::shortest_time_of(default_limit, [&] {
        boost_ipq::subscriber(
            boost_ipq::open_only,
            boost_ipq::queue_options(self.argument(0)).busy_after(soon));
    });
    self.tell(std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
}

// A process that takes the slot of a dead one must recover what the dead hold.
// It joins nevertheless, and leaves the work to the next.
BOOST_AUTO_TEST_CASE(joining_in_a_dead_slot)
{
    stopped_queue q;
    q.out.enqueue("x", 1);
    auto held = q.in.try_receive();
    const auto queue = boost_ipq::detail::attach_shared(
        boost_ipq::detail::open_mode::open, q.options);
    auto& table = *reinterpret_cast<boost_ipq::detail::participant_table*>(
        reinterpret_cast<char*>(queue->ring().control) +
        sizeof(boost_ipq::detail::queue_root::ring_type));
    static_assert(
        sizeof(boost_ipq::detail::queue_root) -
                sizeof(boost_ipq::detail::participant_table) -
                sizeof(boost_ipq::detail::queue_root::ring_type) <
            128,
        "the table is behind the ring");
    // All slots that are free belong to the dead now.
    const auto taken_by_dead = [&] {
        unsigned count = 0;
        for (auto& slot : table.entries)
            count += slot.used.load() != boost_ipq::detail::slot_free;
        return count;
    };
    BOOST_TEST_REQUIRE(taken_by_dead() == 2u);
    for (auto& slot : table.entries)
        if (slot.used.load() == boost_ipq::detail::slot_free)
            slot.used.store(boost_ipq::detail::slot_taken);
    table.end.store(boost_ipq::detail::slot_count);
    q.stop_holder();

    for (int i = 0; i < 2; ++i)
    {
        test::child joiner("joiner", {q.name.name()});
        BOOST_TEST(joiner.hear_number() < 1000u);
        BOOST_TEST(joiner.wait() == 0);
        BOOST_TEST(taken_by_dead() == boost_ipq::detail::slot_count);
    }
    q.go_on();
    test::child joiner("joiner", {q.name.name()});
    BOOST_TEST(joiner.hear_number() < 1000u);
    BOOST_TEST(joiner.wait() == 0);
    BOOST_TEST(taken_by_dead() == boost_ipq::detail::slot_count - 1);
    held.acknowledge();
    BOOST_TEST(q.next() == "none");
}
