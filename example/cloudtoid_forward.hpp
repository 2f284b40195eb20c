// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_CLOUDTOID_FORWARD_HPP
#define BOOST_IPQ_EXAMPLE_CLOUDTOID_FORWARD_HPP

// Forwards messages between a queue of cloudtoid/interprocess and one of ours,
// so that a service can move from one to the other without stopping. A message
// is taken from its queue only after the other queue has it. If the program
// dies in between, it is delivered twice, and never lost.

#include <boost_ipq/cloudtoid.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <cstddef>
#include <thread>

namespace example {

// Effects: forwards messages until `stop.stop_requested()`.
// Returns: the number of messages.
template <class Stop>
std::size_t forward(
    boost_ipq::subscriber& from, boost_ipq::cloudtoid::publisher& to,
    const Stop& stop)
{
    std::size_t count = 0;
    while (boost_ipq::delivery message = from.receive(stop))
    {
        if (!to.enqueue(message.data(), message.size(), stop))
            break; // not acknowledged: stays in its queue
        message.acknowledge();
        ++count;
    }
    return count;
}

template <class Stop>
std::size_t forward(
    boost_ipq::cloudtoid::subscriber& from, boost_ipq::publisher& to,
    const Stop& stop)
{
    struct full
    {
        std::size_t size;
    };
    std::size_t count = 0;
    while (!stop.stop_requested())
        try
        {
            // While this function runs, no other subscriber receives: it must
            // not wait.
            const std::size_t some =
                from.consume_one([&](const void* data, std::size_t size) {
                    if (!to.try_enqueue(data, size))
                        throw full{size}; // stays in its queue
                });
            count += some;
            if (some == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        catch (const full& message)
        {
            to.reserve(message.size, stop); // waits for room
        }
    return count;
}

} // namespace example

#endif
