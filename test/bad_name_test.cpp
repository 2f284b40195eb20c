// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Invalid names and capacities: the overloads that take an error_code& report
// them and do not throw.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/asio.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

using namespace boost_ipq;

namespace {

using heap_publisher = basic_publisher<std::allocator<std::byte>, heap_storage>;

struct fixture
{
    const std::string bad = "a b";
    boost::system::error_code ec;

    template <class Call>
    void expect_code(Call call)
    {
        ec.clear();
        BOOST_CHECK_NO_THROW(call());
        BOOST_TEST(ec == test::code(errc::invalid_argument));
    }

    // By name, and by name and capacity.
    template <class Handle, class Mode>
    void expect_closed(Mode mode)
    {
        expect_code([&] { BOOST_TEST(!Handle(mode, "a b", ec).is_open()); });
        expect_code([&] { BOOST_TEST(!Handle(mode, bad, ec).is_open()); });
        expect_code([&] {
            const Handle handle(mode, {"a b", 100}, ec);
            BOOST_TEST(!handle.is_open());
        });
        expect_code([&] {
            const Handle handle(mode, {"a", 1}, ec);
            BOOST_TEST(!handle.is_open());
        });
        BOOST_CHECK_THROW(Handle(mode, "a b"), std::invalid_argument);
    }

    template <class Handle>
    void expect_closed_for_all_modes()
    {
        expect_closed<Handle>(create_only);
        expect_closed<Handle>(open_only);
        expect_closed<Handle>(open_or_create);
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(handles, fixture)
{
    expect_closed_for_all_modes<publisher>();
    expect_closed_for_all_modes<subscriber>();
    expect_closed_for_all_modes<typed_publisher<int>>();
    expect_closed_for_all_modes<typed_subscriber<int>>();
    expect_closed_for_all_modes<heap_publisher>();
}

BOOST_FIXTURE_TEST_CASE(async_objects, fixture)
{
    boost::asio::io_context io;
    expect_code([&] { async_publisher(io, open_only, "a b", ec); });
    expect_code([&] { async_subscriber(io, open_only, bad, ec); });
    expect_code(
        [&] { async_publisher(io.get_executor(), open_only, "a b", ec); });
    BOOST_CHECK_THROW(
        async_publisher(io, open_only, "a b"), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(functions, fixture)
{
    expect_code([&] { BOOST_TEST(!remove_queue("a b", ec)); });
    expect_code([&] { BOOST_TEST(!remove_queue<heap_storage>(bad, ec)); });
    expect_code([&] { BOOST_TEST(inspect("a b", ec).name.empty()); });
    expect_code([&] { BOOST_TEST(repair(bad, ec).processes == 0u); });
}

// Everything that converts to options does so for these overloads, too.
BOOST_FIXTURE_TEST_CASE(good_ones, fixture)
{
    const test::scoped_queue queue;
    publisher out(create_only, {queue.name(), 100}, ec);
    BOOST_TEST(!ec);
    queue_options options = queue;
    BOOST_TEST(subscriber(open_only, options, ec).is_open());
    BOOST_TEST(subscriber(open_only, queue, ec).is_open());
    BOOST_TEST(inspect(queue, ec).capacity == 100u);
    BOOST_TEST(remove_queue(queue.name().c_str(), ec));
    BOOST_TEST(!ec);
}
