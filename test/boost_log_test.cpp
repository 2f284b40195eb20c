// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The adapter that writes events to Boost.Log.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/boost_log.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/sinks/text_ostream_backend.hpp>
#include <boost/make_shared.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_CASE(events_are_records)
{
    namespace log = boost::log;
    namespace sinks = boost::log::sinks;
    const auto text = boost::make_shared<std::ostringstream>();
    using frontend = sinks::synchronous_sink<sinks::text_ostream_backend>;
    const auto sink = boost::make_shared<frontend>();
    sink->locked_backend()->add_stream(text);
    sink->set_formatter(
        log::expressions::stream << log::trivial::severity << ": "
                                 << log::expressions::smessage);
    log::core::get()->add_sink(sink);

    const test::scoped_queue queue;
    const boost_ipq::queue_factory factory(
        queue.options(1000), boost_ipq::boost_log_sink());
    factory.make_publisher(boost_ipq::create_only).enqueue("x", 1);
    auto in = factory.make_subscriber(boost_ipq::open_only);
    in.try_receive();
    in.try_receive().acknowledge();
    log::core::get()->remove_sink(sink);
    sink->flush();
    const std::string name = "queue '" + queue.name() + "': ";
    BOOST_TEST(
        text->str() == "info: " + name + "created\ninfo: " + name +
                           "opened\nwarning: " + name + "redelivered 1\n");
}
