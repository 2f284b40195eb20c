// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A user's program, which each package is tested with.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <iostream>
#include <string>

int main()
{
    const std::string name =
        "consumer-" +
        std::to_string(
            std::chrono::steady_clock::now().time_since_epoch().count());
    boost_ipq::publisher out(boost_ipq::create_only, {name, 4096});
    boost_ipq::subscriber in(boost_ipq::open_only, name);
    out.enqueue("hello", 5);
    std::string message;
    const bool received = in.try_dequeue(message) && message == "hello";
    boost_ipq::remove_queue(name);
    std::cout << (received ? "received " + message : "failed") << '\n';
    return received ? 0 : 1;
}
