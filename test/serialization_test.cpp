// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Objects of one type through a codec: Boost.Serialization's, and a user's own.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/stop_flag.hpp"
#include <boost_ipq/serialization.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/serialization/map.hpp>
#include <boost/serialization/string.hpp>
#include <chrono>
#include <map>
#include <memory_resource>
#include <stdexcept>
#include <string>

using namespace boost_ipq;

namespace {

using table = std::map<std::string, int>;
using table_codec = serialization_codec<table>;
using table_publisher = typed_publisher<table, table_codec>;
using table_subscriber = typed_subscriber<table, table_codec>;

// In two pieces.
struct text_codec
{
    std::string end;

    template <class Sink>
    void encode(const std::string& text, const Sink& sink) const
    {
        sink(text.data(), text.size());
        sink(end.data(), end.size());
    }

    std::string decode(const void* data, std::size_t size) const
    {
        if (size < end.size())
            throw std::runtime_error("no text");
        return {static_cast<const char*>(data), size - end.size()};
    }
};

// With a view of the bytes.
struct view_codec
{
    template <class Sink>
    void encode(const std::string& text, Sink&& sink) const
    {
        sink(text.data(), text.size());
    }

    template <class Bytes>
    std::string decode(const Bytes& bytes) const
    {
        return {
            reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::size_t>(bytes.end() - bytes.begin())};
    }
};

const table sample = {{"one", 1}, {"two", 2}, {std::string(500, 'x'), 3}};

} // namespace

// Arguments: the queue.
CHILD_ROLE(send_table)
{
    table_publisher out(open_only, self.argument(0));
    out.enqueue(sample);
}

BOOST_AUTO_TEST_CASE(between_processes)
{
    const test::scoped_queue queue;
    table_subscriber in(create_only, queue.options(4096));
    test::child other("send_table", {queue.name()});
    BOOST_TEST((in.dequeue() == sample));
    BOOST_TEST(other.wait() == 0);
    table got;
    BOOST_TEST(!in.try_dequeue(got));
}

BOOST_AUTO_TEST_CASE(every_call)
{
    const test::scoped_queue queue;
    const text_codec codec{"!"};
    typed_publisher<std::string, text_codec> out(
        create_only, queue.options(4096), codec);
    typed_subscriber<std::string, text_codec> in(open_only, queue, codec);
    boost::system::error_code ec;
    std::string got;
    BOOST_TEST(!in.try_dequeue(got, ec));
    BOOST_TEST(!ec);
    BOOST_TEST(!in.timed_dequeue(got, std::chrono::milliseconds(5)));
    BOOST_TEST(!in.dequeue(got, test::stop_flag{true}));
    BOOST_TEST(out.try_enqueue("a"));
    BOOST_TEST(out.try_enqueue("b", ec));
    out.enqueue("c");
    BOOST_TEST(out.timed_enqueue("d", std::chrono::hours(1)));
    BOOST_TEST(out.enqueue("e", test::stop_flag{false}));
    BOOST_TEST(in.try_dequeue(got));
    BOOST_TEST(got == "a");
    BOOST_TEST(in.dequeue(got, ec));
    BOOST_TEST(got == "b");
    BOOST_TEST(in.timed_dequeue(got, std::chrono::hours(1)));
    BOOST_TEST(got == "c");
    BOOST_TEST(in.dequeue() == "d");
    BOOST_TEST(
        in.consume_all([&](const std::string& text) { got = text; }) == 1u);
    BOOST_TEST(got == "e");
    BOOST_CHECK_THROW(out.enqueue(std::string(4096, 'x')), message_too_large);
}

BOOST_AUTO_TEST_CASE(decodes_a_view)
{
    const test::scoped_queue queue;
    typed_publisher<std::string, view_codec> out(
        create_only, queue.options(4096));
    typed_subscriber<std::string, view_codec> in(open_only, queue);
    out.enqueue("seen");
    BOOST_TEST(in.dequeue() == "seen");
}

// What cannot be decoded stays, and is delivered again.
BOOST_AUTO_TEST_CASE(damaged)
{
    const test::scoped_queue queue;
    table_subscriber in(create_only, queue.options(4096));
    publisher(open_only, queue).enqueue("not a table", 11);
    table got;
    BOOST_CHECK_THROW(in.try_dequeue(got), std::exception);
    BOOST_CHECK_THROW(in.dequeue(), std::exception);
    std::string bytes;
    BOOST_TEST(subscriber(open_only, queue).try_dequeue(bytes));
    BOOST_TEST(bytes == "not a table");
}

// The bytes are encoded in the allocator's memory.
BOOST_AUTO_TEST_CASE(own_allocator)
{
    using allocator = std::pmr::polymorphic_allocator<std::byte>;
    std::pmr::monotonic_buffer_resource memory;
    const test::scoped_queue queue;
    typed_publisher<std::string, text_codec, allocator> out(
        create_only, queue.options(4096), text_codec{"."}, &memory);
    typed_subscriber<std::string, text_codec, allocator> in(
        open_only, queue, text_codec{"."}, &memory);
    out.enqueue("text");
    BOOST_TEST(in.dequeue() == "text");
    BOOST_TEST((out.get_allocator().resource() == &memory));
}
