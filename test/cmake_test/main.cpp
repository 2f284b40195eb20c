// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A user's program: one message through a queue, received by another
// translation unit.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <iostream>
#include <string>
#include <unistd.h>

std::string receive(const std::string& queue);

int main()
{
    const std::string queue = "cmake_test." + std::to_string(getpid());
    const boost_ipq::queue_options options(queue, 1024);

    boost_ipq::publisher out(boost_ipq::create_only, options);
    out.enqueue("hello", 5);
    const std::string message = receive(queue);
    boost_ipq::remove_queue(queue);

    std::cout << message << '\n';
    return message == "hello" ? 0 : 1;
}
