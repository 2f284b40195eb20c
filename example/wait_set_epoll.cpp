// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A server of three queues in an epoll loop (Linux). The wait set's descriptor
// stands in the loop beside sockets, timers, and whatever else it serves.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/wait_set.hpp>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <string>
#include <vector>

int main()
{
    const std::string base = "example-epoll-" + std::to_string(::getpid());
    const std::string names[] = {base + "-a", base + "-b", base + "-c"};
    std::vector<boost_ipq::subscriber> queues;
    for (const std::string& name : names)
        queues.emplace_back(
            boost_ipq::create_only, boost_ipq::queue_options(name, 4096));
    if (::fork() == 0) // the clients
    {
        for (int i = 0; i < 30; ++i)
            boost_ipq::publisher(boost_ipq::open_only, names[i % 3])
                .enqueue("message " + std::to_string(i));
        ::_exit(0);
    }
    //[ epoll
    boost_ipq::wait_set set;
    for (std::size_t i = 0; i < queues.size(); ++i)
        set.add(queues[i], i + 1);

    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = set.native_handle();
    ::epoll_ctl(loop, EPOLL_CTL_ADD, event.data.fd, &event);
    std::vector<int> served(3);
    for (int rest = 30; rest > 0 && ::epoll_wait(loop, &event, 1, 10000) == 1;)
        while (std::size_t key = set.timed_wait(std::chrono::seconds(0)))
        {
            std::string message;
            if (!queues[key - 1].try_dequeue(message))
                continue;
            ++served[key - 1];
            --rest;
        }
    //]
    ::close(loop);
    ::wait(nullptr);
    for (const std::string& name : names)
        boost_ipq::remove_queue(name);
    return served == std::vector<int>{10, 10, 10} ? 0 : 1;
}
