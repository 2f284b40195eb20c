// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_QUEUE_FIXTURE_HPP
#define BOOST_IPQ_TEST_QUEUE_FIXTURE_HPP

#include "queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <string>

namespace test {

// A queue with an open publisher and subscriber.
template <std::size_t Capacity>
struct queue_fixture
{
    // Returns: "-" if there is no message.
    std::string take()
    {
        std::string message;
        return in.try_dequeue(message) ? message : "-";
    }

    const scoped_queue queue;
    boost_ipq::publisher out{boost_ipq::create_only, queue.options(Capacity)};
    boost_ipq::subscriber in{boost_ipq::open_only, queue};
    boost::system::error_code ec;
};

} // namespace test

#endif
