// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Each strategy gets every tick. One that starts late gets the last ten, too.

#include <boost_ipq/inspect.hpp>
#include <boost_ipq/typed_broadcast.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <cstddef>
#include <string>
#include <thread>

struct tick
{
    int number;
    double price;
};

// A process. Returns whether it got all ticks from `first` on.
static bool strategy(const std::string& market, int first, std::size_t old)
{
    boost_ipq::typed_broadcast_subscriber<tick> in(
        boost_ipq::open_only, market, boost_ipq::history(old));
    for (tick next; in.dequeue(next); ++first)
    {
        if (next.number != first)
            return false;
        if (next.price < 0) // the market is closed
            break;
    }
    return in.missed() == 0;
}

int main()
{
    const std::string name = "example-market-" + std::to_string(::getpid());
    boost_ipq::typed_broadcast_publisher<tick> out(
        boost_ipq::create_only, boost_ipq::queue_options(name, 65536));
    const auto start = [&](int first, std::size_t old, std::size_t number) {
        if (::fork() == 0)
            ::_exit(strategy(name, first, old) ? 0 : 1);
        while (boost_ipq::inspect(name).readers.size() != number)
            std::this_thread::yield();
    };
    start(0, 0, 1);
    start(0, 0, 2);
    for (int i = 0; i < 100; ++i)
        out.enqueue({i, 10.0 + i % 7});
    start(90, 10, 3); // late
    out.enqueue({100, -1});
    bool failed = false;
    for (int status, i = 0; i < 3; ++i)
        failed |= ::wait(&status) < 0 || status != 0;
    boost_ipq::remove_queue(name);
    return failed;
}
