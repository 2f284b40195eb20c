// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Processes are killed while they sleep. The others are woken as before, the
// values of the semaphores stay bounded, and in the end the dead sleepers are
// forgotten.

#include "support/asleep.hpp"
#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <semaphore.h>
#include <chrono>
#include <cstdint>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr unsigned deaths = 30;

// The value of one of a queue's semaphores.
class semaphore_value
{
public:
    explicit semaphore_value(const std::string& name)
        : m_semaphore(::sem_open(("/" + name).c_str(), 0))
    {
        BOOST_REQUIRE(m_semaphore != SEM_FAILED);
    }

    semaphore_value(const semaphore_value&) = delete;
    semaphore_value& operator=(const semaphore_value&) = delete;
    ~semaphore_value() { ::sem_close(m_semaphore); }

    int count() const
    {
        int value = 0;
        ::sem_getvalue(m_semaphore, &value);
        return value;
    }

private:
    sem_t* m_semaphore;
};

} // namespace

CHILD_ROLE(sleeping_subscriber)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    std::vector<std::byte> message;
    in.dequeue(message);
}

CHILD_ROLE(sleeping_publisher)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const std::vector<char> body(out.max_message_size());
    for (;;)
        out.enqueue(body);
}

CHILD_ROLE(echo)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(1));
    self.tell("ready");
    std::vector<std::byte> message;
    for (;;)
    {
        in.dequeue(message);
        if (message.empty())
            break;
        out.enqueue(message);
    }
}

BOOST_AUTO_TEST_CASE(subscribers)
{
    const test::scoped_queue queue, back;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::create_only, back.options(1000));
    const semaphore_value left(
        boost_ipq::detail::object_names(queue.name(), "").messages);

    for (unsigned i = 0; i < deaths; ++i)
    {
        test::child child("sleeping_subscriber", {queue.name()});
        BOOST_REQUIRE(test::subscriber_sleeps(queue.name(), child.pid()));
        child.kill();
    }

    // With no sleeper alive, only wake-ups for the dead ones are posted.
    for (unsigned lap = 0; lap < 100; ++lap)
    {
        std::vector<std::byte> message;
        boost_ipq::subscriber taker(boost_ipq::open_only, queue);
        while (out.try_enqueue("x", 1))
            ;
        while (taker.try_dequeue(message))
            ;
        BOOST_REQUIRE(left.count() <= static_cast<int>(deaths));
    }

    // A living sleeper is woken each time. A lost wake-up costs 50 ms.
    test::child echo("echo", {queue.name(), back.name()});
    echo.hear();
    unsigned stalls = 0;
    std::byte answer[8];
    std::size_t size;
    constexpr unsigned rounds = 500;
    for (unsigned i = 0; i < rounds; ++i)
    {
        BOOST_REQUIRE(test::subscriber_sleeps(queue.name(), echo.pid()));
        const auto begin = std::chrono::steady_clock::now();
        out.enqueue("x", 1);
        in.dequeue(answer, sizeof answer, size);
        stalls += std::chrono::steady_clock::now() - begin > 40ms;
        BOOST_REQUIRE(left.count() <= static_cast<int>(deaths) + 1);
    }
    BOOST_TEST(stalls <= rounds / 10); // on a busy machine

    out.enqueue("", 0);
    BOOST_TEST(echo.wait() == 0);
}

BOOST_AUTO_TEST_CASE(publishers)
{
    const test::scoped_queue queue;
    boost_ipq::subscriber in(boost_ipq::create_only, queue.options(1000));
    const semaphore_value left(
        boost_ipq::detail::object_names(queue.name(), "").room);
    std::vector<std::byte> message;
    for (unsigned i = 0; i < deaths; ++i)
    {
        test::child child("sleeping_publisher", {queue.name()});
        BOOST_REQUIRE(test::publisher_sleeps(queue.name(), child.pid()));
        child.kill();
    }
    BOOST_TEST(left.count() <= static_cast<int>(deaths));
    test::child child("sleeping_publisher", {queue.name()});
    for (unsigned i = 0; i < 100; ++i)
    {
        BOOST_REQUIRE(test::publisher_sleeps(queue.name(), child.pid()));
        BOOST_REQUIRE(in.dequeue(message));
        BOOST_REQUIRE(left.count() <= static_cast<int>(deaths) + 1);
    }
}

// The cost of dead sleepers ends: sleepers and wakers stop paying for them.
BOOST_AUTO_TEST_CASE(are_forgotten)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    const semaphore_value left(
        boost_ipq::detail::object_names(queue.name(), "").messages);
    for (unsigned i = 0; i < deaths; ++i)
    {
        test::child child("sleeping_subscriber", {queue.name()});
        BOOST_REQUIRE(test::subscriber_sleeps(queue.name(), child.pid()));
        child.kill();
    }
    std::vector<std::byte> message;
    BOOST_TEST(test::eventually([&] {
        // Ordinary use: messages, and waits that find nothing.
        out.enqueue("x", 1);
        in.dequeue(message);
        in.timed_dequeue(message, 60ms);
        return left.count() == 0 &&
               boost_ipq::inspect(queue).waiting_subscribers == 0;
    }));
}

// While a slot may change its owner, its sleepers may be alive.
BOOST_AUTO_TEST_CASE(are_forgotten_while_no_process_joins)
{
    namespace detail = boost_ipq::detail;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach(detail::open_mode::open, queue);
    const auto& count = attached->ring().control->messages.count;
    // A child whose bounded sleep has just ended is off the count for a moment.
    for (unsigned i = 0; i < deaths && count != 1u; ++i)
    {
        test::child child("sleeping_subscriber", {queue.name()});
        BOOST_REQUIRE(test::subscriber_sleeps(queue.name(), child.pid()));
        child.kill();
    }
    detail::lock_file joining;
    joining.open_locked(test::queue_objects(queue.name()).lock, false, 0);
    attached->idle();
    BOOST_TEST(count == 1u);
    joining.close();
    attached->idle();
    BOOST_TEST(count == 0u);
}

// Damage: the count says that there are 4 billion of them.
BOOST_AUTO_TEST_CASE(too_many_to_forget)
{
    namespace detail = boost_ipq::detail;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach(detail::open_mode::open, queue);
    auto& count = attached->ring().control->messages.count;
    count = 0xffffffff;
    attached->messages().forget(0xffffffff);
    BOOST_TEST(count > 0xff000000);
    count = 0;
}
