// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// <boost_ipq/subscriber.hpp> is sufficient for a program that receives.

#include <boost_ipq/subscriber.hpp>

bool all_names()
{
    const boost_ipq::queue_options options("queue", 1000);
    const boost_ipq::queue_factory factory(options);
    auto handle = factory.make_subscriber(boost_ipq::open_or_create);
    boost_ipq::subscriber other(boost_ipq::open_only, "queue");
    boost_ipq::repair("queue");
    return boost_ipq::inspect("queue").capacity == 1000 &&
           !boost_ipq::list_queues().empty() &&
           boost_ipq::remove_queue("queue");
}
