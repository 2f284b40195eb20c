// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Removes a queue. Usage: remove QUEUE

#include <boost_ipq/remove_queue.hpp>
#include <exception>
#include <iostream>

int main(int argc, char** argv)
try
{
    const bool existed = boost_ipq::remove_queue(argc == 2 ? argv[1] : "lines");
    std::cout << (existed ? "removed\n" : "there is no such queue\n");
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << "remove: " << e.what() << '\n';
    return 1;
}
