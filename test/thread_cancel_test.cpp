// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// No call of the library is a cancellation point: a thread that is canceled by
// pthread_cancel() inside a call completes the call first.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/sanitizer.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <pthread.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>

#if defined(BOOST_IPQ_TEST_ADDRESS_SANITIZER)

BOOST_AUTO_TEST_CASE(canceled_threads)
{
    test::skip("AddressSanitizer does not know that a canceled thread has left "
               "its functions");
}

#else

namespace detail = boost_ipq::detail;
using namespace std::chrono_literals;

namespace {

// A thread that calls a function, and then reaches a cancellation point.
template <class Function>
class canceled_thread
{
public:
    explicit canceled_thread(Function function) : m_function(function)
    {
        ::pthread_create(
            &m_thread, nullptr,
            [](void* self) -> void* {
                auto& thread = *static_cast<canceled_thread*>(self);
                thread.m_started = true;
                thread.m_function();
                thread.m_returned = true;
                ::pthread_testcancel();
                return nullptr;
            },
            this);
    }

    void cancel()
    {
        BOOST_TEST(test::eventually([&] { return m_started.load(); }));
        BOOST_TEST(::pthread_cancel(m_thread) == 0);
    }

    bool returned() const { return m_returned; }

    // Returns: whether the thread was canceled after the call had returned.
    bool join()
    {
        void* result = nullptr;
        ::pthread_join(m_thread, &result);
        return result == PTHREAD_CANCELED && m_returned;
    }

private:
    Function m_function;
    pthread_t m_thread{};
    std::atomic<bool> m_started{false}, m_returned{false};
};

// Long enough for a call to end if it were canceled.
void wait_a_moment()
{
    std::this_thread::sleep_for(60ms); // longer than any sleep of a wait
}

} // namespace

BOOST_AUTO_TEST_CASE(receiving)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::string message;
    canceled_thread thread([&] { in.dequeue(message); });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    thread.cancel();
    wait_a_moment();
    BOOST_TEST(!thread.returned());
    out.enqueue("x", 1);
    BOOST_TEST(thread.join());
    BOOST_TEST(message == "x");
    BOOST_TEST(boost_ipq::inspect(queue).waiting_subscribers == 0u);
}

BOOST_AUTO_TEST_CASE(sending)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(16));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    out.enqueue("x", 1);
    canceled_thread thread([&] { out.enqueue("y", 1); });
    BOOST_TEST(test::publishers_wait(queue.name()));
    thread.cancel();
    wait_a_moment();
    BOOST_TEST(!thread.returned());
    std::string message;
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(thread.join());
    BOOST_TEST(in.dequeue(message));
    BOOST_TEST(message == "y");
    BOOST_TEST(boost_ipq::inspect(queue).waiting_publishers == 0u);
}

BOOST_AUTO_TEST_CASE(until_deadline)
{
    const test::scoped_queue queue;
    boost_ipq::subscriber in(boost_ipq::create_only, queue.options(1000));
    std::string message;
    canceled_thread thread([&] { in.timed_dequeue(message, 100ms); });
    thread.cancel();
    BOOST_TEST(thread.join());
}

// A thread that waits for the lock of the ring sleeps now and then.
BOOST_AUTO_TEST_CASE(waiting_for_the_ring)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(
        boost_ipq::create_only, queue.options(1000).busy_after(1min));
    const auto attached = detail::attach(detail::open_mode::open, queue);
    auto& owner = attached->ring().control->publishers.owner;
    owner.store(attached->ring().self()); // another thread's
    canceled_thread thread([&] { out.try_enqueue("x", 1); });
    thread.cancel();
    wait_a_moment();
    BOOST_TEST(!thread.returned());
    owner.store(0);
    BOOST_TEST(thread.join());
}

BOOST_AUTO_TEST_CASE(opening_and_removing)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    detail::lock_file file;
    const detail::object_names names(queue.name(), "");
    BOOST_TEST(file.open_locked(names.lock_path, false, 0));
    boost_ipq::subscriber in, late;
    canceled_thread opening([&] {
        boost::system::error_code ec; // it may find no queue, see below
        in = boost_ipq::subscriber(boost_ipq::open_only, queue, ec);
    });
    canceled_thread until([&] {
        boost::system::error_code ec;
        late = boost_ipq::subscriber(boost_ipq::open_only, queue, 50ms, ec);
    });
    canceled_thread removing([&] { boost_ipq::remove_queue(queue); });
    opening.cancel();
    until.cancel();
    removing.cancel();
    wait_a_moment();
    BOOST_TEST(!opening.returned());
    BOOST_TEST(!removing.returned());
    BOOST_TEST(until.join());
    file.unlock_structure();
    file.close();
    BOOST_TEST(removing.join());
    // It has opened the queue, or found none.
    BOOST_TEST(!boost_ipq::remove_queue(queue));
    BOOST_TEST(opening.join());
}

// The call waits for the lock for a second. On a slow machine, the lock may be
// released later: the case is repeated.
BOOST_AUTO_TEST_CASE(closing)
{
    bool waited_and_removed = false;
    for (int i = 0; i < 3 && !waited_and_removed; ++i)
    {
        const test::scoped_queue queue;
        boost_ipq::publisher out(
            boost_ipq::create_only,
            queue.options(1000).lifetime(boost_ipq::lifetime::while_open));
        detail::lock_file file;
        const detail::object_names names(queue.name(), "");
        BOOST_TEST(file.open_locked(names.lock_path, false, 0));
        canceled_thread thread([&] { out.close(); });
        thread.cancel();
        wait_a_moment();
        waited_and_removed = !thread.returned();
        file.unlock_structure();
        BOOST_TEST(thread.join());
        file.close();
        waited_and_removed &= test::leftovers(queue.name()).empty();
    }
    BOOST_TEST(waited_and_removed);
}

// A log sink runs inside a call.
BOOST_AUTO_TEST_CASE(logging)
{
    const test::scoped_queue queue;
    std::atomic<bool> logged{false}, go_on{false};
    const boost_ipq::queue_factory factory(
        queue.options(1000), [&](const boost_ipq::queue_event&) {
            logged = true;
            while (!go_on)
                ::usleep(1000); // a cancellation point
        });
    boost_ipq::publisher out;
    canceled_thread thread(
        [&] { out = factory.make_publisher(boost_ipq::create_only); });
    BOOST_TEST(test::eventually([&] { return logged.load(); }));
    thread.cancel();
    wait_a_moment();
    go_on = true;
    BOOST_TEST(thread.join());
    BOOST_TEST(out.try_enqueue("x", 1));
}

// A function that consumes messages may be canceled: they are delivered again.
BOOST_AUTO_TEST_CASE(consuming)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    for (const char* text : {"a", "b", "c"})
        out.enqueue(text, 1);
    std::atomic<int> count{0};
    canceled_thread thread([&] {
        in.consume_all([&](const void*, std::size_t) {
            if (++count == 2)
                for (;;)
                    ::usleep(1000);
        });
    });
    BOOST_TEST(test::eventually([&] { return count == 2; }));
    thread.cancel();
    BOOST_TEST(!thread.join()); // inside the call
    std::string message, all;
    while (in.try_dequeue(message))
        all += message;
#if defined(__GLIBC__)
    BOOST_TEST(all == "bc");
#else
    // No destructor returns what the thread took: musl ends a thread at once.
    BOOST_TEST(all == "");
#endif
}

// Cancels threads at any moment of all kinds of calls.
BOOST_AUTO_TEST_CASE(at_any_moment)
{
    const test::scoped_queue queue, brief;
    const auto options = queue.options(200);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    const test::random_seed seed;
    std::mt19937 random(seed.value());
    std::atomic<std::uint64_t> sent{0}, received{0};
    for (int i = 0; i < 300; ++i)
    {
        canceled_thread sending([&] {
            for (;; ::pthread_testcancel())
                if (out.timed_enqueue("x", 1, 1ms))
                    ++sent;
        });
        canceled_thread receiving([&] {
            std::string message;
            for (;; ::pthread_testcancel())
                if (in.timed_dequeue(message, 1ms))
                    ++received;
        });
        canceled_thread opening([&] {
            for (;; ::pthread_testcancel())
            {
                boost_ipq::publisher other(
                    boost_ipq::open_or_create,
                    brief.options(100).lifetime(
                        boost_ipq::lifetime::while_open));
                boost_ipq::inspect(queue);
            }
        });
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
        sending.cancel();
        receiving.cancel();
        opening.cancel();
        sending.join();
        receiving.join();
        opening.join();
    }
    std::string message;
    while (in.try_dequeue(message))
        ++received;
    BOOST_TEST(sent == received);
    const auto status = boost_ipq::inspect(queue);
    BOOST_TEST(status.waiting_subscribers == 0u);
    BOOST_TEST(status.waiting_publishers == 0u);
    BOOST_TEST(out.try_enqueue("y", 1));
}

#endif
