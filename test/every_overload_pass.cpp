// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every overload that sends or receives is found, with the arguments that it
// documents: the ones that explain wrong arguments take no right ones.

#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed_broadcast.hpp>
#include <boost/date_time/posix_time/posix_time_types.hpp>
#include <boost/system/error_code.hpp>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct stop_flag
{
    bool stop_requested() const { return false; }
};

// Arguments that need a conversion.
struct pointer
{
    operator const void*() const { return ""; }
};

struct count
{
    operator std::size_t() const { return 1; }
};

void send(
    boost_ipq::publisher& out, const char* data, const stop_flag& stop,
    boost::system::error_code& ec)
{
    const int numbers[2] = {};
    const std::string text;
    std::size_t dropped;
    out.enqueue(data, 3);
    out.enqueue(data, 3, ec);
    out.enqueue(data, 3, stop);
    out.enqueue(data, 3, stop, ec);
    out.enqueue(text);
    out.enqueue(text, ec);
    out.enqueue(text, stop);
    out.enqueue(text, stop, ec);
    out.enqueue(nullptr, 0);
    out.enqueue(pointer(), 1);
    out.enqueue(data, count());
    out.enqueue(pointer(), count());
    out.enqueue(numbers);
    out.enqueue("text");
    out.enqueue(std::string_view("text"));
    out.enqueue(std::array<char, 2>());
    out.enqueue(std::vector<int>());
    out.try_enqueue_overwriting(data, 3, dropped);
    out.try_enqueue_overwriting(data, 3, dropped, ec);
    out.try_enqueue_overwriting(text, dropped);
    out.try_enqueue_overwriting(text, dropped, ec);
    out.try_enqueue(data, 3);
    out.try_enqueue(data, 3, ec);
    out.try_enqueue(text);
    out.try_enqueue(text, ec);
    out.try_enqueue(nullptr, 0);
}

void send_until(
    boost_ipq::publisher& out, const std::string& text,
    boost::system::error_code& ec)
{
    const std::chrono::seconds second(1);
    out.timed_enqueue(text.data(), 3, second);
    out.timed_enqueue(text.data(), 3, second, ec);
    out.timed_enqueue(text, second);
    out.timed_enqueue(text, std::chrono::system_clock::now(), ec);
    out.timed_enqueue(text, boost::posix_time::seconds(1));
    out.timed_enqueue(text, boost::posix_time::ptime(), ec);
    out.timed_reserve(3, second);
    out.timed_reserve(3, second, ec);
}

void receive(
    boost_ipq::subscriber& in, char* buffer, const stop_flag& stop,
    boost::system::error_code& ec)
{
    using boost_ipq::truncate_t;
    std::size_t size;
    std::string text;
    int numbers[2];
    in.dequeue();
    in.dequeue(ec);
    in.dequeue(text);
    in.dequeue(text, ec);
    in.dequeue(text, stop);
    in.dequeue(text, stop, ec);
    in.dequeue(numbers, sizeof numbers, size);
    in.dequeue(buffer, 3, size);
    in.dequeue(buffer, 3, size, ec);
    in.dequeue(buffer, 3, size, stop);
    in.dequeue(buffer, 3, size, stop, ec);
    in.dequeue(buffer, 3, size, truncate_t());
    in.dequeue(buffer, 3, size, truncate_t(), ec);
    in.dequeue(buffer, 3, size, truncate_t(), stop);
    in.dequeue(buffer, 3, size, truncate_t(), stop, ec);
    in.try_dequeue(text);
    in.try_dequeue(text, ec);
    in.try_dequeue(buffer, 3, size);
    in.try_dequeue(buffer, 3, size, ec);
    in.try_dequeue(buffer, 3, size, truncate_t());
    in.try_dequeue(buffer, 3, size, truncate_t(), ec);
    in.try_dequeue_latest(text);
    in.try_dequeue_latest(text, ec);
    in.try_dequeue_latest(buffer, 3, size);
    in.try_dequeue_latest(buffer, 3, size, ec);
    in.try_dequeue_latest(buffer, 3, size, truncate_t());
    in.try_dequeue_latest(buffer, 3, size, truncate_t(), ec);
}

void broadcasts(
    const boost_ipq::queue_options& options, const stop_flag& stop,
    boost::system::error_code& ec)
{
    using namespace boost_ipq;
    const std::chrono::seconds second(1);
    const std::string name = options.name();
    const history old(3);
    broadcast_publisher a(create_only, options), b(create_only, options, ec),
        c(open_only, name, second), d(open_only, name, stop, ec);
    broadcast_subscriber e(open_only, name), f(open_only, name, ec),
        g(open_only, name, old), h(open_only, name, old, ec),
        i(open_only, name, old, second), j(open_only, name, old, stop),
        k(open_only, name, old, second, ec), l(open_only, name, old, stop, ec),
        m(open_only, name, second), n(open_only, name, stop, ec);
    typed_broadcast_subscriber<int> o(open_only, name, old),
        p(open_only, name, old, ec), q(open_only, name, old, second),
        r(open_only, name, old, stop, ec);
    int number = 0;
    o.try_dequeue_latest(number);
    o.try_dequeue_latest(number, ec);
    const queue_factory factory(options);
    a = factory.make_broadcast_publisher(create_only);
    a = factory.make_broadcast_publisher(create_only, name);
    a = factory.make_broadcast_publisher(create_only, name, ec);
    a = factory.make_broadcast_publisher(create_only, options, second);
    a = factory.make_broadcast_publisher(create_only, name, stop, ec);
    e = factory.make_broadcast_subscriber(open_only);
    e = factory.make_broadcast_subscriber(open_only, name);
    e = factory.make_broadcast_subscriber(open_only, name, ec);
    e = factory.make_broadcast_subscriber(open_only, options, second);
    e = factory.make_broadcast_subscriber(open_only, name, stop, ec);
    e = factory.make_broadcast_subscriber(open_only, name, old);
    e = factory.make_broadcast_subscriber(open_only, name, old, ec);
    e = factory.make_broadcast_subscriber(open_only, name, old, second);
    e = factory.make_broadcast_subscriber(open_only, name, old, stop, ec);
}

void receive_until(
    boost_ipq::subscriber& in, std::string& text, char* buffer,
    boost::system::error_code& ec)
{
    using boost_ipq::truncate_t;
    const std::chrono::seconds second(1);
    std::size_t size;
    in.timed_dequeue(text, second);
    in.timed_dequeue(text, second, ec);
    in.timed_dequeue(buffer, 3, size, second);
    in.timed_dequeue(buffer, 3, size, second, ec);
    in.timed_dequeue(buffer, 3, size, truncate_t(), second);
    in.timed_dequeue(buffer, 3, size, truncate_t(), second, ec);
    in.timed_receive(boost::posix_time::seconds(1));
    in.timed_receive(boost::posix_time::ptime(), ec);
}
