// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A job queue with a poisoned job: each worker that takes it dies. After three
// deliveries it moves to the dead-letter queue, and the others are done.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace boost_ipq;

int work(const queue_options& jobs, const std::string& results)
{
    //[ worker
    subscriber in(open_only, jobs);
    publisher out(open_only, results);
    while (delivery job = in.try_receive())
    {
        const auto* const data = static_cast<const char*>(job.data());
        const std::string text(data, job.size());
        if (text == "job 4")
            ::_exit(EXIT_FAILURE); // a bug
        out.enqueue(text + " is done");
        job.acknowledge();
    }
    //]
    return EXIT_SUCCESS;
}

int main()
{
    const std::string name = "jobs-" + std::to_string(::getpid());
    //[ options
    queue_options jobs(name, 1 << 16);
    jobs.max_deliveries(3).dead_letter(name + ".dead");
    //]
    publisher out(create_only, jobs);
    subscriber in(create_only, {name + ".results", 1 << 16});
    for (int i = 1; i <= 7; ++i)
        out.enqueue("job " + std::to_string(i));
    int died = -1, status = EXIT_FAILURE;
    for (; status != EXIT_SUCCESS; ++died) // a supervisor
    {
        if (::fork() == 0)
            ::_exit(work(jobs, name + ".results"));
        ::wait(&status);
    }
    std::string dead;
    const auto done = in.consume_all([](const void*, std::size_t) {});
    subscriber(open_only, name + ".dead").try_dequeue(dead);
    std::cout << done << " results, dead letter: " << dead << '\n';
    for (const std::string suffix : {"", ".results", ".dead"})
        remove_queue(name + suffix);
    return done == 6 && died == 3 && dead == "job 4" ? 0 : 1;
}
