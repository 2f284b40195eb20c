// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Works on each message for two seconds, until Ctrl-C. Usage: worker QUEUE

#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

static boost_ipq::subscriber in;

extern "C" void on_signal(int)
{
    in.stop();
}

int main(int argc, char** argv)
try
{
    const std::string name = argc == 2 ? argv[1] : "lines";
    boost_ipq::queue_options options(name, 1 << 20);
    in = boost_ipq::subscriber(boost_ipq::open_or_create, options);
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    //[ work
    while (boost_ipq::delivery job = in.receive()) // in place, not yet taken
    {
        std::cout << (job.redelivered() ? "again: " : "begin: ");
        std::cout.write(static_cast<const char*>(job.data()), job.size());
        std::cout << std::endl;
        std::this_thread::sleep_for(std::chrono::seconds(2)); // the work
        job.acknowledge(); // only now it is taken
        std::cout << "done" << std::endl;
    }
    //]
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << "worker: " << e.what() << '\n';
    return 1;
}
