// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For a message that can never fit, every sending call reports
// message_too_large, and leaves the queue unchanged.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <vector>

using boost_ipq::message_too_large;
using test::never;

namespace {

struct full_queue
{
    full_queue() { out.enqueue("x", 1); }

    ~full_queue()
    {
        BOOST_TEST(boost_ipq::inspect(queue).messages == 1u);
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        std::string message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST(message == "x");
        BOOST_TEST(out.try_enqueue(fits));
        BOOST_TEST(!out.try_enqueue(fits));
    }

    test::scoped_queue queue;
    boost_ipq::publisher out{boost_ipq::create_only, queue.options(64)};
    const std::vector<char> fits = std::vector<char>(56);
    const std::vector<char> large = std::vector<char>(57);
    const void* const data = large.data();
    const std::size_t size = large.size();
};

} // namespace

BOOST_FIXTURE_TEST_CASE(exceptions, full_queue)
{
    using namespace std::chrono_literals;
    BOOST_CHECK_THROW(out.try_enqueue(data, size), message_too_large);
    BOOST_CHECK_THROW(out.try_enqueue(large), message_too_large);
    BOOST_CHECK_THROW(out.enqueue(data, size), message_too_large);
    BOOST_CHECK_THROW(out.enqueue(large), message_too_large);
    BOOST_CHECK_THROW(out.enqueue(data, size, never()), message_too_large);
    BOOST_CHECK_THROW(out.enqueue(large, never()), message_too_large);
    BOOST_CHECK_THROW(out.timed_enqueue(data, size, 0s), message_too_large);
    BOOST_CHECK_THROW(out.timed_enqueue(large, 0s), message_too_large);
}

BOOST_FIXTURE_TEST_CASE(error_codes, full_queue)
{
    using namespace std::chrono_literals;
    const boost::system::error_code expected =
        boost_ipq::errc::message_too_large;
    boost::system::error_code ec;
    const auto is_expected = [&] { return std::exchange(ec, {}) == expected; };

    BOOST_TEST(!out.try_enqueue(data, size, ec));
    BOOST_TEST(is_expected());
    BOOST_TEST(!out.try_enqueue(large, ec));
    BOOST_TEST(is_expected());
    out.enqueue(data, size, ec);
    BOOST_TEST(is_expected());
    out.enqueue(large, ec);
    BOOST_TEST(is_expected());
    BOOST_TEST(!out.enqueue(data, size, never(), ec));
    BOOST_TEST(is_expected());
    BOOST_TEST(!out.enqueue(large, never(), ec));
    BOOST_TEST(is_expected());
    BOOST_TEST(!out.timed_enqueue(data, size, 0s, ec));
    BOOST_TEST(is_expected());
    BOOST_TEST(!out.timed_enqueue(large, 0s, ec));
    BOOST_TEST(is_expected());
}

BOOST_FIXTURE_TEST_CASE(max_message_size_is_the_limit, full_queue)
{
    BOOST_TEST(out.max_message_size() == fits.size());
}

BOOST_AUTO_TEST_CASE(absurd_sizes)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(64));
    for (std::size_t size :
         {std::size_t(1) << 20, std::size_t(1) << 32, ~std::size_t(0) - 64,
          ~std::size_t(0) - 7, ~std::size_t(0)})
        BOOST_CHECK_THROW(out.try_enqueue("", size), message_too_large);
}
