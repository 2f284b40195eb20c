// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A wait set: readiness, turns, stops, the descriptor; in each way to sleep.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#if !defined(_WIN32)
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#endif
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using boost_ipq::errc;
using boost_ipq::wait_set;
using boost_ipq::detail::set_mode;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace boost_ipq {
namespace detail {

std::ostream& operator<<(std::ostream& out, set_mode mode)
{
    return out << static_cast<int>(mode);
}

} // namespace detail
} // namespace boost_ipq

// Not in an unnamed namespace: lambdas of test templates capture it.
namespace wait_set_test {

struct pair
{
    explicit pair(std::size_t capacity = 1000)
        : out(boost_ipq::create_only, queue.options(capacity)),
          in(boost_ipq::open_only, queue)
    {
    }

    explicit pair(const boost_ipq::queue_options& options)
        : out(boost_ipq::create_only, options),
          in(boost_ipq::open_only, options)
    {
    }

    std::string take()
    {
        std::string message;
        return in.try_dequeue(message) ? message : "-";
    }

    const test::scoped_queue queue;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
};

} // namespace wait_set_test

using wait_set_test::pair;

namespace {

#if defined(_WIN32) // no futex between processes, no inotify
const auto modes =
    boost::unit_test::data::make({set_mode::best, set_mode::semaphore});
#else
const auto modes = boost::unit_test::data::make(
    {set_mode::files, set_mode::words, set_mode::word, set_mode::semaphore});
#endif

#if !defined(_WIN32)

bool readable(int descriptor, int milliseconds = 0)
{
    struct pollfd polled = {descriptor, POLLIN, 0};
    return ::poll(&polled, 1, milliseconds) == 1;
}

std::chrono::nanoseconds processor_time(clockid_t of = CLOCK_PROCESS_CPUTIME_ID)
{
    struct timespec time;
    ::clock_gettime(of, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::nanoseconds(time.tv_nsec);
}

long times_asleep()
{
    struct rusage usage;
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
}

// A C library may limit the named semaphores of a process, of which each queue
// has two: musl does.
std::size_t possible(std::size_t queues)
{
    const long semaphores = ::sysconf(_SC_SEM_NSEMS_MAX);
    return semaphores < 0
               ? queues
               : (std::min)(queues, static_cast<std::size_t>(semaphores / 2));
}

wait_set* stopped_by_signal = nullptr;

void stop_in_handler(int)
{
    stopped_by_signal->stop();
}

#else

std::size_t possible(std::size_t queues)
{
    return queues;
}

#endif

} // namespace

CHILD_ROLE(sleep_in_a_set)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    wait_set set;
    set.add(in, 1);
    set.wait();
}

CHILD_ROLE(send)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    for (std::size_t i = self.number(1); i != 0; --i)
        out.enqueue("message"sv);
}

BOOST_DATA_TEST_CASE(keys_of_ready_members, modes, mode)
{
    pair a, b;
    wait_set set(mode);
    set.add(a.in, 1);
    set.add(b.in, 2);
    BOOST_TEST(set.timed_wait(0s) == 0u);
    BOOST_TEST(set.timed_wait(20ms) == 0u);
    b.out.enqueue("b"sv);
    BOOST_TEST(set.wait() == 2u);
    BOOST_TEST(set.wait() == 2u); // it was not taken
    b.take();
    BOOST_TEST(set.timed_wait(0s) == 0u);
    a.out.enqueue("a"sv);
    BOOST_TEST(set.wait(test::never()) == 1u);
    BOOST_TEST(set.remove(a.in));
    BOOST_TEST(!set.remove(a.in));
    BOOST_TEST(set.timed_wait(0s) == 0u);
}

BOOST_DATA_TEST_CASE(ready_members_take_turns, modes, mode)
{
    pair queues[3];
    wait_set set(mode);
    for (std::size_t i = 0; i < 3; ++i)
    {
        set.add(queues[i].in, i + 1);
        queues[i].out.enqueue("x"sv);
    }
    std::vector<int> counts(4);
    for (int i = 0; i < 30; ++i)
        ++counts[set.wait()];
    BOOST_TEST(counts == (std::vector<int>{0, 10, 10, 10}));
}

BOOST_DATA_TEST_CASE(publisher_when_room_was_made, modes, mode)
{
    pair a(64);
    wait_set set(mode);
    set.add(a.out, 7);
    BOOST_TEST(set.wait() == 7u);         // there is room
    BOOST_TEST(set.timed_wait(0s) == 0u); // no more was made
    while (a.out.try_enqueue("message"sv))
    {
    }
    BOOST_TEST(set.timed_wait(20ms) == 0u);
    auto key = std::async(std::launch::async, [&] { return set.wait(); });
    BOOST_TEST((key.wait_for(20ms) == std::future_status::timeout));
    a.take();
    BOOST_TEST(key.get() == 7u);
    BOOST_TEST(set.timed_wait(0s) == 0u);
    auto held = a.in.try_receive();
    held.acknowledge();
    BOOST_TEST(set.timed_wait(1s) == 7u);
}

// Each wake-up by a different queue, from a different process.
BOOST_DATA_TEST_CASE(woken_by_any_of_many, modes, mode)
{
    std::vector<std::unique_ptr<pair>> queues;
    wait_set set(mode);
    const std::size_t count =
        mode == set_mode::files || mode == set_mode::words ? possible(150) : 10;
    for (std::size_t i = 0; i < count; ++i)
    {
        queues.push_back(std::make_unique<pair>(64));
        set.add(queues[i]->in, i + 1);
    }
    for (const std::size_t i : {std::size_t(0), count / 2, count - 1})
    {
        std::chrono::steady_clock::duration waited{};
        auto key = std::async(std::launch::async, [&] {
            const auto begin = std::chrono::steady_clock::now();
            const std::size_t result = set.timed_wait(20s);
            waited = std::chrono::steady_clock::now() - begin;
            return result;
        });
        BOOST_TEST(test::subscribers_wait(queues[i]->queue.name()));
        test::child child("send", {queues[i]->queue.name(), "1"});
        BOOST_TEST(key.get() == i + 1);
        BOOST_TEST((waited < 10s));
        BOOST_TEST(queues[i]->take() == "message");
        BOOST_TEST(child.wait() == 0);
    }
}

// Nothing is lost between looks, sleeps and turns.
BOOST_DATA_TEST_CASE(no_wakeup_is_lost, modes, mode)
{
    pair a(64), b(64);
    const std::size_t count = 3000;
    wait_set set(mode);
    set.add(a.in, 1);
    set.add(b.in, 2);
    test::child to_a("send", {a.queue.name(), std::to_string(count)});
    test::child to_b("send", {b.queue.name(), std::to_string(count)});
    std::size_t taken = 0;
    while (taken < 2 * count)
    {
        const std::size_t key = set.timed_wait(20s);
        BOOST_REQUIRE(key != 0u);
        taken += (key == 1 ? a : b).take() != "-";
    }
    BOOST_TEST(to_a.wait() == 0);
    BOOST_TEST(to_b.wait() == 0);
}

// A wake-up that is lost shows only as 25 ms, until the sleep ends by itself.
BOOST_DATA_TEST_CASE(wakeups_are_prompt, modes, mode)
{
    using clock = std::chrono::steady_clock;
    pair a, b;
    wait_set set(mode);
    set.add(a.in, 1);
    set.add(b.in, 2);
    std::atomic<clock::rep> woken{0};
    std::thread waiting([&] {
        while (set.wait() != 0)
        {
            woken = clock::now().time_since_epoch().count();
            b.take();
        }
    });
    std::vector<clock::rep> delays;
    for (int i = 0; i < 15; ++i)
    {
        BOOST_REQUIRE(test::subscribers_wait(b.queue.name()));
        woken = 0;
        const auto begin = clock::now().time_since_epoch().count();
        b.out.enqueue("x"sv);
        BOOST_REQUIRE(test::eventually([&] { return woken != 0; }));
        delays.push_back(woken - begin);
    }
    set.stop();
    waiting.join();
    std::sort(delays.begin(), delays.end());
    BOOST_TEST(
        // A busy machine delays some.
        clock::duration(delays[delays.size() / 4]).count() <
        clock::duration(10ms).count());
}

BOOST_DATA_TEST_CASE(stop_is_for_good, modes, mode)
{
    pair a;
    wait_set set(mode);
    set.add(a.in, 1);
    auto key = std::async(std::launch::async, [&] { return set.wait(); });
    BOOST_TEST(test::subscribers_wait(a.queue.name()));
    set.stop();
    BOOST_TEST(key.get() == 0u);
    a.out.enqueue("x"sv);
    BOOST_TEST(set.wait() == 0u);
    BOOST_TEST(set.stopped());
    boost::system::error_code ec;
    BOOST_TEST(set.wait(ec) == 0u);
    BOOST_TEST(ec == test::code(errc::stopped));
}

#if !defined(_WIN32) // signals

BOOST_AUTO_TEST_CASE(no_stop_is_lost)
{
    struct sigaction action = {}, before = {};
    action.sa_handler = stop_in_handler;
    ::sigaction(SIGUSR1, &action, &before);
    pair a;
    for (int i = 0; i < 300; ++i)
    {
        wait_set set;
        set.add(a.in, 1);
        stopped_by_signal = &set;
        std::atomic<bool> started{false};
        std::thread waiting([&] {
            started = true;
            while (set.wait() != 0)
            {
            }
        });
        while (!started)
            std::this_thread::yield();
        boost_ipq::detail::platform::pause(
            static_cast<std::uint32_t>(i % 100 * 2));
        if (i % 2 == 0)
            set.stop();
        else
            ::pthread_kill(waiting.native_handle(), SIGUSR1);
        waiting.join(); // or the watchdog ends the test
    }
    ::sigaction(SIGUSR1, &before, nullptr);
}

#endif

BOOST_DATA_TEST_CASE(members_change_while_a_thread_waits, modes, mode)
{
    pair a, b;
    wait_set set(mode);
    set.add(a.in, 1);
    auto key = std::async(std::launch::async, [&] { return set.wait(); });
    BOOST_TEST(test::subscribers_wait(a.queue.name()));
    b.out.enqueue("x"sv);
    set.add(b.in, 2);
    BOOST_TEST(key.get() == 2u);
    set.add(b.in, 3); // a different key
    BOOST_TEST(set.wait() == 3u);
    set.remove(b.in);
    set.remove(a.in);
    BOOST_TEST(set.timed_wait(10ms) == 0u);
}

#if !defined(_WIN32) // it has no such descriptors

BOOST_DATA_TEST_CASE(descriptor, modes, mode)
{
    pair a, b;
    wait_set set(mode);
    set.add(a.in, 1);
    set.add(b.in, 2);
    const int descriptor = set.native_handle();
    BOOST_TEST(set.native_handle() == descriptor);
    BOOST_TEST(!readable(descriptor, 20));
    for (int round = 0; round < 20; ++round)
    {
        a.out.enqueue("x"sv);
        BOOST_TEST(readable(descriptor, 5000));
        BOOST_TEST(set.timed_wait(0s) == 1u);
        BOOST_TEST(readable(descriptor)); // it was not taken
        a.take();
        BOOST_TEST(readable(descriptor)); // the set has not looked
        BOOST_TEST(set.timed_wait(0s) == 0u);
        BOOST_TEST(!readable(descriptor));
    }
    set.stop();
    BOOST_TEST(readable(descriptor, 5000));
}

BOOST_AUTO_TEST_CASE(idle_set_uses_no_processor_time)
{
    // Not in shared memory, where other programs that list queues read these
    // files, too, and wake the set.
    const test::temporary_directory where;
    std::vector<std::unique_ptr<pair>> queues;
    wait_set set;
    for (std::size_t i = 0; i < 64; ++i)
    {
        queues.push_back(
            std::make_unique<pair>(where.options(std::to_string(i), 64)));
        set.add(queues[i]->in, i + 1);
    }
    set.native_handle();
    set.timed_wait(20ms);
    // How often the process gave up a processor: busy polling does not, and
    // polling with short sleeps does all the time.
    std::chrono::nanoseconds least = 1s;
    long fewest = 1000000;
    for (int round = 0; round < 5 && (least >= 10ms || fewest >= 60); ++round)
    {
        const auto before = processor_time();
        const long slept = times_asleep();
        BOOST_TEST(set.timed_wait(500ms) == 0u);
        least = (std::min)(least, processor_time() - before);
        fewest = (std::min)(fewest, times_asleep() - slept);
    }
    BOOST_TEST_MESSAGE(
        "used " << least.count() / 1000 << " us of 500 ms, asleep " << fewest
                << " times");
    BOOST_TEST((least < 50ms));
    BOOST_TEST(fewest < 1200);
}

// A program that lists queues reads the files that the set watches.
BOOST_AUTO_TEST_CASE(reads_of_strangers_do_not_keep_it_busy)
{
    std::vector<std::unique_ptr<pair>> queues;
    wait_set set;
    for (std::size_t i = 0; i < 64; ++i)
    {
        queues.push_back(std::make_unique<pair>(64));
        set.add(queues[i]->in, i + 1);
    }
    std::atomic<bool> done{false};
    std::thread stranger([&] {
        while (!done)
            boost_ipq::list_queues();
    });
    std::chrono::nanoseconds least = 1s;
    for (int round = 0; round < 5 && least >= 20ms; ++round)
    {
        const auto before = processor_time(CLOCK_THREAD_CPUTIME_ID);
        BOOST_TEST(set.timed_wait(400ms) == 0u);
        least =
            (std::min)(least, processor_time(CLOCK_THREAD_CPUTIME_ID) - before);
    }
    BOOST_TEST_MESSAGE("used " << least.count() / 1000 << " us of 400 ms");
    BOOST_TEST((least < 40ms));
    // A message wakes it nevertheless, and not only after the longest sleep.
    std::chrono::nanoseconds quickest = 1s;
    for (int i = 0; i < 20; ++i)
    {
        std::chrono::steady_clock::time_point begin;
        std::thread sender([&] {
            std::this_thread::sleep_for(5ms); // it sleeps by then
            begin = std::chrono::steady_clock::now();
            queues[3]->out.enqueue("x"sv);
        });
        BOOST_TEST(set.wait() == 4u);
        const auto end = std::chrono::steady_clock::now();
        sender.join();
        quickest = (std::min<std::chrono::nanoseconds>)(quickest, end - begin);
        std::string message;
        queues[3]->in.try_dequeue(message);
    }
    done = true;
    stranger.join();
    BOOST_TEST((quickest < 20ms));
}

#endif

// A message that is read in place is nothing to do. Now and then the call of
// the handle asks whether its reader is alive.
BOOST_DATA_TEST_CASE(message_in_place_does_not_keep_it_busy, modes, mode)
{
    pair a;
    wait_set set(mode);
    set.add(a.in, 1);
    a.out.enqueue("x"sv);
    BOOST_TEST(set.wait() == 1u);
    const boost_ipq::delivery held = a.in.try_receive();
    const auto begin = std::chrono::steady_clock::now();
    int ready = 0, looks = 0;
    do
    {
        ++looks;
        if (set.timed_wait(0ms) == 0)
            continue;
        ++ready;
        BOOST_TEST(!a.in.try_receive());
    } while (std::chrono::steady_clock::now() - begin < 20ms);
    BOOST_TEST_MESSAGE(ready << " of " << looks << " looks");
    // Once in 5 ms.
    BOOST_TEST(ready <= 6);
    // It sleeps, too, and longer each time.
    ready = 0;
    const auto end = std::chrono::steady_clock::now() + 200ms;
    while (set.timed_wait(end) != 0)
    {
        ++ready;
        BOOST_TEST(!a.in.try_receive());
    }
    BOOST_TEST_MESSAGE("woken " << ready << " times in 200 ms");
    BOOST_TEST(ready <= 40);
    // A message behind it is something.
    a.out.enqueue("y"sv);
    BOOST_TEST(set.wait() == 1u);
    BOOST_TEST(bool(a.in.try_receive()));
}

BOOST_AUTO_TEST_CASE(death_asleep_is_forgotten)
{
    pair a;
    const auto count = [&] {
        return boost_ipq::inspect(a.queue).waiting_subscribers;
    };
    // A child whose bounded sleep has just ended is off the count for a moment.
    for (int i = 0; i < 10 && count() != 1; ++i)
    {
        test::child child("sleep_in_a_set", {a.queue.name()});
        BOOST_TEST(test::subscribers_wait(a.queue.name()));
        child.kill();
    }
    BOOST_TEST(count() == 1u);
    std::string message;
    BOOST_TEST(test::eventually([&] {
        a.in.timed_dequeue(message, 60ms);
        return count() == 0;
    }));
}

BOOST_DATA_TEST_CASE(removed_queue_is_ready, modes, mode)
{
    pair a;
    wait_set set(mode);
    set.add(a.in, 1);
    auto key = std::async(std::launch::async, [&] { return set.wait(); });
    BOOST_TEST(test::subscribers_wait(a.queue.name()));
    boost_ipq::remove_queue(a.queue);
    BOOST_TEST(key.get() == 1u);
}

BOOST_DATA_TEST_CASE(heap_and_typed_handles, modes, mode)
{
    using namespace boost_ipq;
    const test::scoped_queue heap, typed;
    basic_publisher<std::allocator<std::byte>, heap_storage> out(
        create_only, heap.options(1000));
    basic_subscriber<std::allocator<std::byte>, heap_storage> in(
        open_only, heap.options(1000));
    typed_publisher<int> typed_out(create_only, typed.options(1000));
    typed_subscriber<int> typed_in(open_only, typed);
    wait_set set(mode);
    set.add(in, 1);
    set.add(typed_in, 2);
    auto key = std::async(std::launch::async, [&] { return set.wait(); });
    BOOST_TEST((key.wait_for(20ms) == std::future_status::timeout));
    out.enqueue("x"sv);
    BOOST_TEST(key.get() == 1u);
    typed_out.enqueue(1);
    BOOST_TEST(set.wait() == 2u);
    set.remove(in);
    remove_queue<heap_storage>(heap.options(1000));
}

BOOST_AUTO_TEST_CASE(wrong_arguments)
{
    pair a;
    wait_set set;
    boost::system::error_code ec;
    set.add(a.in, 0, ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    set.add(boost_ipq::subscriber(), 1, ec);
    BOOST_TEST(ec == test::code(errc::closed));
    set.add(a.in, 1, ec);
    BOOST_TEST(!ec);
}

// A handle that was not removed does no harm.
BOOST_AUTO_TEST_CASE(destroyed_member)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(64));
    wait_set set;
    {
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        set.add(in, 1);
    }
    out.enqueue("x"sv);
    BOOST_TEST(set.wait() == 1u);
}

#if !defined(_WIN32) // fork

BOOST_AUTO_TEST_CASE(forked_child_destroys_its_copy)
{
    pair a;
    auto set = std::make_unique<wait_set>();
    set->add(a.in, 1);
    set->native_handle();
    const ::pid_t child = ::fork();
    if (child == 0)
    {
        set.reset();
        wait_set own;
        own.add(a.in, 1);
        ::_exit(own.timed_wait(20s) == 1 ? 0 : 1);
    }
    a.out.enqueue("x"sv);
    int status = 1;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    BOOST_TEST(set->wait() == 1u);
}

#endif
