// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// As publisher.cpp, with both sides of a queue.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>

bool exchange_jobs()
{
    boost_ipq::publisher jobs(
        boost_ipq::open_or_create, boost_ipq::queue_options("jobs", 65536));
    boost_ipq::subscriber worker(boost_ipq::open_only, "jobs");
    int job = 42;
    std::size_t size;
    jobs.enqueue(&job, sizeof job);
    return worker.dequeue(&job, sizeof job, size);
}
