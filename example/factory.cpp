// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Dependency injection: the parts of a program get their queues from a factory,
// which is configured once with options and a log sink.

#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <unistd.h>
#include <iostream>
#include <sstream>
#include <string>

struct producer
{
    explicit producer(const boost_ipq::queue_factory& queues)
        : out(queues.make_publisher(boost_ipq::open_or_create))
    {
    }

    boost_ipq::publisher out;
};

struct consumer
{
    explicit consumer(const boost_ipq::queue_factory& queues)
        : in(queues.make_subscriber(boost_ipq::open_or_create))
    {
    }

    boost_ipq::subscriber in;
};

int main()
{
    const std::string name = "example-factory-" + std::to_string(::getpid());
    std::ostringstream log;
    // With [Boost].DI: di::make_injector(di::bind<>.to(factory)), then
    // injector.create<producer>().
    const boost_ipq::queue_factory factory(
        boost_ipq::queue_options(name, 4096),
        [&](const boost_ipq::queue_event& event) {
            log << to_string(event.kind) << ' ';
            std::cout << event << '\n';
        });
    producer source(factory);
    consumer sink(factory);
    source.out.enqueue("product", 7);
    sink.in.receive(); // not acknowledged: it is delivered again
    const bool complete = sink.in.dequeue().size() == 7;
    boost_ipq::remove_queue(name);
    return complete && log.str() == "created opened redelivered " ? 0 : 1;
}
