// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process is stopped while it creates, opens or removes a queue: it holds the
// lock of the queue's file. Opening and removing end with their deadline or a
// stop; calls that must not wait, and destructors, end by themselves.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/stopped_process.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/date_time/posix_time/posix_time.hpp>
#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace detail = boost_ipq::detail;
using boost_ipq::errc;
using boost_ipq::lifetime;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using test::time_of;

namespace {

constexpr auto soon = 20ms;
// How long a call that must not wait may wait for a lock, by default.
constexpr auto default_limit = 1s;
// The limit for a call that is to end soon, even on a busy machine.
constexpr auto bound = 10s;

test::requested_stop stop_soon()
{
    return {clock_type::now() + soon};
}

template <class Function>
void expect(const char* what, errc expected, Function function)
{
    BOOST_TEST_CONTEXT(what)
    {
        const auto time = test::shortest_time_of(default_limit, [&] {
            BOOST_TEST(test::thrown(function) == test::code(expected));
        });
        BOOST_TEST((time >= soon));
        BOOST_TEST((time < default_limit));
    }
}

// A process that was stopped with the lock of the file.
struct stopped_opener
{
    explicit stopped_opener(
        const std::string& queue, const std::string& how = "open")
        : process("opener", {queue, how})
    {
        process.hear();
        test::stop(process);
    }

    void go_on()
    {
        process.signal(SIGCONT);
        process.tell("go on");
        BOOST_TEST(process.wait() == 0);
    }

    test::child process;
};

} // namespace

// Holds the lock of a queue's file: of a queue that exists, or, with "create",
// of one that it has not finished; with "create slowly", it writes the mark
// when the parent says so.
CHILD_ROLE(opener)
{
    const detail::object_names names(self.argument(0), "");
    const bool slowly = self.argument(1) == "create slowly";
    const bool create = slowly || self.argument(1) == "create";
    const auto mark = detail::make_mark({self.argument(0), std::size_t(1000)});
    detail::lock_file file;
    if (!file.open_locked(
            names.lock_path, create,
            boost_ipq::queue_options("x").permissions().get_permissions()))
        throw std::runtime_error("there is no queue");
    if (create && !slowly)
        file.write_mark(mark);
    self.tell("locked");
    if (slowly)
    {
        self.hear();
        file.write_mark(mark);
        self.tell("written");
    }
    self.hear();
}

BOOST_AUTO_TEST_CASE(opening)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1000);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    out.enqueue("x", 1);
    stopped_opener opener(queue.name());
    using boost_ipq::open_only;
    using boost_ipq::open_or_create;
    expect("open_only", errc::timed_out, [&] {
        boost_ipq::subscriber(open_only, queue, soon);
    });
    expect("open_or_create", errc::timed_out, [&] {
        boost_ipq::publisher(open_or_create, options, clock_type::now() + soon);
    });
    expect("create_only", errc::timed_out, [&] {
        boost_ipq::publisher(
            boost_ipq::create_only, options,
            boost::posix_time::milliseconds(20));
    });
    expect("allocator", errc::timed_out, [&] {
        boost_ipq::subscriber(
            open_only, queue,
            boost::posix_time::microsec_clock::universal_time() +
                boost::posix_time::milliseconds(20),
            std::allocator<std::byte>());
    });
    expect("typed", errc::timed_out, [&] {
        boost_ipq::typed_subscriber<char>(open_only, queue, soon);
    });
    expect("stop", errc::canceled, [&] {
        boost_ipq::subscriber(open_only, queue, stop_soon());
    });

    boost::system::error_code ec;
    const boost_ipq::subscriber late(open_only, queue.name(), soon, ec);
    BOOST_TEST(ec == test::code(errc::timed_out));
    BOOST_TEST(!late.is_open());
    const boost_ipq::subscriber stopped(open_only, queue, stop_soon(), ec);
    BOOST_TEST(ec == test::code(errc::canceled));
    const boost_ipq::typed_publisher<int> typed(open_only, queue, soon, ec);
    BOOST_TEST(ec == test::code(errc::timed_out));
    const boost_ipq::subscriber bad(open_only, "a/b", soon, ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));

    opener.go_on();
    // A queue that can be opened at once is opened in any case.
    boost_ipq::subscriber in(open_only, queue, 0s);
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "x");
}

BOOST_AUTO_TEST_CASE(opening_by_a_factory)
{
    const test::scoped_queue queue;
    const boost_ipq::queue_factory factory{queue.options(1000)};
    using boost_ipq::open_only;
    boost_ipq::publisher out = factory.make_publisher(boost_ipq::create_only);
    stopped_opener opener(queue.name());
    expect("publisher", errc::timed_out, [&] {
        factory.make_publisher(open_only, soon);
    });
    expect("publisher of a queue", errc::canceled, [&] {
        factory.make_publisher(open_only, queue.name(), stop_soon());
    });
    expect("subscriber", errc::canceled, [&] {
        factory.make_subscriber(open_only, stop_soon());
    });
    expect("subscriber of a queue", errc::timed_out, [&] {
        factory.make_subscriber(
            open_only, {queue.name(), std::size_t(1000)},
            clock_type::now() + soon);
    });

    boost::system::error_code ec;
    BOOST_TEST(!factory.make_publisher(open_only, soon, ec).is_open());
    BOOST_TEST(ec == test::code(errc::timed_out));
    BOOST_TEST(
        !factory.make_publisher(open_only, queue, stop_soon(), ec).is_open());
    BOOST_TEST(ec == test::code(errc::canceled));
    BOOST_TEST(!factory.make_subscriber(open_only, stop_soon(), ec).is_open());
    BOOST_TEST(ec == test::code(errc::canceled));
    BOOST_TEST(!factory.make_subscriber(open_only, queue, soon, ec).is_open());
    BOOST_TEST(ec == test::code(errc::timed_out));
    BOOST_TEST(!factory.make_subscriber(open_only, "a/b", soon, ec).is_open());
    BOOST_TEST(ec == test::code(errc::invalid_argument));

    opener.go_on();
    BOOST_TEST(factory.make_subscriber(open_only, 0s, ec).is_open());
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(opening_in_an_event_loop)
{
    const test::scoped_queue queue;
    using boost_ipq::open_only;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost::asio::io_context io;
    const auto executor = io.get_executor();
    stopped_opener opener(queue.name());
    expect("executor", errc::timed_out, [&] {
        boost_ipq::async_publisher(executor, open_only, queue, soon);
    });
    expect("context", errc::canceled, [&] {
        boost_ipq::async_subscriber(io, open_only, queue, stop_soon());
    });

    boost::system::error_code ec;
    const boost_ipq::async_publisher late(
        executor, open_only, queue.name(), soon, ec);
    BOOST_TEST(ec == test::code(errc::timed_out));
    BOOST_TEST(!late.is_open());
    const boost_ipq::async_subscriber stopped(
        io, open_only, queue, stop_soon(), ec);
    BOOST_TEST(ec == test::code(errc::canceled));
    const boost_ipq::async_subscriber bad(io, open_only, "a/b", soon, ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));

    opener.go_on();
    const boost_ipq::async_subscriber in(io, open_only, queue, 0s, ec);
    BOOST_TEST(in.is_open());
}

BOOST_AUTO_TEST_CASE(removing)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    stopped_opener opener(queue.name());
    expect("deadline", errc::timed_out, [&] {
        boost_ipq::remove_queue(queue, soon);
    });
    expect("stop", errc::canceled, [&] {
        boost_ipq::remove_queue<boost_ipq::shared_storage>(queue, stop_soon());
    });
    boost::system::error_code ec;
    BOOST_TEST(!boost_ipq::remove_queue(queue, soon, ec));
    BOOST_TEST(ec == test::code(errc::timed_out));
    BOOST_TEST(out.try_enqueue("x", 1)); // the queue is as it was
    opener.go_on();
    std::string message;
    BOOST_TEST(boost_ipq::subscriber(boost_ipq::open_only, queue)
                   .try_dequeue(message));
    BOOST_TEST(boost_ipq::remove_queue(queue, 0s));
    BOOST_TEST(!boost_ipq::remove_queue(queue, 0s));
}

#if !defined(_WIN32) // signals

// Without a deadline the call waits, whatever signals arrive.
BOOST_AUTO_TEST_CASE(without_deadline)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    stopped_opener opener(queue.name());
    struct sigaction action = {}, before;
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, &before);
    std::promise<pthread_t> started;
    auto opening = std::async(std::launch::async, [&] {
        started.set_value(::pthread_self());
        return boost_ipq::subscriber(boost_ipq::open_only, queue).is_open();
    });
    const pthread_t thread = started.get_future().get();
    for (int i = 0; i < 5; ++i)
    {
        BOOST_TEST((opening.wait_for(5ms) == std::future_status::timeout));
        ::pthread_kill(thread, SIGUSR1);
    }
    opener.go_on();
    BOOST_TEST(opening.get());
    ::sigaction(SIGUSR1, &before, nullptr);
}

#endif

// A queue that is being created does not exist yet, and creating a large one
// takes long.
BOOST_AUTO_TEST_CASE(creating)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1000);
    stopped_opener opener(queue.name(), "create");
    const auto time = test::shortest_time_of(default_limit, [&] {
        BOOST_TEST(test::thrown([&] {
                       boost_ipq::subscriber(boost_ipq::open_only, queue);
                   }) == test::code(errc::not_found));
    });
    BOOST_TEST((time < default_limit));
    expect("open_or_create", errc::timed_out, [&] {
        boost_ipq::publisher(boost_ipq::open_or_create, options, soon);
    });
    expect("remove", errc::timed_out, [&] {
        boost_ipq::remove_queue(queue, soon);
    });
    // The creator dies: the next process that comes does its work.
    opener.process.kill();
    boost_ipq::publisher out(boost_ipq::open_or_create, options, 0s);
    BOOST_TEST(out.try_enqueue("x", 1));
}

// It has locked the file, and writes its mark while another process waits.
BOOST_AUTO_TEST_CASE(beginning_to_create)
{
    const test::scoped_queue queue;
    test::child creator("opener", {queue.name(), "create slowly"});
    BOOST_TEST(creator.hear() == "locked");
    auto opening = std::async(std::launch::async, [&] {
        return test::thrown(
            [&] { boost_ipq::subscriber(boost_ipq::open_only, queue); });
    });
    BOOST_TEST((opening.wait_for(soon) == std::future_status::timeout));
    expect("open_only", errc::timed_out, [&] {
        boost_ipq::subscriber(boost_ipq::open_only, queue, soon);
    });
    creator.tell("write");
    BOOST_TEST(creator.hear() == "written");
    BOOST_TEST(opening.get() == test::code(errc::not_found));
    creator.tell("go on");
    BOOST_TEST(creator.wait() == 0);
}

BOOST_AUTO_TEST_CASE(repair)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1000).busy_after(soon);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    stopped_opener opener(queue.name());
    expect("repair", errc::busy, [&] { boost_ipq::repair(options); });
    opener.go_on();
    BOOST_TEST(boost_ipq::repair(options).processes == 0u);
}

// The last handle cannot remove the queue, but it ends.
BOOST_AUTO_TEST_CASE(closing)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1000).lifetime(lifetime::while_open);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    stopped_opener opener(queue.name());
    const auto time = time_of([&] { out.close(); });
    BOOST_TEST((time >= default_limit));
    BOOST_TEST((time < default_limit + bound));
    opener.go_on();
    BOOST_TEST(test::thrown([&] {
                   boost_ipq::subscriber(boost_ipq::open_only, queue);
               }) == test::code(errc::not_found));
    boost_ipq::publisher again(boost_ipq::create_only, options);
}

#if !defined(_WIN32) // fork

// A forked child joins by its first call.
BOOST_AUTO_TEST_CASE(forked_child)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1000).busy_after(soon);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    out.enqueue("x", 1);
    stopped_opener opener(queue.name());
    const pid_t child = ::fork();
    if (child == 0)
    {
        int failed = 0;
        boost::system::error_code ec;
        std::string message;
        if (out.try_enqueue("y", 1, ec) || ec != test::code(errc::busy))
            failed |= 1;
        if (in.timed_dequeue(message, soon, ec) || ec)
            failed |= 2;
        if (in.dequeue(message, stop_soon(), ec) || ec)
            failed |= 4;
        const auto one = time_of([&] { in.close(); });
        const auto other = time_of([&] { out.close(); });
        // If only one is slow, that is the machine.
        if ((std::min)(one, other) >= default_limit)
            failed |= 8;
        ::_exit(failed);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    opener.go_on();
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "x");
}

#endif

BOOST_AUTO_TEST_CASE(inside_the_process)
{
    using publisher = boost_ipq::basic_publisher<
        std::allocator<std::byte>, boost_ipq::heap_storage>;
    const test::scoped_queue queue;
    publisher out(boost_ipq::create_only, queue.options(1000), soon);
    BOOST_TEST(out.try_enqueue("x", 1));
    BOOST_TEST(boost_ipq::remove_queue<boost_ipq::heap_storage>(queue, soon));
}
