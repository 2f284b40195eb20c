// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Sends each line of the standard input as one message. Usage: sender QUEUE

#include <boost_ipq/publisher.hpp>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv)
try
{
    const std::string name = argc == 2 ? argv[1] : "lines";
    // The program that comes first creates the queue, with 1 MiB for messages.
    boost_ipq::queue_options options(name, 1 << 20);
    boost_ipq::publisher out(boost_ipq::open_or_create, options);
    std::string line;
    while (std::getline(std::cin, line))
        out.enqueue(line); // waits while the queue is full
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << "sender: " << e.what() << '\n';
    return 1;
}
