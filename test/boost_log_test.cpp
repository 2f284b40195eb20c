// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The adapter that writes events to Boost.Log, and the backend that writes
// records to a queue.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/boost_log.hpp>
#include <boost_ipq/log_sink_backend.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/sinks/text_ostream_backend.hpp>
#include <boost/log/sinks/unlocked_frontend.hpp>
#include <boost/make_shared.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

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

namespace {

using boost_ipq::log_sink_backend;

// Adds a sink for the time of a test.
template <class Backend = log_sink_backend>
class queue_sink
{
public:
    template <class... Arguments>
    explicit queue_sink(Arguments&&... arguments)
        : backend(boost::make_shared<Backend>(
              std::forward<Arguments>(arguments)...)),
          m_sink(boost::make_shared<boost::log::sinks::unlocked_sink<Backend>>(
              backend))
    {
        m_sink->set_formatter(
            boost::log::expressions::stream
            << boost::log::trivial::severity << ": "
            << boost::log::expressions::smessage);
        boost::log::core::get()->add_sink(m_sink);
    }

    ~queue_sink() { boost::log::core::get()->remove_sink(m_sink); }

    const boost::shared_ptr<Backend> backend;

private:
    const boost::shared_ptr<boost::log::sinks::unlocked_sink<Backend>> m_sink;
};

template <class Storage>
void log_some(const boost_ipq::queue_options& options)
{
    using allocator = std::allocator<std::byte>;
    boost_ipq::basic_subscriber<allocator, Storage> in(
        boost_ipq::create_only, options);
    {
        const queue_sink<boost_ipq::basic_log_sink_backend<allocator, Storage>>
            sink(boost_ipq::open_only, options);
        BOOST_LOG_TRIVIAL(info) << "one";
        BOOST_LOG_TRIVIAL(error) << "two " << 2;
        BOOST_LOG_TRIVIAL(info);
    }
    BOOST_LOG_TRIVIAL(trace) << "to no sink of ours";
    std::string record;
    BOOST_TEST(in.try_dequeue(record));
    BOOST_TEST(record == "info: one");
    BOOST_TEST(in.try_dequeue(record));
    BOOST_TEST(record == "error: two 2");
    BOOST_TEST(in.try_dequeue(record));
    BOOST_TEST(record == "info: ");
    BOOST_TEST(!in.try_dequeue(record));
    boost_ipq::remove_queue<Storage>(options);
}

} // namespace

BOOST_AUTO_TEST_CASE(records_are_messages)
{
    const test::scoped_queue queue;
    const test::temporary_directory directory;
    log_some<boost_ipq::shared_storage>(queue.options(1000));
    log_some<boost_ipq::shared_storage>(directory.options("q", 1000));
    log_some<boost_ipq::heap_storage>(queue.options(1000));
}

BOOST_AUTO_TEST_CASE(a_full_queue)
{
    const test::scoped_queue queue;
    boost_ipq::subscriber in(boost_ipq::create_only, queue.options(64));
    const queue_sink<> sink(
        boost_ipq::open_only, queue.options(64), boost_ipq::log_overflow::drop);
    for (int i = 0; i < 10; ++i)
        BOOST_LOG_TRIVIAL(info) << "record";
    std::string record;
    unsigned received = 0;
    while (in.try_dequeue(record))
        ++received;
    BOOST_TEST(received == 2u);
    BOOST_TEST(sink.backend->dropped() == 8u);
}

BOOST_AUTO_TEST_CASE(failures_reach_the_handler_of_exceptions)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(64));
    const queue_sink<> sink(std::move(out));
    BOOST_CHECK_THROW(
        BOOST_LOG_TRIVIAL(info) << std::string(100, 'x'),
        boost_ipq::message_too_large);
    boost_ipq::remove_queue(queue);
    BOOST_CHECK_THROW(BOOST_LOG_TRIVIAL(info) << "x", boost_ipq::queue_removed);
}
