// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Opening a queue with other parameters than it was created with.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

using namespace boost_ipq;

namespace {

struct fixture
{
    fixture() { out.enqueue("x", 1); }

    // The queue is unchanged.
    ~fixture()
    {
        std::string message;
        BOOST_TEST(subscriber(open_only, options).try_dequeue(message));
        BOOST_TEST(message == "x");
    }

    void refused(const queue_options& wanted, const std::string& text)
    {
        const auto says = [&](const queue_mismatch& e) {
            BOOST_TEST_INFO(e.what());
            return e.code() == errc::queue_mismatch &&
                   std::string(e.what()).find(text) != std::string::npos;
        };
        BOOST_CHECK_EXCEPTION(
            publisher(open_only, wanted), queue_mismatch, says);
        BOOST_CHECK_EXCEPTION(
            publisher(open_or_create, wanted), queue_mismatch, says);
        BOOST_CHECK_EXCEPTION(
            subscriber(open_only, wanted), queue_mismatch, says);
        BOOST_CHECK_EXCEPTION(
            subscriber(open_or_create, wanted), queue_mismatch, says);
        boost::system::error_code ec;
        BOOST_TEST(!publisher(open_only, wanted, ec).is_open());
        BOOST_TEST(ec == test::code(errc::queue_mismatch));
        ec.clear();
        BOOST_TEST(!subscriber(open_or_create, wanted, ec).is_open());
        BOOST_TEST(ec == test::code(errc::queue_mismatch));
    }

    void accepted(const queue_options& wanted)
    {
        BOOST_TEST(publisher(open_only, wanted).is_open());
        BOOST_TEST(subscriber(open_or_create, wanted).is_open());
    }

    test::scoped_queue queue;
    queue_options options = queue.options(1000).message_alignment(16);
    publisher out{create_only, options};
};

// No process has the queue open, so its mark decides.
struct closed_queue
{
    closed_queue() { publisher(create_only, options).enqueue("x", 1); }

    test::scoped_queue queue;
    queue_options options = queue.options(1000);
};

} // namespace

BOOST_FIXTURE_TEST_CASE(capacity, fixture)
{
    refused(queue.options(1001).message_alignment(16), "capacity of 1000");
    refused(queue.options(8).message_alignment(16), "capacity of 1000");
    refused(queue.options(992).message_alignment(16), "not 992");
}

BOOST_FIXTURE_TEST_CASE(alignment, fixture)
{
    refused(queue.options(1000), "alignment of 16");
    refused(queue.options(1000).message_alignment(64), "alignment of 16");
    refused(queue_options(queue).message_alignment(8), "alignment of 16");
}

BOOST_FIXTURE_TEST_CASE(lifetimes, fixture)
{
    const auto other = lifetime::while_open;
    refused(queue_options(options).lifetime(other), "lifetime");
    refused(queue_options(queue).lifetime(other), "lifetime");
}

BOOST_FIXTURE_TEST_CASE(what_matches, fixture)
{
    accepted(options);
    accepted(queue);
    accepted(queue_options(queue).message_alignment(16));
    accepted(queue_options(queue).lifetime(lifetime::persistent));
    // Permissions matter only to the creator.
    boost::interprocess::permissions others;
    others.set_unrestricted();
    accepted(queue_options(options).permissions(others));
}

BOOST_AUTO_TEST_CASE(while_open_queue_opened_as_persistent)
{
    const test::scoped_queue queue;
    publisher out(
        create_only, queue.options(100).lifetime(lifetime::while_open));
    BOOST_CHECK_THROW(publisher(open_only, queue.options(100)), queue_mismatch);
    BOOST_TEST(publisher(open_only, queue).is_open());
}

// Queues of a different version of the library, or of Boost, are refused before
// anything else in them is read.
BOOST_FIXTURE_TEST_CASE(layout_version, closed_queue)
{
    test::edit_mark(queue.name(), [](auto& mark) { ++mark.layout; });
    std::filesystem::resize_file(test::queue_objects(queue.name()).segment, 1);
    BOOST_CHECK_THROW(publisher(open_only, queue), queue_mismatch);
    BOOST_CHECK_THROW(subscriber(open_or_create, options), queue_mismatch);
    BOOST_CHECK_THROW(inspect(queue), queue_mismatch);
    BOOST_CHECK(test::thrown([&] {
                    publisher(create_only, options);
                }) == errc::already_exists);
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(publisher(create_only, options).is_open());
}

BOOST_FIXTURE_TEST_CASE(segment_abi, closed_queue)
{
    test::edit_mark(queue.name(), [](auto& mark) { ++mark.abi; });
    std::filesystem::resize_file(test::queue_objects(queue.name()).segment, 1);
    BOOST_CHECK_THROW(publisher(open_only, queue), queue_mismatch);
    BOOST_CHECK_THROW(subscriber(open_or_create, options), queue_mismatch);
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(publisher(create_only, options).is_open());
}

BOOST_FIXTURE_TEST_CASE(the_mark_of_this_version, closed_queue)
{
    const auto mark = test::read_mark(queue.name());
    BOOST_TEST(mark.layout == detail::layout_version);
    BOOST_TEST(mark.abi == detail::segment_abi());
    BOOST_TEST(mark.capacity == 1000u);
    BOOST_TEST(mark.name == queue.name());
}
