// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Typed messages: sent by value and in place.

#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/typed.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <iostream>
#include <string>

struct order
{
    int number;
    double price;
};

int send(const std::string& name)
{
    boost_ipq::typed_publisher<order> out(boost_ipq::open_only, name);
    out.enqueue({1, 9.5});
    auto room = out.reserve();
    room->number = 2;
    room->price = 0.5;
    room.commit();
    return 0;
}

int main()
{
    const std::string name = "example-typed-" + std::to_string(::getpid());
    boost_ipq::typed_subscriber<order> in(
        boost_ipq::create_only, boost_ipq::queue_options(name, 4096));
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(send(name));
    double sum = in.dequeue().price;
    auto second = in.receive();
    sum += second->price;
    second.acknowledge();
    int status = 1;
    ::waitpid(child, &status, 0);

    // The queue records the size of its type.
    boost::system::error_code ec;
    boost_ipq::typed_subscriber<int> wrong(boost_ipq::open_only, name, ec);
    std::cout << "together " << sum << "; as int: " << ec.message() << '\n';
    boost_ipq::remove_queue(name);
    return status == 0 && sum == 10 && ec ? 0 : 1;
}
