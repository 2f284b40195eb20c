// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The least that a file does with the library: opens a publisher and sends.
// Compiled by compile_time.sh and by test/separate.sh.

#include <boost_ipq/publisher.hpp>

void send_jobs()
{
    boost_ipq::publisher jobs(
        boost_ipq::open_or_create, boost_ipq::queue_options("jobs", 65536));
    const int job = 42;
    jobs.enqueue(&job, sizeof job);
}
