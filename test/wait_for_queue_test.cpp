// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// wait_for_queue() waits until a queue is ready, without polling.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

using boost_ipq::errc;
using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds processor_time()
{
    struct timespec time;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::nanoseconds(time.tv_nsec);
}

auto waiting_for(const boost_ipq::queue_options& options)
{
    auto result = std::async(std::launch::async, [options] {
        return boost_ipq::wait_for_queue(options, 20s);
    });
    BOOST_TEST((result.wait_for(30ms) == std::future_status::timeout));
    return result;
}

} // namespace

CHILD_ROLE(create)
{
    self.hear();
    boost_ipq::queue_options options(self.argument(0), 1 << 20);
    options.lifetime(boost_ipq::lifetime::while_open);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    self.tell("created");
    self.hear();
}

BOOST_AUTO_TEST_CASE(queue_that_is_there)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(64));
    BOOST_TEST(boost_ipq::wait_for_queue(queue.name(), 0s));
    BOOST_TEST(boost_ipq::wait_for_queue(queue.options(64), test::never()));
}

BOOST_AUTO_TEST_CASE(absent_queue_until_the_deadline)
{
    const test::scoped_queue queue;
    // In a directory of its own, where no other program wakes the wait.
    const test::temporary_directory where;
    const auto absent = where.options("absent");
    const auto begin = std::chrono::steady_clock::now();
    const auto used = processor_time();
    boost::system::error_code ec;
    BOOST_TEST(!boost_ipq::wait_for_queue(absent, 200ms));
    BOOST_TEST(!boost_ipq::wait_for_queue(absent, 100ms, ec));
    BOOST_TEST(!ec);
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 300ms));
    BOOST_TEST((processor_time() - used < 30ms)); // no polling
    BOOST_TEST(!boost_ipq::wait_for_queue(queue.name(), 10ms));
    BOOST_TEST(!boost_ipq::wait_for_queue(queue.name(), test::stop_flag{true}));
    BOOST_TEST(!boost_ipq::wait_for_queue("no/name", 1s, ec));
    BOOST_TEST(ec == test::code(errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(created_by_another_process)
{
    const test::scoped_queue queue;
    test::child child("create", {queue.name()});
    auto ready = waiting_for(queue.name());
    child.tell("create");
    BOOST_TEST(ready.get());
    boost_ipq::subscriber in(boost_ipq::open_only, queue.name());
    BOOST_TEST(child.hear() == "created");
    child.kill();
}

// What is left of a while_open queue is no queue.
BOOST_AUTO_TEST_CASE(left_behind_and_created_again)
{
    const test::scoped_queue queue;
    {
        test::child child("create", {queue.name()});
        child.tell("create");
        BOOST_TEST(child.hear() == "created");
        child.kill();
    }
    auto ready = waiting_for(queue.name());
    boost_ipq::publisher out(boost_ipq::open_or_create, queue.options(64));
    BOOST_TEST(ready.get());
}

BOOST_AUTO_TEST_CASE(directory_that_is_made_later)
{
    const test::temporary_directory base;
    boost_ipq::queue_options options("orders", 64);
    options.directory(base.path() + "/later");
    auto ready = waiting_for(options);
    std::filesystem::create_directory(base.path() + "/later");
    {
        boost_ipq::publisher out(boost_ipq::create_only, options);
        BOOST_TEST(ready.get());
    }
    boost_ipq::remove_queue(options);
}

BOOST_AUTO_TEST_CASE(inside_the_process)
{
    using heap_publisher = boost_ipq::basic_publisher<
        std::allocator<std::byte>, boost_ipq::heap_storage>;
    const std::string name = test::unique_name();
    boost::system::error_code ec;
    BOOST_TEST(!boost_ipq::wait_for_queue<boost_ipq::heap_storage>(name, 0s));
    BOOST_TEST(!boost_ipq::wait_for_queue<boost_ipq::heap_storage>(
        name, test::stop_flag{true}, ec));
    BOOST_TEST(!ec);
    auto waiting = std::async(std::launch::async, [&] {
        return boost_ipq::wait_for_queue<boost_ipq::heap_storage>(name, 20s);
    });
    BOOST_TEST((waiting.wait_for(30ms) == std::future_status::timeout));
    heap_publisher out(
        boost_ipq::create_only, boost_ipq::queue_options(name, 64));
    BOOST_TEST(waiting.get());
    // A name for each kind of storage.
    BOOST_TEST(!boost_ipq::wait_for_queue(name, 0s));
    boost_ipq::remove_queue<boost_ipq::heap_storage>(name);
    BOOST_TEST(!boost_ipq::wait_for_queue<boost_ipq::heap_storage>(name, 0s));
}
