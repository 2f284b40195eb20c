// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Several queues in an event loop of Boost.Asio by one descriptor. (For one
// operation after the other on one queue, there is async_subscriber.)
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <unistd.h>
#include <chrono>
#include <functional>
#include <string>

struct server
{
    boost_ipq::subscriber &a, &b;
    boost_ipq::wait_set& set;
    boost::asio::posix::stream_descriptor& ready;
    int served = 0;

    void operator()(boost::system::error_code ec)
    {
        std::string message;
        while (std::size_t key = set.timed_wait(std::chrono::seconds(0)))
            served += (key == 1 ? a : b).try_dequeue(message);
        if (!ec && served < 6)
            wait();
    }

    void wait() { ready.async_wait(ready.wait_read, std::ref(*this)); }
};

int main()
{
    const std::string name = "example-asio-set-" + std::to_string(::getpid());
    boost_ipq::publisher to_a(boost_ipq::create_only, {name + "-a", 4096});
    boost_ipq::publisher to_b(boost_ipq::create_only, {name + "-b", 4096});
    boost_ipq::subscriber a(boost_ipq::open_only, name + "-a");
    boost_ipq::subscriber b(boost_ipq::open_only, name + "-b");
    boost_ipq::wait_set set;
    set.add(a, 1);
    set.add(b, 2);
    boost::asio::io_context io;
    boost::asio::posix::stream_descriptor ready(io, set.native_handle());
    server serves{a, b, set, ready};
    serves.wait();
    for (int i = 0; i < 6; ++i)
        (i % 2 == 0 ? to_a : to_b).enqueue("message");
    io.run();
    ready.release(); // the descriptor belongs to the set
    boost_ipq::remove_queue(name + "-a");
    boost_ipq::remove_queue(name + "-b");
    return serves.served == 6 ? 0 : 1;
}
