// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For instructions.sh: pairs of calls that callgrind counts.

#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <cstdlib>
#include <vector>

// Named on callgrind's command line.
extern "C" __attribute__((noinline)) bool measured_pairs(
    boost_ipq::publisher& out, boost_ipq::subscriber& in, char* message,
    std::size_t size, unsigned count)
{
    bool good = true;
    for (unsigned i = 0; i < count; ++i)
    {
        std::size_t received;
        good &= out.try_enqueue(message, size) &&
                in.try_dequeue(message, size, received);
    }
    return good;
}

int main(int argc, char** argv)
{
    if (argc != 3)
        return EXIT_FAILURE;
    const std::size_t size = std::strtoul(argv[1], nullptr, 10);
    const auto count = static_cast<unsigned>(std::atoi(argv[2]));
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(65536));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::vector<char> message(size, 'x');
    // What is done once only is done.
    out.enqueue(message);
    in.dequeue(message);
    return measured_pairs(out, in, message.data(), size, count) ? EXIT_SUCCESS
                                                                : EXIT_FAILURE;
}
