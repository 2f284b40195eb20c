// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two processes, each with an event loop: one sends numbers, the other adds
// them.

#include <boost_ipq/asio.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <functional>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using boost::system::error_code;

constexpr unsigned last = 1000;

int send(const boost_ipq::queue_options& options)
{
    asio::io_context io;
    boost_ipq::async_publisher out(io, boost_ipq::open_only, options);
    unsigned number = 0;
    std::function<void(error_code)> next = [&](error_code ec) {
        if (!ec && number++ != last)
            out.async_enqueue(asio::buffer(&number, sizeof number), next);
    };
    next({});
    io.run();
    return number > last ? 0 : 1;
}

int main()
{
    const std::string name = "example-asio-" + std::to_string(::getpid());
    boost_ipq::queue_options options(name, 256);
    //[ open
    asio::io_context io;
    boost_ipq::async_subscriber in(io, boost_ipq::create_only, options);
    //]
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(send(options)); // does not destroy the parent's objects
    unsigned number = 0, sum = 0;
    //[ receive
    std::function<void(error_code, std::size_t)> next = [&](error_code ec,
                                                            std::size_t) {
        sum += ec ? 0 : number;
        if (!ec && number != last)
            in.async_dequeue(asio::buffer(&number, sizeof number), next);
    };
    next({}, 0);
    io.run();
    //]
    int status = 1;
    ::waitpid(child, &status, 0);
    boost_ipq::remove_queue(name);
    std::cout << "the sum of 1 to " << last << " is " << sum << '\n';
    return status == 0 && sum == last * (last + 1) / 2 ? 0 : 1;
}
