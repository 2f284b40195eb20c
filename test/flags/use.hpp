// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_FLAGS_USE_HPP
#define BOOST_IPQ_TEST_FLAGS_USE_HPP

// Instantiates the templates of the library as a user's program would: nothing
// runs. test/flags.sh writes headers.hpp, the list of all public headers.

#include "headers.hpp"

namespace user {

using namespace boost_ipq;

struct tick
{
    int number;
    double price;
};

struct record
{
    int number = 0;
    std::string text{};

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& BOOST_SERIALIZATION_NVP(number);
        archive& BOOST_SERIALIZATION_NVP(text);
    }
};

inline void bytes(const queue_options& options)
{
    const std::chrono::milliseconds moment(1);
    boost::system::error_code ec;
    publisher out(open_or_create, options);
    subscriber in(open_only, options, ec);
    std::vector<std::byte> message;
    std::string text("x");
    char buffer[10];
    std::size_t size = 0;
    out.enqueue(text);
    out.try_enqueue(std::string_view("x"));
    out.timed_enqueue(text, moment, ec);
    out.timed_enqueue(text, boost::posix_time::milliseconds(1));
    const std::vector<std::string> many{"a", "b"};
    out.try_enqueue_all(many.begin(), many.end());
    if (reservation room = out.try_reserve(10))
        room.commit(5);
    in.dequeue();
    in.try_dequeue(message, ec);
    in.timed_dequeue(text, moment);
    in.try_dequeue(buffer, sizeof buffer, size);
    in.try_dequeue(buffer, sizeof buffer, size, boost_ipq::truncate);
    if (delivery taken = in.timed_receive(moment))
        taken.acknowledge();
    in.consume_one([](const void*, std::size_t) {});
    in.consume_all([](const void*, std::size_t) {});
    in.cancel();
}

inline std::size_t around(const std::string& name)
{
    queue_factory factory(
        queue_options(name, 4096),
        [](const queue_event& event) { (void)event.kind; });
    factory.make_publisher(open_or_create);
    factory.make_subscriber(open_only);
    const queue_status status = inspect(name);
    repair(name);
    list_queues();
    remove_queue(name);
    return status.messages;
}

inline void typed(const queue_options& options)
{
    typed_publisher<tick> out(open_or_create, options);
    typed_subscriber<tick> in(open_or_create, options);
    out.try_enqueue({1, 2});
    tick latest{};
    in.try_dequeue(latest);
    if (auto room = out.try_reserve())
        room.commit();
    if (auto taken = in.try_receive())
        taken.acknowledge();
    typed_publisher<record, serialization_codec<record>> writer(
        open_or_create, options);
    typed_subscriber<record, serialization_codec<record>> reader(
        open_or_create, options);
    writer.enqueue(record());
    record read;
    reader.dequeue(read);
}

inline void asynchronous(const queue_options& options)
{
    boost::asio::io_context io;
    async_subscriber in(io.get_executor(), open_or_create, options);
    async_publisher out(io, open_only, options);
    std::string text;
    char buffer[10];
    out.async_enqueue(
        boost::asio::buffer(buffer), [](const boost::system::error_code&) {});
    in.async_dequeue(
        boost::asio::buffer(buffer),
        [](const boost::system::error_code&, std::size_t) {});
    in.async_dequeue(
        boost::asio::dynamic_buffer(text),
        [](const boost::system::error_code&, std::size_t) {});
    io.run();
    in.cancel();
    in.close();
}

inline void inside_one_process()
{
    const queue_options options("heap", 4096);
    basic_publisher<std::allocator<std::byte>, heap_storage> out(
        open_or_create, options);
    basic_subscriber<std::allocator<std::byte>, heap_storage> in(
        open_only, options);
    out.try_enqueue("x", 1);
    in.dequeue();
}

} // namespace user

#endif
