// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Typed objects through a codec: the one for Boost.Serialization, and a user's
// own.

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
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace boost_ipq;

namespace {

using table = std::map<std::string, int>;
using table_codec = serialization_codec<table>;
using table_publisher = typed_publisher<table, table_codec>;
using table_subscriber = typed_subscriber<table, table_codec>;

// Encodes in two pieces.
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

// Decodes a view of the bytes.
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

// A codec of characters that has a state.
struct counting_codec
{
    int count = 0;

    template <class Sink>
    void encode(const std::string& text, Sink& sink)
    {
        ++count;
        sink(std::string_view(text));
        sink(std::string(1, '.'));
    }

    std::string decode(std::string_view bytes)
    {
        ++count;
        if (bytes.back() != '.')
            throw std::invalid_argument("no text");
        return std::string(bytes.substr(0, bytes.size() - 1));
    }
};

struct no_memory : std::pmr::memory_resource
{
    void* do_allocate(std::size_t size, std::size_t) override
    {
        if (exhausted)
            throw std::bad_alloc();
        return ::operator new(size);
    }
    void do_deallocate(void* p, std::size_t, std::size_t) override
    {
        ::operator delete(p);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override
    {
        return this == &other;
    }
    bool exhausted = false;
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

// A message that cannot be decoded stays, and is delivered again.
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

// The overloads that take an error_code& report what the other calls throw.
template <class Subscriber>
static void
check_undecodable(const test::scoped_queue& queue, const std::string& bytes)
{
    using value_type = typename Subscriber::value_type;
    Subscriber in(open_only, queue);
    publisher(open_only, queue).enqueue(bytes);
    value_type got;
    boost::system::error_code ec;
    const auto check = [&](auto call) {
        ec.clear();
        BOOST_CHECK_NO_THROW(call());
        BOOST_TEST(ec == test::code(errc::queue_mismatch));
    };
    const auto never = [](const value_type&) { BOOST_ERROR("decoded"); };
    check([&] { in.try_dequeue(got, ec); });
    check([&] { in.dequeue(got, ec); });
    check([&] { in.dequeue(got, test::stop_flag{false}, ec); });
    check([&] { in.timed_dequeue(got, std::chrono::hours(1), ec); });
    check([&] { BOOST_TEST(!in.dequeue(ec)); });
    check([&] { BOOST_TEST(in.consume_one(never, ec) == 0u); });
    check([&] { BOOST_TEST(in.consume_all(never, ec) == 0u); });
    std::string message;
    BOOST_TEST(subscriber(open_only, queue).try_dequeue(message));
    BOOST_TEST(message == bytes);
}

BOOST_AUTO_TEST_CASE(damaged_reported)
{
    const test::scoped_queue queue;
    publisher out(create_only, queue.options(4096));
    check_undecodable<table_subscriber>(queue, "not a table");
    check_undecodable<typed_subscriber<std::string, counting_codec>>(
        queue, "no end");
    using text = serialization_codec<std::string>;
    using text_subscriber = typed_subscriber<std::string, text>;
    typed_publisher<std::string, text> sender(open_only, queue);
    sender.enqueue("abc");
    std::string whole;
    subscriber(open_only, queue).dequeue(whole);
    for (const std::string& bytes :
         {whole + "x", whole.substr(0, whole.size() - 1),
          std::string(whole.size(), '\xff'), std::string("")})
    {
        check_undecodable<text_subscriber>(queue, bytes);
        // Only the codec's exception is thrown, no std::length_error because of
        // a size.
        out.enqueue(bytes);
        BOOST_CHECK_THROW(
            text_subscriber(open_only, queue).dequeue(),
            boost::archive::archive_exception);
        subscriber(open_only, queue).dequeue();
    }
}

BOOST_AUTO_TEST_CASE(codec_with_a_state)
{
    const test::scoped_queue queue;
    typed_publisher<std::string, counting_codec> out(
        create_only, queue.options(4096));
    typed_subscriber<std::string, counting_codec> in(open_only, queue);
    out.enqueue("text");
    BOOST_TEST(in.dequeue() == "text");
}

BOOST_AUTO_TEST_CASE(no_memory_for_the_bytes)
{
    using allocator = std::pmr::polymorphic_allocator<std::byte>;
    no_memory memory;
    const test::scoped_queue queue;
    typed_publisher<std::string, counting_codec, allocator> out(
        create_only, queue.options(4096), counting_codec(), &memory);
    memory.exhausted = true;
    boost::system::error_code ec;
    const auto check = [&](auto call) {
        ec.clear();
        BOOST_CHECK_NO_THROW(call());
        BOOST_TEST((ec == boost::system::errc::not_enough_memory));
    };
    check([&] { out.try_enqueue("x", ec); });
    check([&] { out.enqueue("x", ec); });
    check([&] { out.enqueue("x", test::stop_flag{false}, ec); });
    check([&] { out.timed_enqueue("x", std::chrono::seconds(1), ec); });
    BOOST_CHECK_THROW(out.enqueue("x"), std::bad_alloc);
}

// The bytes are encoded in memory from the allocator.
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
