// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program that logs through a queue, and one that views the log.
//   log_viewer view NAME    prints what is logged to the queue NAME
//   log_viewer log NAME     logs ten records to it
//   log_viewer              does both in two processes

#include <boost_ipq/log_sink_backend.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/unlocked_frontend.hpp>
#include <boost/log/trivial.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <iostream>
#include <string>

constexpr int records = 10;

int log_some(const boost_ipq::queue_options& queue)
{
    using sink = boost::log::sinks::unlocked_sink<boost_ipq::log_sink_backend>;
    boost::log::core::get()->add_sink(boost::make_shared<sink>(
        boost::make_shared<boost_ipq::log_sink_backend>(
            boost_ipq::open_or_create, queue)));
    for (int i = 1; i <= records; ++i)
        BOOST_LOG_TRIVIAL(info) << "process " << ::getpid() << ", record " << i;
    boost::log::core::get()->remove_all_sinks();
    return 0;
}

int view(const boost_ipq::queue_options& queue)
{
    boost_ipq::subscriber in(boost_ipq::open_or_create, queue);
    std::string record;
    for (int i = 0; i < records && in.dequeue(record); ++i)
        std::cout << record << '\n';
    return record.find("record 10") == std::string::npos ? 1 : 0;
}

int main(int argc, char* argv[])
{
    const std::string mode = argc == 3 ? argv[1] : "";
    if (!mode.empty())
        return mode == "log" ? log_some({argv[2], 1 << 16})
                             : view({argv[2], 1 << 16});
    const std::string name = "example-log-" + std::to_string(::getpid());
    const pid_t logger = ::fork();
    if (logger == 0)
        ::_exit(log_some({name, 1 << 16}));
    const int result = view({name, 1 << 16});
    ::waitpid(logger, nullptr, 0);
    boost_ipq::remove_queue(name);
    return result;
}
