// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// No wake-up is lost: a sleep that ends by its time limit, and not by a
// wake-up, must not find a message whose sender had finished before.

#include "support/asleep.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/without_membarrier.hpp"
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <dlfcn.h>
#include <semaphore.h>
#include <time.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using moment = std::chrono::steady_clock::time_point;

// When this thread's last sleep ended by its time limit, or moment().
thread_local moment expired;
thread_local unsigned sleeps = 0;

struct message
{
    std::uint32_t number;
    moment last_sent; // when the call that sent the last message had returned
};

} // namespace

// Replaces the C library's function.
extern "C" int
sem_clockwait(sem_t* semaphore, clockid_t clock, const struct timespec* until)
{
    using function = int (*)(sem_t*, clockid_t, const struct timespec*);
    static const auto real =
        reinterpret_cast<function>(::dlsym(RTLD_NEXT, "sem_clockwait"));
    const int result = real(semaphore, clock, until);
    const int error = errno;
    expired = result != 0 && error == ETIMEDOUT
                  ? moment(
                        std::chrono::seconds(until->tv_sec) +
                        std::chrono::nanoseconds(until->tv_nsec))
                  : moment();
    ++sleeps;
    errno = error;
    return result;
}

namespace {

#if defined(BOOST_IPQ_DETAIL_TSAN)
constexpr unsigned rounds = 4'000;
#else
constexpr unsigned rounds = 20'000;
#endif

struct counts
{
    unsigned lost = 0;  // sleeps that timed out although the message was there
    unsigned slept = 0; // rounds with a sleep
};

void receive(boost_ipq::subscriber& in, std::uint32_t expected, counts& result)
{
    message got = {};
    std::size_t size = 0;
    const moment last_expired = std::exchange(expired, moment());
    const unsigned before = sleeps;
    in.dequeue(&got, sizeof got, size);
    test::require(
        size == sizeof got && got.number == expected, "a wrong message");
    // The call that sent the last message had returned, so it must have woken
    // this thread. Inside the call, the sender may be stopped before it does.
    result.lost += got.last_sent < last_expired;
    result.slept += sleeps != before;
}

void send(boost_ipq::publisher& out, std::uint32_t number)
{
    static moment last_sent;
    const message next = {number, last_sent};
    out.enqueue(&next, sizeof next);
    last_sent = std::chrono::steady_clock::now();
}

// Lets the other process wait: often about as long as it spins, sometimes
// longer.
void work(std::mt19937& random)
{
    const unsigned kind = random() % 64;
    const auto time =
        std::chrono::microseconds(random() % (kind == 0 ? 5000 : 300));
    if (kind == 0)
        std::this_thread::sleep_for(time);
    if (kind == 0 || kind >= 8)
        return;
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end)
        ;
}

} // namespace

// Sends the answers. Arguments: the queues, a seed, "without" (membarrier).
CHILD_ROLE(answerer)
{
    if (self.argument(3) == "without")
        test::forbid_membarrier();
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(1));
    test::watchdog::start(180);
    std::mt19937 random(static_cast<std::uint32_t>(self.number(2)));
    self.tell("ready");
    counts result;
    for (std::uint32_t i = 0; i < rounds; ++i)
    {
        receive(in, i, result);
        work(random);
        send(out, i);
    }
    self.tell(result.lost);
    self.tell(result.slept);
}

static void ping_pong(const std::string& answerer_membarrier)
{
    using namespace boost_ipq::detail;
    if (std::is_same<platform::semaphore_wait, platform::futex_wait>::value)
        return test::skip("waiting is not the C library's");
    test::watchdog::start(180); // a busy machine needs a long time
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    const test::scoped_queue there, back;
    boost_ipq::publisher out(boost_ipq::create_only, there.options(64));
    boost_ipq::subscriber in(boost_ipq::create_only, back.options(64));
    test::child answerer(
        "answerer", {there.name(), back.name(), std::to_string(random()),
                     answerer_membarrier});
    answerer.hear();
    counts mine;
    expired = moment(); // of the case before
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint32_t i = 0; i < rounds; ++i)
    {
        // On a busy machine, a process that spins and yields waits for a long
        // time.
        if (i % (rounds / 200) == 0)
            BOOST_TEST_REQUIRE(
                test::eventually([&] { return test::asleep(answerer.pid()); }));
        work(random);
        send(out, i);
        receive(in, i, mine);
    }
    const std::chrono::duration<double, std::micro> time =
        std::chrono::steady_clock::now() - begin;
    const auto lost = answerer.hear_number(), slept = answerer.hear_number();
    BOOST_TEST_MESSAGE(
        time.count() / rounds << " us a round; rounds with a sleep: "
                              << mine.slept << " and " << slept);
    BOOST_TEST(mine.lost == 0u);
    BOOST_TEST(lost == 0u);
    // The test is meaningless if no process slept.
    BOOST_TEST(mine.slept + slept > 100u);
    BOOST_TEST(answerer.wait() == 0);
}

BOOST_AUTO_TEST_CASE(with_membarrier)
{
    ping_pong("with");
}

// One process is not allowed to make this system call: all use fences.
BOOST_AUTO_TEST_CASE(one_without_membarrier)
{
    ping_pong("without");
}
