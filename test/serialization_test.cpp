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
#include <boost/serialization/array.hpp>
#include <boost/serialization/base_object.hpp>
#include <boost/serialization/export.hpp>
#include <boost/serialization/list.hpp>
#include <boost/serialization/map.hpp>
#include <boost/serialization/shared_ptr.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/unordered_map.hpp>
#include <boost/serialization/vector.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

// Replaces the first word `from` in an encoded object by `to`, and decodes it.
template <class T>
static T decode_changed(const T& value, std::uint64_t from, std::uint64_t to)
{
    const serialization_codec<T> codec;
    std::string bytes;
    codec.encode(value, [&](const void* data, std::size_t size) {
        bytes.append(static_cast<const char*>(data), size);
    });
    const auto word = [](const std::uint64_t& number) {
        return std::string(reinterpret_cast<const char*>(&number), 8);
    };
    const std::size_t at = bytes.find(word(from));
    BOOST_REQUIRE(at != std::string::npos);
    bytes.replace(at, 8, word(to));
    return codec.decode(bytes.data(), bytes.size());
}

template <class T>
static void check_sizes(const T& value, std::uint64_t size)
{
    BOOST_TEST((decode_changed(value, size, size) == value));
    const auto refused = [](const boost::archive::archive_exception& e) {
        return std::string(e.what()).find("beyond the end") !=
               std::string::npos;
    };
    for (const std::uint64_t wrong :
         {std::uint64_t(200), std::uint64_t(1) << 32, std::uint64_t(1) << 60,
          std::uint64_t(1) << 63, ~std::uint64_t(0)})
        BOOST_CHECK_EXCEPTION(
            decode_changed(value, size, wrong),
            boost::archive::archive_exception, refused);
}

// A size is refused before memory is allocated for it.
BOOST_AUTO_TEST_CASE(hostile_sizes)
{
    check_sizes(std::string("abcde"), 5);
    check_sizes(std::wstring(L"abcde"), 5);
    check_sizes(std::vector<int>{1, 2, 3, 4, 5}, 5);
    check_sizes(std::vector<std::string>(5, "text"), 5);
    check_sizes(std::vector<bool>(5, true), 5);
    check_sizes(std::list<double>(5, 1.5), 5);
    check_sizes(table{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}}, 5);
    // The size of the inner object.
    check_sizes(std::vector<std::vector<char>>(2, std::vector<char>(5)), 5);
}

// No more elements of a vector than there are bytes for.
BOOST_AUTO_TEST_CASE(size_of_elements)
{
    const std::vector<std::uint64_t> value(6, 1000);
    BOOST_CHECK_THROW(
        decode_changed(value, 6, 8), boost::archive::archive_exception);
    BOOST_CHECK_THROW(
        decode_changed(value, 6, 5), boost::archive::archive_exception);
}

// The buckets of a hash table are not elements: an empty one may have many.
BOOST_AUTO_TEST_CASE(buckets)
{
    std::unordered_map<int, int> value;
    value.reserve(1000);
    const std::uint64_t table_size = value.bucket_count();
    value = decode_changed(value, table_size, table_size);
    BOOST_TEST(value.empty());
    BOOST_TEST(value.bucket_count() < 1000u);
    value = {{1, 2}, {3, 4}};
    value.rehash(1000);
    const auto same =
        decode_changed(value, value.bucket_count(), std::uint64_t(1) << 60);
    BOOST_TEST((same == value));
}

BOOST_AUTO_TEST_CASE(neither_true_nor_false)
{
    const serialization_codec<bool> one;
    const char bytes[] = {0, 1, 2};
    BOOST_TEST(!one.decode(bytes, 1));
    BOOST_TEST(one.decode(bytes + 1, 1));
    BOOST_CHECK_THROW(
        one.decode(bytes + 2, 1), boost::archive::archive_exception);
    using three = std::array<bool, 3>;
    const three value{{true, false, true}};
    const serialization_codec<three> codec;
    std::string text;
    codec.encode(value, [&](const void* data, std::size_t size) {
        text.append(static_cast<const char*>(data), size);
    });
    BOOST_TEST((codec.decode(text.data(), text.size()) == value));
    text.back() = 7;
    BOOST_CHECK_THROW(
        codec.decode(text.data(), text.size()),
        boost::archive::archive_exception);
}

struct shape
{
    virtual ~shape() = default;
    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& size;
    }
    int size = 0;
};

struct circle final : shape
{
    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& boost::serialization::base_object<shape>(*this);
    }
};

BOOST_CLASS_EXPORT(circle)

// The codec's archive knows the exported classes.
BOOST_AUTO_TEST_CASE(exported_class)
{
    using pointer = std::shared_ptr<shape>;
    const serialization_codec<pointer> codec;
    const pointer value = std::make_shared<circle>();
    value->size = 7;
    std::string text;
    codec.encode(value, [&](const void* data, std::size_t size) {
        text.append(static_cast<const char*>(data), size);
    });
    const pointer same = codec.decode(text.data(), text.size());
    BOOST_TEST((dynamic_cast<circle*>(same.get()) != nullptr));
    BOOST_TEST(same->size == 7);
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
