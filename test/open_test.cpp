// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// create_only, open_only, open_or_create.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

using namespace boost_ipq;
using test::code;
using test::thrown;

template <class Handle>
static void check_tags()
{
    const test::scoped_queue queue;
    const queue_options options = queue.options(100);

    BOOST_TEST(
        thrown([&] { Handle(open_only, options); }) == code(errc::not_found));
    BOOST_TEST(
        thrown([&] { Handle(open_only, queue); }) == code(errc::not_found));
    BOOST_TEST(test::leftovers(queue.name()).empty());

    BOOST_TEST(Handle(create_only, options).is_open());
    BOOST_TEST(thrown([&] {
                   Handle(create_only, options);
               }) == code(errc::already_exists));
    BOOST_TEST(thrown([&] {
                   Handle(create_only, queue.options(999));
               }) == code(errc::already_exists));
    BOOST_TEST(Handle(open_only, options).is_open());
    BOOST_TEST(Handle(open_only, queue).is_open());
    BOOST_TEST(Handle(open_or_create, options).is_open());
    BOOST_TEST(Handle(open_or_create, queue).is_open());

    remove_queue(queue);
    BOOST_TEST(Handle(open_or_create, options).is_open());
    BOOST_TEST(Handle(open_only, queue.name().c_str()).is_open());
}

BOOST_AUTO_TEST_CASE(publisher_tags)
{
    check_tags<publisher>();
}

BOOST_AUTO_TEST_CASE(subscriber_tags)
{
    check_tags<subscriber>();
}

template <class Handle>
static void check_error_codes()
{
    const test::scoped_queue queue;
    boost::system::error_code ec;
    Handle none(open_only, queue, ec);
    BOOST_TEST(ec == code(errc::not_found));
    BOOST_TEST(!none.is_open());

    Handle first(create_only, queue.options(100), ec);
    BOOST_TEST(!ec);
    BOOST_TEST(first.is_open());

    Handle second(create_only, queue.options(100), ec);
    BOOST_TEST(ec == code(errc::already_exists));
    BOOST_TEST(!second.is_open());

    Handle third(open_only, queue, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(third.is_open());
}

BOOST_AUTO_TEST_CASE(publisher_error_codes)
{
    check_error_codes<publisher>();
}

BOOST_AUTO_TEST_CASE(subscriber_error_codes)
{
    check_error_codes<subscriber>();
}

BOOST_AUTO_TEST_CASE(codes_of_boost_interprocess)
{
    namespace bip = boost::interprocess;
    const test::scoped_queue queue;
    const auto nearest = [&](auto mode) {
        try
        {
            publisher(mode, queue.options(100));
            publisher(mode, queue.options(100));
        }
        catch (const bip::interprocess_exception& e)
        {
            return e.get_error_code();
        }
        return bip::no_error;
    };
    BOOST_TEST(nearest(open_only) == bip::not_found_error);
    BOOST_TEST(nearest(create_only) == bip::already_exists_error);
}

// A queue cannot be created by its name only: its capacity is unknown.
BOOST_AUTO_TEST_CASE(creating_without_a_capacity)
{
    const test::scoped_queue queue;
    BOOST_CHECK_THROW(publisher(create_only, queue), std::invalid_argument);
    boost::system::error_code ec;
    subscriber in(create_only, queue, ec);
    BOOST_TEST(ec == code(errc::invalid_argument));
    BOOST_TEST(!in.is_open());
    BOOST_CHECK_EXCEPTION(
        subscriber(open_or_create, queue), std::invalid_argument,
        [](const std::invalid_argument& e) {
            return std::string(e.what()).find(
                       "needs a capacity: give queue_options(name, "
                       "capacity)") != std::string::npos;
        });
    publisher out(open_or_create, queue, ec);
    BOOST_TEST(ec == code(errc::invalid_argument));
    BOOST_TEST(!out.is_open());
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

BOOST_AUTO_TEST_CASE(a_failed_creation_leaves_the_queue_as_it_was)
{
    const test::scoped_queue queue;
    publisher out(create_only, queue.options(100));
    out.enqueue("x", 1);
    BOOST_TEST(thrown([&] {
                   publisher(create_only, queue.options(200));
               }) == code(errc::already_exists));
    BOOST_TEST(inspect(queue).capacity == 100u);
    std::string message;
    BOOST_TEST(subscriber(open_only, queue).try_dequeue(message));
    BOOST_TEST(out.try_enqueue("y", 1));
}

CHILD_ROLE(join)
{
    self.hear();
    publisher out(open_or_create, queue_options(self.argument(0), 4096));
    out.enqueue("x", 1);
}

// All threads that create it at the same time share one queue.
BOOST_AUTO_TEST_CASE(at_once)
{
    for (int lap = 0; lap < 5; ++lap)
    {
        const test::scoped_queue queue;
        std::vector<test::child> children;
        for (int i = 0; i < 4; ++i)
            children.emplace_back(
                "join", std::vector<std::string>{queue.name()});
        for (auto& child : children)
            child.tell("go");
        for (auto& child : children)
            BOOST_TEST(child.wait() == 0);
        BOOST_TEST(inspect(queue).messages == 4u);
    }
}
