// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue and a pipe in one poll() loop: the wait set's descriptor beside a
// descriptor of a different kind.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/wait_set.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <iostream>
#include <string>

int main()
{
    const std::string name = "example-poll-" + std::to_string(::getpid());
    boost_ipq::subscriber in(boost_ipq::create_only, {name, 4096});
    int ends[2];
    if (::pipe(ends) != 0)
        return 1;
    if (::fork() == 0) // the client
    {
        boost_ipq::publisher out(boost_ipq::open_only, name);
        for (int i = 0; i < 5; ++i)
            out.enqueue("message " + std::to_string(i));
        ::_exit(::write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    boost_ipq::wait_set set;
    set.add(in, 1);
    struct pollfd polled[] = {
        {set.native_handle(), POLLIN, 0}, {ends[0], POLLIN, 0}};
    int messages = 0;
    char byte = 0;
    while (messages < 5 || byte != 'x')
    {
        if (::poll(polled, 2, 10000) <= 0)
            break;
        if (polled[1].revents != 0 && ::read(ends[0], &byte, 1) == 1)
            polled[1].fd = -1;
        if (polled[0].revents == 0)
            continue;
        // Until it returns 0: then the descriptor is no longer readable.
        std::string message;
        while (set.timed_wait(std::chrono::seconds(0)) != 0)
            messages += in.try_dequeue(message);
    }
    ::wait(nullptr);
    boost_ipq::remove_queue(name);
    std::cout << messages << " messages, and the pipe says " << byte << '\n';
    return messages == 5 && byte == 'x' ? 0 : 1;
}
