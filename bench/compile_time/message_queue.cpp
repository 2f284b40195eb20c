// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// As publisher.cpp, with the message queue of Boost.Interprocess.

#include <boost/interprocess/ipc/message_queue.hpp>

void send_jobs()
{
    using namespace boost::interprocess;
    message_queue jobs(open_or_create, "jobs", 1000, 64);
    const int job = 42;
    jobs.send(&job, sizeof job, 0);
}
