// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Prints each message as a line, until Ctrl-C. Usage: receiver QUEUE

#include <boost_ipq/subscriber.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

static boost_ipq::subscriber in;

extern "C" void on_signal(int)
{
    in.stop(); // the loop ends when the queue is empty
}

int main(int argc, char** argv)
try
{
    const std::string name = argc == 2 ? argv[1] : "lines";
    boost_ipq::queue_options options(name, 1 << 20);
    in = boost_ipq::subscriber(boost_ipq::open_or_create, options);
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::string line;
    while (in.dequeue(line)) // waits while the queue is empty
        std::cout << line << std::endl;
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << "receiver: " << e.what() << '\n';
    return 1;
}
