// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue in a file on a volume that two containers share, each with a /dev/shm
// of its own: wake-ups arrive as in one container. The queue has no object
// outside of its directory.

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr int rounds = 20;

// Returns: the reason why this process cannot have its own /dev/shm, or "".
std::string own_shared_memory()
{
    if (::unshare(CLONE_NEWNS) != 0)
        return std::string("unshare: ") + std::strerror(errno);
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", "/dev/shm", "tmpfs", 0, nullptr) != 0)
        return std::string("mount: ") + std::strerror(errno);
    return {};
}

// Returns: the names in /dev/shm that a queue may have left.
std::vector<std::string> shared_objects()
{
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator("/dev/shm"))
        if (entry.path().string().find("boost_ipq.@") != std::string::npos)
            result.push_back(entry.path().string());
    std::sort(result.begin(), result.end());
    return result;
}

} // namespace

// Argument: the directory.
CHILD_ROLE(echo)
{
    const std::string obstacle = own_shared_memory();
    self.tell(obstacle.empty() ? "ready" : obstacle);
    if (!obstacle.empty())
        return;
    const std::string where = self.argument(0);
    subscriber in(open_only, queue_options("there").directory(where));
    publisher out(open_only, queue_options("back").directory(where));
    for (int i = 0; i < rounds; ++i)
        out.enqueue(in.dequeue());
    test::require(fs::is_empty("/dev/shm"), "an object in /dev/shm");
    self.tell("done");
}

BOOST_AUTO_TEST_CASE(two_containers)
{
    if (!detail::platform::has_shared_futex)
        return test::skip("a queue in a file has named semaphores");
    const test::temporary_directory where;
    const auto before = shared_objects();
    publisher out(create_only, where.options("there", 4096));
    subscriber in(create_only, where.options("back", 4096));
    test::child other("echo", {where.path()});
    const std::string answer = other.hear();
    if (answer != "ready")
        return test::skip("no mount namespace here: " + answer);
    std::vector<clock_type::duration> times;
    for (int i = 0; i < rounds; ++i)
    {
        // Both sides fall asleep.
        while (inspect(where.options("there")).waiting_subscribers == 0)
            std::this_thread::yield();
        std::string message;
        const auto begin = clock_type::now();
        out.enqueue("message", 7);
        BOOST_TEST(in.timed_dequeue(message, 10s));
        times.push_back(clock_type::now() - begin);
    }
    BOOST_TEST(other.hear() == "done");
    BOOST_TEST(other.wait() == 0);
    BOOST_TEST((shared_objects() == before));
    // By its time limit a sleep ends after 50 ms. A busy machine delays some.
    std::sort(times.begin(), times.end());
    BOOST_TEST((times[rounds / 4] < 20ms));
}

BOOST_AUTO_TEST_CASE(a_deleted_directory)
{
    if (!detail::platform::has_shared_futex)
        return test::skip("a queue in a file has named semaphores");
    const auto before = shared_objects();
    const test::temporary_directory where;
    {
        publisher out(create_only, where.options("q", 4096));
        subscriber in(open_only, where.options("q"));
        fs::remove_all(where.path());
    }
    BOOST_TEST((shared_objects() == before));
    fs::create_directory(where.path());
    publisher out(create_only, where.options("q", 4096));
    BOOST_TEST(out.try_enqueue("x", 1));
}
