// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Processes that repeatedly create, open and remove the same queues, and are
// killed at any moment. No process hangs or finds a half-made queue, and a
// single removal at the end leaves nothing.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/stopped_process.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/algorithm/string/join.hpp>
#include <chrono>
#include <deque>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

using boost_ipq::errc;
using namespace std::chrono_literals;

namespace {

constexpr unsigned processes = 8;
constexpr unsigned hanging = 10;   // limit for one operation, in seconds
constexpr unsigned min_kills = 50; // on slow machines it takes longer
constexpr auto with_kills = 4s, without_kills = 2s;

// The first queue lives until it is removed, the second while it is open.
boost_ipq::queue_options options_of(const std::string& name, unsigned which)
{
    boost_ipq::queue_options result(
        name + (which == 0 ? ".persistent" : ".open"), 2000);
    result
        .lifetime(
            which == 0 ? boost_ipq::lifetime::persistent
                       : boost_ipq::lifetime::while_open)
        .busy_after(1min); // longer than a process may hang
    return result;
}

// Runs an operation that may fail in certain ways because of the other
// processes, which also remove the queue while it is open.
template <class Function>
void attempt(Function function, errc allowed)
{
    const auto code = test::thrown(function);
    if (code && code != test::code(allowed) &&
        code != test::code(errc::queue_removed))
        throw boost_ipq::error(code, "racing");
}

const std::string greeting = "a message of a racing process";

void talk(const boost_ipq::queue_options& options, bool create)
{
    boost_ipq::publisher out =
        create ? boost_ipq::publisher(boost_ipq::open_or_create, options)
               : boost_ipq::publisher(boost_ipq::open_only, options);
    out.try_enqueue(greeting);
    attempt(
        [&] {
            boost_ipq::subscriber in(boost_ipq::open_only, options);
            std::string message;
            while (in.try_dequeue(message))
                test::require(message == greeting, "a damaged message");
        },
        errc::not_found);
}

// Effects: kills a process. glibc's sem_open() makes a semaphore under a name
// with six random characters and links it to the requested name. A process that
// dies in between leaves that file, which this function removes.
void kill(test::child& process)
{
    std::vector<std::filesystem::path> temporary;
#if defined(__GLIBC__)
    test::stop(process);
    for (const auto& file : std::filesystem::directory_iterator(
             "/proc/" + std::to_string(process.pid()) + "/fd"))
    {
        const auto path = std::filesystem::read_symlink(file);
        if (path.string().rfind("/dev/shm/sem.", 0) == 0 &&
            path.string().size() == 13 + 6)
            temporary.push_back(path);
    }
#endif
    BOOST_REQUIRE(process.kill() == -SIGKILL);
    for (const auto& path : temporary)
        std::filesystem::remove(path);
}

} // namespace

// Arguments: the common part of the names, a seed.
CHILD_ROLE(racer)
{
    std::mt19937 random(static_cast<std::uint32_t>(self.number(1)));
    const auto end = std::chrono::steady_clock::now() + with_kills +
                     without_kills + 2 * std::chrono::seconds(hanging);
    unsigned long long operations = 0;
    for (bool go_on = true; go_on; ++operations)
    {
        test::watchdog::start(hanging);
        const auto options = options_of(self.argument(0), random() % 2);
        switch (random() % 5)
        {
        case 0:
        case 1:
            attempt([&] { talk(options, true); }, errc::queue_removed);
            break;
        case 2:
            attempt([&] { talk(options, false); }, errc::not_found);
            break;
        case 3:
            attempt(
                [&] {
                    boost_ipq::subscriber in(boost_ipq::create_only, options);
                },
                errc::already_exists);
            break;
        default:
            boost_ipq::remove_queue(options);
        }
        go_on = !self.was_told() && std::chrono::steady_clock::now() < end;
    }
    self.tell(operations);
}

BOOST_AUTO_TEST_CASE(race)
{
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    const std::string name = test::unique_name();
    const auto start = [&] {
        return test::child("racer", {name, std::to_string(random())});
    };

    std::deque<test::child> racers;
    while (racers.size() < processes)
        racers.push_back(start());
    unsigned kills = 0;
    const auto end = std::chrono::steady_clock::now() + with_kills;
    while (kills < min_kills || std::chrono::steady_clock::now() < end)
    {
        // At a random moment of the victim's work.
        std::this_thread::sleep_for(
            std::chrono::microseconds(random() % 10'000));
        // The oldest one, so that each runs for some time.
        kill(racers.front());
        racers.pop_front();
        racers.push_back(start());
        ++kills;
    }

    std::this_thread::sleep_for(without_kills);
    unsigned long long operations = 0;
    for (auto& racer : racers)
        racer.tell("stop");
    for (auto& racer : racers)
    {
        const auto count = racer.hear_number();
        BOOST_TEST(count > 0u);
        operations += count;
        BOOST_TEST(racer.wait() == 0);
    }
    BOOST_TEST_MESSAGE(
        kills << " kills; the last " << processes
              << " processes: " << operations << " operations");

    for (const unsigned which : {0, 1})
    {
        const auto options = options_of(name, which);
        // The queue works, whatever happened before.
        {
            boost_ipq::publisher out(boost_ipq::open_or_create, options);
            out.try_enqueue(greeting);
            boost_ipq::subscriber in(boost_ipq::open_only, options);
            std::string message;
            BOOST_TEST(in.try_dequeue(message));
            BOOST_TEST(message == greeting);
        }
        boost_ipq::remove_queue(options);
    }
    const auto left = test::leftovers(name);
    BOOST_TEST(left.empty(), "left: " << boost::algorithm::join(left, ", "));
}
