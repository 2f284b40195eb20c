// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Prints lines from a queue of cloudtoid/interprocess that a program in any of
// its languages sends. In Python, the other end is:
//
//     with cloudtoid_interprocess.Publisher("lines", 65536) as lines:
//         while not lines.try_send(b"hello"):
//             time.sleep(0.01)
//         lines.try_send(b"")  # the end of the lines
//         input("Press Enter when the lines have arrived.")
//
// Usage: cloudtoid_subscriber NAME

#include <boost_ipq/cloudtoid.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace {

boost_ipq::cloudtoid::subscriber in;

extern "C" void on_signal(int)
{
    in.stop(); // what was sent before is still printed
}

} // namespace

int main(int argc, char** argv)
try
{
    const std::string name = argc > 1 ? argv[1] : "lines";
    in = boost_ipq::cloudtoid::subscriber({name, 65536});
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::string line;
    while (in.dequeue(line) && !line.empty())
        std::cout << line << '\n';
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
