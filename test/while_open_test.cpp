// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// lifetime::while_open: the queue and its messages are removed with the last
// handle in any process, however that process ended.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#if !defined(_WIN32)
#include <unistd.h>
#endif
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

using boost_ipq::open_only;
using boost_ipq::open_or_create;

namespace {

boost_ipq::queue_options while_open(const std::string& name)
{
    return boost_ipq::queue_options(name, 1024)
        .lifetime(boost_ipq::lifetime::while_open)
        .busy_after(std::chrono::minutes(1)); // on a busy machine
}

bool is_gone(const std::string& name)
{
    return test::leftovers(name).empty() &&
           test::thrown([&] { boost_ipq::subscriber(open_only, name); }) ==
               boost_ipq::errc::not_found;
}

} // namespace

CHILD_ROLE(hold)
{
    boost_ipq::publisher out(open_or_create, while_open(self.argument(0)));
    out.enqueue("message", 7);
    self.tell("ready");
    self.hear();
}

CHILD_ROLE(come_and_go)
{
    for (auto i = self.number(1); i != 0; --i)
    {
        boost_ipq::publisher out(open_or_create, while_open(self.argument(0)));
        out.try_enqueue("x", 1);
    }
}

BOOST_AUTO_TEST_CASE(closed_by_its_only_process)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(open_or_create, while_open(queue.name()));
    out.enqueue("message", 7);
    {
        boost_ipq::subscriber in(open_only, queue);
        out.close();
        // One handle is still open: nothing is removed.
        boost_ipq::publisher again(open_or_create, while_open(queue.name()));
        again.close();
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "message");
        boost_ipq::publisher(open_only, queue).enqueue("waiting", 7);
    }
    BOOST_TEST(is_gone(queue.name()));
    boost_ipq::subscriber in(open_or_create, while_open(queue.name()));
    std::string message;
    BOOST_TEST(!in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(kept_by_another_process)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    {
        boost_ipq::publisher out(open_only, queue);
        out.enqueue("second", 6);
    }
    {
        boost_ipq::subscriber in(open_or_create, while_open(queue.name()));
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "message");
    }
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    other.tell("end");
    BOOST_TEST(other.wait() == 0);
    BOOST_TEST(test::leftovers(queue.name()).empty());
    BOOST_TEST(is_gone(queue.name()));
}

BOOST_AUTO_TEST_CASE(last_process_killed)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    other.kill();
    // Any operation that looks for the queue finds nothing, and leaves nothing.
    BOOST_CHECK(test::thrown([&] {
                    boost_ipq::subscriber(open_only, queue);
                }) == boost_ipq::errc::not_found);
    BOOST_TEST(is_gone(queue.name()));
}

BOOST_AUTO_TEST_CASE(last_process_killed_and_a_new_one_comes)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    other.kill();
    boost_ipq::subscriber in(open_or_create, while_open(queue.name()));
    std::string message;
    BOOST_TEST(!in.try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(created_anew_with_other_parameters)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    other.kill();
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(24));
    BOOST_TEST(out.max_message_size() == 16u);
}

BOOST_AUTO_TEST_CASE(killed_process_of_several)
{
    const test::scoped_queue queue;
    test::child first("hold", {queue.name()});
    BOOST_TEST(first.hear() == "ready");
    test::child second("hold", {queue.name()});
    BOOST_TEST(second.hear() == "ready");
    first.kill();
    {
        boost_ipq::subscriber in(open_only, queue);
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "message");
    }
    second.kill();
    BOOST_CHECK(test::thrown([&] {
                    boost_ipq::subscriber(open_only, queue);
                }) == boost_ipq::errc::not_found);
    BOOST_TEST(is_gone(queue.name()));
}

BOOST_AUTO_TEST_CASE(removing_one_whose_processes_are_dead)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    other.kill();
    BOOST_TEST(!boost_ipq::remove_queue(queue)); // already removed
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

BOOST_AUTO_TEST_CASE(removed_while_open)
{
    const test::scoped_queue queue;
    boost_ipq::publisher old(open_or_create, while_open(queue.name()));
    BOOST_TEST(boost_ipq::remove_queue(queue));
    boost_ipq::publisher young(open_or_create, while_open(queue.name()));
    old.close(); // removes only its own queue
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    boost_ipq::subscriber in(open_only, queue);
    BOOST_TEST(young.try_enqueue("x", 1));
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    young.close();
    in.close();
    BOOST_TEST(is_gone(queue.name()));
}

// The last handle of a removed queue removes nothing of the next one, and fails
// meanwhile.
BOOST_AUTO_TEST_CASE(removed_and_made_again)
{
    const test::scoped_queue queue;
    test::child other("hold", {queue.name()});
    BOOST_TEST(other.hear() == "ready");
    boost_ipq::subscriber old(open_only, queue);
    BOOST_TEST(boost_ipq::remove_queue(queue));
    boost_ipq::publisher young(open_or_create, while_open(queue.name()));
    BOOST_TEST(old.removed());
    std::string message;
    BOOST_TEST(old.try_dequeue(message));
    BOOST_TEST(message == "message");
    BOOST_CHECK_THROW(old.dequeue(message), boost_ipq::queue_removed);
    other.tell("end");
    BOOST_TEST(other.wait() == 0);
    old.close();
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    young.close();
    BOOST_TEST(is_gone(queue.name()));
}

#if !defined(_WIN32) // fork

// Argument: the queue. Leaves by exit() while a child, which has not used the
// queue yet, goes on.
CHILD_ROLE(exit_before_its_child)
{
    static boost_ipq::publisher out(
        open_or_create, while_open(self.argument(0)));
    out.enqueue("message", 7);
    if (::fork() != 0)
        std::exit(0);
    self.hear();
    self.tell(out.try_enqueue("child", 5));
    self.hear();
    out.close();
    self.tell("closed");
}

BOOST_AUTO_TEST_CASE(parent_exits_and_its_child_goes_on)
{
    const test::scoped_queue queue;
    test::child parent("exit_before_its_child", {queue.name()});
    BOOST_TEST(parent.wait() == 0);
    boost_ipq::subscriber in(open_or_create, while_open(queue.name()));
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "message");
    parent.tell("go");
    BOOST_TEST(parent.hear() == "1");
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "child");
    in.close();
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    parent.tell("close");
    BOOST_TEST(parent.hear() == "closed");
    BOOST_TEST(is_gone(queue.name()));
}

#endif

BOOST_AUTO_TEST_CASE(persistent_stays)
{
    const test::scoped_queue queue;
    boost_ipq::publisher(boost_ipq::create_only, queue.options(100))
        .enqueue("x", 1);
    boost_ipq::subscriber in(open_only, queue);
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
}

// Waiting for the lock of a file polls on Windows.
#if defined(_WIN32)
constexpr int generations = 30;
#else
constexpr int generations = 300;
#endif

// The last process of one generation closes while the first of the next opens.
BOOST_AUTO_TEST_CASE(coming_and_going)
{
    const test::scoped_queue queue;
    test::child one("come_and_go", {queue.name(), std::to_string(generations)});
    test::child two("come_and_go", {queue.name(), std::to_string(generations)});
    std::exception_ptr failure;
    const auto here = [&] {
        for (int i = 0; i < generations; ++i)
        {
            boost_ipq::publisher out(open_or_create, while_open(queue.name()));
            out.try_enqueue("x", 1);
        }
    };
    std::thread thread([&] {
        try
        {
            here();
        }
        catch (...)
        {
            failure = std::current_exception();
        }
    });
    BOOST_CHECK_NO_THROW(here());
    thread.join();
    BOOST_TEST(!failure);
    BOOST_TEST(one.wait() == 0);
    BOOST_TEST(two.wait() == 0);
    BOOST_TEST(is_gone(queue.name()));
}
