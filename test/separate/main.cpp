// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For separate.sh: each kind of function that src.hpp defines.

#include "../support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <chrono>
#include <cstddef>
#include <string>

void send(boost_ipq::publisher& out, const std::string& message);

static bool exchanges(const test::scoped_queue& queue)
{
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(4096));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    send(out, "jobs");
    std::string message;
    const bool received = in.dequeue(message) && message == "jobs";
    auto room = out.reserve(4);
    room.commit();
    auto claimed = in.receive();
    claimed.acknowledge();
    return received && boost_ipq::inspect(queue).sent == 2 &&
           !in.timed_dequeue(message, std::chrono::milliseconds(1));
}

static bool reports(const test::scoped_queue& queue)
{
    boost::system::error_code ec;
    const boost_ipq::typed_subscriber<int> in(
        boost_ipq::open_only, queue.name(), ec);
    return ec == boost_ipq::errc::not_found &&
           !boost_ipq::remove_queue(queue.name());
}

int main()
{
    const test::scoped_queue first, second;
    return exchanges(first) && reports(second) ? 0 : 1;
}
