// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Sends lines to a queue of cloudtoid/interprocess, to a program in any of its
// languages. In Python, the other end is:
//
//     with cloudtoid_interprocess.Subscriber("lines", 65536) as lines:
//         while line := lines.receive(10.0):
//             print(line.decode())
//
// Usage: cloudtoid_publisher NAME < LINES

#include <boost_ipq/cloudtoid.hpp>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

int main(int argc, char** argv)
try
{
    const std::string name = argc > 1 ? argv[1] : "lines";
    boost_ipq::cloudtoid::publisher out({name, 65536});
    std::string line;
    while (std::getline(std::cin, line))
        if (!line.empty())
            out.enqueue(line);
    out.enqueue("", 0); // the end of the lines

    // The queue ends with its last participant, and its messages with it.
    while (!out.empty())
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
