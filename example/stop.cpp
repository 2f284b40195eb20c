// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A waiting call that ends when a stop is requested: at once with C++20's
// std::stop_token, within 10 ms with any other object that has
// stop_requested().

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <unistd.h>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>

struct stop_flag
{
    const std::atomic<bool>& flag;
    bool stop_requested() const noexcept { return flag; }
};

int main()
{
    const std::string name = "example-stop-" + std::to_string(::getpid());
    boost_ipq::publisher out(boost_ipq::create_only, {name, 4096});
    std::atomic<bool> stop{false};
    int served = 0;
    std::thread server([&] {
        boost_ipq::subscriber in(boost_ipq::open_only, name);
        std::string request;
        while (in.dequeue(request, stop_flag{stop}))
            if (++served == 3)
                stop = true; // a signal handler could do this, too
    });
    for (int i = 0; i < 3; ++i)
        out.enqueue("request", 7);
    server.join();
    boost_ipq::remove_queue(name);
    std::cout << "served " << served << '\n';
    return served == 3 ? 0 : 1;
}
