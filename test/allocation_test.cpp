// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// In steady state, nothing allocates. A container that receives grows by its
// own allocator; a message that dequeue() returns, by the handle's.

#include "support/eventually.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/request.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#if !defined(_WIN32)
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>
#endif
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <limits>
#include <memory>
#include <memory_resource>
#include <new>
#include <string>
#include <thread>
#include <vector>

// ThreadSanitizer replaces these operators itself.
#if defined(BOOST_IPQ_DETAIL_TSAN)

BOOST_AUTO_TEST_CASE(not_under_thread_sanitizer)
{
    BOOST_TEST(true);
}

#else

using test::never;

namespace {

std::atomic<unsigned> allocations{0};

// How many allocations of this thread succeed before two fail.
thread_local int left = std::numeric_limits<int>::max();

void* counted(std::size_t size)
{
    ++allocations;
    if (--left == -1 || left == -2)
        throw std::bad_alloc();
    if (void* const memory = std::malloc(size != 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace {

// Returns: how many times the function allocates.
template <class Function>
unsigned count(Function function)
{
    const unsigned before = allocations;
    function();
    return allocations - before;
}

struct counting_resource final : std::pmr::memory_resource
{
    unsigned count = 0;

private:
    void* do_allocate(std::size_t size, std::size_t) override
    {
        ++count;
        return std::malloc(size);
    }
    void do_deallocate(void* memory, std::size_t, std::size_t) override
    {
        std::free(memory);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override
    {
        return this == &other;
    }
};

struct fixture
{
    fixture()
        : out(boost_ipq::create_only, queue.options(100'000)),
          in(boost_ipq::open_only, queue)
    {
    }

    test::scoped_queue queue;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    char body[10'000] = {}, buffer[10'000] = {};
    std::size_t size = 0;
    boost::system::error_code ec;
};

} // namespace

BOOST_AUTO_TEST_CASE(it_counts)
{
    BOOST_TEST(count([] { std::vector<int> v(1000); }) == 1u);
}

BOOST_FIXTURE_TEST_CASE(buffers, fixture)
{
    bool good = true;
    const unsigned used = count([&] {
        for (std::size_t i = 0; i < 10'000; ++i)
        {
            good = good && out.try_enqueue(body, i);
            good = good && in.try_dequeue(buffer, sizeof buffer, size);
            good = good && size == i;
        }
    });
    BOOST_TEST(used == 0u);
    BOOST_TEST(good);
}

BOOST_AUTO_TEST_CASE(calls_that_drop_and_look_and_dead_letters)
{
    const test::scoped_queue queue, letters;
    boost_ipq::publisher out(
        boost_ipq::create_only,
        queue.options(4096).max_deliveries(2).dead_letter(letters.name()));
    boost_ipq::subscriber in(boost_ipq::open_only, queue),
        dead(boost_ipq::create_only, letters.options(4096));
    const auto nothing = [](const void*, std::size_t) {};
    const std::string text(1000, 'x');
    std::vector<std::byte> message(1000);
    std::size_t dropped = 0, done = 0;
    const auto all = [&] {
        for (unsigned i = 0; i < 10; ++i)
            done += out.try_enqueue_overwriting(text, dropped);
        done += in.peek(nothing);
        in.try_receive().reject(); // the first time, it opens the queue
        in.try_receive().release();
        in.try_receive().release();
        done += dead.consume_all(nothing);
        done += in.try_dequeue_latest(message);
        out.enqueue(text);
        done += in.purge();
    };
    all();
    BOOST_TEST(count(all) == 0u);
    BOOST_TEST(done == 2u * (10 + 4 + 2 + 1 + 1));
}

BOOST_AUTO_TEST_CASE(broadcasts)
{
    using boost_ipq::overflow;
    const auto nothing = [](const void*, std::size_t) {};
    const std::string text(100, 'x');
    std::vector<std::byte> message(1000);
    char buffer[200];
    std::size_t size = 0, done = 0;
    for (const auto policy : {overflow::block, overflow::drop_oldest})
    {
        const test::scoped_queue queue;
        boost_ipq::broadcast_publisher out(
            boost_ipq::create_only, queue.options(10'000).overflow(policy));
        boost_ipq::broadcast_subscriber in(boost_ipq::open_only, queue),
            slow(boost_ipq::open_only, queue);
        const auto all = [&] {
            for (unsigned i = 0; i < 300; ++i)
            {
                for (unsigned k = 0; k < 10; ++k)
                    out.enqueue(text);
                done += in.try_dequeue(buffer, sizeof buffer, size);
                done += in.try_dequeue(message);
                done += in.consume_one(nothing);
                boost_ipq::delivery first = in.try_receive();
                in.try_receive().release();
                first.acknowledge();
                done += in.try_dequeue_latest(message);
                done += in.consume_all(nothing) == 0;
                done += slow.try_dequeue(message);
                if (policy == overflow::block)
                    slow.purge();
            }
        };
        all();
        BOOST_TEST(count(all) == 0u);
    }
    BOOST_TEST(done == 2u * 2 * 300 * 6);
}

BOOST_FIXTURE_TEST_CASE(every_kind_of_call, fixture)
{
    using namespace std::chrono_literals;
    std::string text(100, 'x');
    std::vector<std::byte> message(1000);
    bool good = true;
    const unsigned used = count([&] {
        for (unsigned i = 0; i < 100; ++i)
        {
            out.enqueue(text);
            good = good && in.dequeue(message);
            good = good && out.enqueue(text, never());
            good = good && in.dequeue(message, never());
            good = good && out.timed_enqueue(text, 1s);
            good = good && in.timed_dequeue(message, 1s);
            good = good && message.size() == text.size();
            // No message, no room, a buffer that is too small.
            good = good && !in.try_dequeue(message);
            good = good && !in.timed_dequeue(message, 0s);
            good = good && !in.try_dequeue(message, ec) && !ec;
            out.enqueue(text);
            good = good && !in.try_dequeue(buffer, 1, size, ec) && ec;
            good = good && in.try_dequeue(buffer, 1, size, boost_ipq::truncate);
            while (out.try_enqueue(body, sizeof body))
                ;
            good = good && !out.timed_enqueue(body, sizeof body, 0s);
            while (in.try_dequeue(buffer, sizeof buffer, size))
                ;
        }
    });
    BOOST_TEST(used == 0u);
    BOOST_TEST(good);
}

BOOST_AUTO_TEST_CASE(wait_sets_typed_handles_and_looking)
{
    const test::scoped_queue queue;
    boost_ipq::typed_publisher<int> out(
        boost_ipq::create_only, queue.options(1000));
    boost_ipq::typed_subscriber<int> in(boost_ipq::open_only, queue);
    boost_ipq::wait_set set;
    set.add(in, 1);
    std::size_t done = 0, looked = 0;
    int value = 0;
    const auto all = [&] {
        for (int i = 0; i < 100; ++i)
        {
            out.enqueue(i);
            done += set.wait();
            done += *in.try_receive() == i; // given back
            looked += in.size() + in.bytes() + in.publishers() +
                      in.subscribers() + in.capacity();
            done += in.try_dequeue(value) && value == i;
            done += !in.try_dequeue();
            done += set.timed_wait(std::chrono::nanoseconds(1)) == 0;
            done += !in.stopped() && in.empty();
        }
    };
    all();
    BOOST_TEST(count(all) == 0u);
    BOOST_TEST(done == 2u * 100 * 6);
    BOOST_TEST(looked != 0u);
    set.remove(in);
}

BOOST_AUTO_TEST_CASE(requests)
{
    const test::scoped_queue queue;
    boost_ipq::request_server<int, int> server(
        boost_ipq::create_only, queue.options(4096));
    boost_ipq::request_client<int, int> client(boost_ipq::open_only, queue);
    std::thread serving([&] {
        while (auto request = server.receive())
            if (*request % 3 != 0)
                request.answer(*request + 1);
    });
    boost::system::error_code ec;
    int right = 0;
    const auto all = [&] {
        for (int i = 0; i < 300; ++i)
            right += i % 3 == 0
                         ? client.call(i, ec) == 0 &&
                               ec == boost_ipq::errc::no_answer
                         : client.call(i, std::chrono::seconds(20)) == i + 1;
    };
    all();
    BOOST_TEST(count(all) == 0u);
    BOOST_TEST(right == 600);
    server.stop();
    serving.join();
}

// A context that is destroyed with calls that wait needs no memory.
BOOST_AUTO_TEST_CASE(context_of_requests_is_destroyed)
{
    const test::scoped_queue queue;
    boost_ipq::request_server<int, int> server(
        boost_ipq::create_only, queue.options(4096));
    boost_ipq::request_client<int, int> client(boost_ipq::open_only, queue);
    auto io = std::make_unique<boost::asio::io_context>();
    client.async_call(
        1,
        boost::asio::bind_executor(*io, [](boost::system::error_code, int) {}));
    const auto held = server.receive();
    for (int i = 0; i < 5; ++i)
        server.async_receive(boost::asio::bind_executor(
            *io, [](boost::system::error_code, const auto&) {}));
    left = 0;
    io.reset();
    const bool none_failed = left == 0;
    left = std::numeric_limits<int>::max();
    BOOST_TEST(none_failed);
}

// That of I/O objects waits for some, to tell the waiting thread.
BOOST_AUTO_TEST_CASE(context_is_destroyed)
{
    const test::scoped_queue queue;
    auto io = std::make_unique<boost::asio::io_context>();
    boost_ipq::async_subscriber in(
        *io, boost_ipq::create_only, queue.options(100));
    auto kept = std::make_shared<int>();
    const std::weak_ptr<int> seen = kept;
    char buffer[10];
    for (int i = 0; i < 3; ++i)
        in.async_dequeue(
            boost::asio::buffer(buffer),
            [kept](boost::system::error_code, std::size_t) {});
    kept.reset();
    left = 0;
    io.reset();
    left = std::numeric_limits<int>::max();
    BOOST_TEST(seen.expired());
}

#if !defined(_WIN32) // fork

namespace {

// Starts an operation with memory for that many allocations, and a second with
// all memory.
void receive_with_little_memory(const test::scoped_queue& queue, int memory)
{
    boost::asio::io_context io;
    boost_ipq::async_subscriber in(io, boost_ipq::open_only, queue);
    boost_ipq::publisher out(boost_ipq::open_only, queue);
    char buffer[10];
    int received = 0;
    const auto receive = [&] {
        in.async_dequeue(
            boost::asio::buffer(buffer), [&](boost::system::error_code ec,
                                             std::size_t) { received += !ec; });
    };
    left = memory;
    try
    {
        receive();
    }
    catch (const std::bad_alloc&)
    {
    }
    const bool all_succeeded = left >= 0;
    left = std::numeric_limits<int>::max();
    receive();
    out.enqueue("one", 3);
    out.enqueue("two", 3);
    io.run();
    ::_exit(received == 0 ? 1 : all_succeeded ? 2 : 0);
}

} // namespace

// An operation for whose wait there is no memory fails; later ones do not wait
// for it. If there is none to tell its handler, the program ends.
BOOST_AUTO_TEST_CASE(no_memory_to_wait)
{
    const test::scoped_queue queue;
    const boost_ipq::publisher keeper(
        boost_ipq::create_only, queue.options(100));
    int failures = 0;
    for (int status = 0, memory = 0; status != 2; ++memory)
    {
        const ::pid_t child = ::fork();
        if (child == 0)
        {
            ::signal(SIGALRM, SIG_DFL);
            ::alarm(10);
            std::set_terminate([] { ::_exit(3); });
            receive_with_little_memory(queue, memory);
        }
        BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
        BOOST_REQUIRE(WIFEXITED(status)); // it hangs
        status = WEXITSTATUS(status);
        BOOST_TEST((status == 0 || status == 2 || status == 3));
        failures += status == 0;
    }
    BOOST_TEST(failures != 0);
}

#endif

// Sleeping and waking do not allocate either.
BOOST_FIXTURE_TEST_CASE(sleeping, fixture)
{
    unsigned used = 1;
    std::thread sleeper([&] {
        used = count([&] {
            std::size_t got;
            in.dequeue(buffer, sizeof buffer, got);
        });
    });
    // Counted over all threads; this thread waits without allocating.
    while (count([&] { std::this_thread::yield(); }) != 0)
        ;
    const auto attached =
        boost_ipq::detail::attach(boost_ipq::detail::open_mode::open, queue);
    const auto& sleepers = attached->ring().control->messages.count;
    const unsigned waited = count([&] {
        while (sleepers.load() == 0)
            std::this_thread::yield();
        out.enqueue(body, 10);
    });
    sleeper.join();
    BOOST_TEST(waited == 0u);
}

BOOST_FIXTURE_TEST_CASE(containers, fixture)
{
    for (std::size_t length : {0, 1, 100, 10'000})
    {
        out.enqueue(body, length);
        std::vector<char> message;
        const unsigned used = count([&] { in.dequeue(message); });
        BOOST_TEST(used == (length == 0 ? 0u : 1u));
        BOOST_TEST(message.size() == length);
        // It keeps its capacity.
        out.enqueue(body, length);
        BOOST_TEST(count([&] { in.dequeue(message); }) == 0u);
    }
}

BOOST_FIXTURE_TEST_CASE(own_allocator_of_a_container, fixture)
{
    counting_resource resource;
    for (unsigned i = 0; i < 10; ++i)
    {
        out.enqueue(body, 9000);
        std::pmr::vector<char> message(&resource);
        BOOST_TEST(count([&] { in.dequeue(message); }) == 0u);
        BOOST_TEST(resource.count == i + 1);
    }
}

BOOST_FIXTURE_TEST_CASE(allocator_of_the_handle, fixture)
{
    using allocator = std::pmr::polymorphic_allocator<std::byte>;
    counting_resource resource;
    boost_ipq::basic_subscriber<allocator> own(
        boost_ipq::open_only, queue, allocator(&resource));
    const unsigned before = resource.count;
    for (unsigned i = 0; i < 10; ++i)
    {
        out.enqueue(body, 9000);
        const unsigned used = count([&] {
            const auto message = own.dequeue();
            size = message.size();
        });
        BOOST_TEST(used == 0u);
        BOOST_TEST(size == 9000u);
        BOOST_TEST(resource.count == before + i + 1);
    }
}

#if defined(__cpp_lib_jthread)
BOOST_FIXTURE_TEST_CASE(stop_tokens, fixture)
{
    std::stop_source source;
    const auto token = source.get_token();
    const unsigned used = count([&] {
        for (unsigned i = 0; i < 100; ++i)
        {
            out.enqueue(body, 10, token);
            in.dequeue(buffer, sizeof buffer, size, token);
        }
    });
    BOOST_TEST(used == 0u);
}
#endif

#endif
