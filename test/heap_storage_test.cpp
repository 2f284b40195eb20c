// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues inside one process: the same handles, in plain memory.

#include "support/body.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <chrono>
#include <memory_resource>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;

namespace {

using heap_publisher = basic_publisher<std::allocator<std::byte>, heap_storage>;
using heap_subscriber =
    basic_subscriber<std::allocator<std::byte>, heap_storage>;

struct fixture
{
    ~fixture() { remove_queue<heap_storage>(options); }

    const std::string name = test::unique_name();
    const queue_options options{name, 4096};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(heap, fixture)

BOOST_AUTO_TEST_CASE(no_object_outside_of_the_process)
{
    heap_publisher out(create_only, options);
    heap_subscriber in(open_only, name);
    BOOST_TEST(out.try_enqueue("x", 1));
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "x");
    BOOST_TEST(!in.try_dequeue(message));
#if defined(__linux__)
    BOOST_TEST(test::leftovers(name).empty());
#endif
    BOOST_CHECK_THROW(publisher(open_only, name), error);
}

// The last handle is closed while a different thread finds that the queue is
// not the one that it asked for.
BOOST_AUTO_TEST_CASE(closed_while_it_is_refused)
{
    const queue_options brief =
        queue_options(name, 64).lifetime(lifetime::while_open);
    std::atomic<bool> end{false};
    std::thread other([&] {
        const queue_options different =
            queue_options(name, 4096).lifetime(lifetime::while_open);
        while (!end)
        {
            boost::system::error_code ignored;
            heap_publisher(open_only, different, ignored);
        }
    });
    for (int i = 0; i < 20'000; ++i)
    {
        boost::system::error_code ignored;
        heap_publisher(open_or_create, brief, ignored);
    }
    end = true;
    other.join();
}

BOOST_AUTO_TEST_CASE(opening)
{
    BOOST_TEST(test::thrown([&] {
                   heap_publisher(open_only, name);
               }) == test::code(errc::not_found));
    heap_publisher out(open_or_create, options);
    BOOST_TEST(test::thrown([&] {
                   heap_publisher(create_only, options);
               }) == test::code(errc::already_exists));
    BOOST_CHECK_THROW(
        heap_subscriber(open_only, queue_options(name, 100)), queue_mismatch);
    BOOST_CHECK_THROW(heap_publisher(create_only, name), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(persistent)
{
    heap_publisher(create_only, options).enqueue("kept", 4);
    std::string message;
    BOOST_TEST(heap_subscriber(open_only, name).try_dequeue(message));
    BOOST_TEST(message == "kept");
    BOOST_TEST(remove_queue<heap_storage>(name));
    BOOST_TEST(!remove_queue<heap_storage>(name));
}

BOOST_AUTO_TEST_CASE(while_open)
{
    auto passing = options;
    passing.lifetime(lifetime::while_open);
    heap_publisher out(create_only, passing);
    heap_subscriber in(open_only, passing);
    out.enqueue("gone", 4);
    out.close();
    in.close();
    BOOST_TEST(test::thrown([&] {
                   heap_subscriber(open_only, name);
               }) == test::code(errc::not_found));
}

BOOST_AUTO_TEST_CASE(removed_while_open)
{
    heap_publisher out(create_only, options);
    heap_subscriber in(open_only, options);
    out.enqueue("old", 3);
    BOOST_TEST(!out.removed());
    BOOST_TEST(remove_queue<heap_storage>(name));
    heap_publisher other(create_only, options);
    BOOST_TEST(out.removed());
    BOOST_TEST(in.removed());
    BOOST_TEST(!other.removed());
    BOOST_CHECK_THROW(out.enqueue("more", 4), queue_removed);
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "old");
    BOOST_CHECK_THROW(in.try_dequeue(message), queue_removed);
    heap_subscriber in_other(open_only, name);
    BOOST_TEST(!in_other.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(waiting_threads)
{
    heap_publisher out(create_only, queue_options(name, 256));
    heap_subscriber in(open_only, name);
    constexpr std::uint64_t count = 20000;
    std::thread publisher([&] {
        for (std::uint64_t i = 0; i < count; ++i)
            out.enqueue(test::make_body(i, i % 100));
    });
    test::bytes message;
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < count; ++i)
    {
        in.dequeue(message);
        wrong += message != test::make_body(i, i % 100);
    }
    publisher.join();
    BOOST_TEST(wrong == 0u);
    // Threads that sleep and are woken.
    std::thread later([&] { out.enqueue("late", 4); });
    BOOST_TEST(in.dequeue(message));
    later.join();
    std::thread canceled([&] { BOOST_TEST(!in.dequeue(message)); });
    std::atomic<bool> stop{false};
    std::thread canceler([&] {
        while (!stop)
        {
            in.cancel();
            std::this_thread::yield();
        }
    });
    canceled.join();
    stop = true;
    canceler.join();
}

BOOST_AUTO_TEST_CASE(in_place)
{
    heap_publisher out(create_only, options);
    heap_subscriber in(open_only, name);
    reservation room = out.try_reserve(4);
    std::copy_n("abcd", 4, static_cast<char*>(room.data()));
    room.commit(3);
    {
        const delivery message = in.try_receive();
        BOOST_TEST(message.size() == 3u);
        BOOST_TEST(!message.redelivered());
    }
    delivery again = in.try_receive();
    BOOST_TEST(again.redelivered());
    again.acknowledge();
    BOOST_TEST(!in.try_receive());
}

// The ring is allocated by the allocator.
BOOST_AUTO_TEST_CASE(memory_of_the_allocator)
{
    using allocator = std::pmr::polymorphic_allocator<std::byte>;
    std::vector<std::byte> memory(16384);
    std::pmr::monotonic_buffer_resource resource(
        memory.data(), memory.size(), std::pmr::null_memory_resource());
    {
        basic_publisher<allocator, heap_storage> out(
            create_only, options, allocator(&resource));
        basic_subscriber<allocator, heap_storage> in(
            open_only, options, allocator(&resource));
        out.enqueue("x", 1);
        const delivery message = in.receive();
        const auto* const at = static_cast<const std::byte*>(message.data());
        BOOST_TEST((at >= memory.data() && at < memory.data() + 16384));
    }
    remove_queue<heap_storage>(name);
}

BOOST_AUTO_TEST_SUITE_END()
