// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For path.sh: one call, whose files callgrind lists. Compiled without
// optimisation, so that each function stays in its file.

#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>

// Named on callgrind's command line, with what they call.
extern "C" {

__attribute__((noinline)) bool walked_try_enqueue(boost_ipq::publisher& out)
{
    return out.try_enqueue("a message", 9);
}

__attribute__((noinline)) bool walked_dequeue(boost_ipq::subscriber& in)
{
    char buffer[64];
    std::size_t size;
    return in.dequeue(buffer, sizeof buffer, size) && size == 9;
}

} // extern "C"

int main(int argc, char* argv[])
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1 << 16));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    if (argc == 2 && argv[1] == std::string("try_enqueue"))
    {
        // The first message finds room for those behind it.
        return out.try_enqueue("first", 5) && walked_try_enqueue(out) ? 0 : 1;
    }
    if (argc == 2 && argv[1] == std::string("dequeue"))
    {
        // Sends when the subscriber sleeps, or is about to.
        const auto attached = boost_ipq::detail::attach(
            boost_ipq::detail::open_mode::open, queue.name());
        auto& sleepers = attached->ring().control->messages.count;
        std::thread sender([&] {
            while (sleepers.load() == 0)
                std::this_thread::yield();
            out.enqueue("a message", 9);
        });
        const bool received = walked_dequeue(in);
        sender.join();
        return received ? 0 : 1;
    }
    std::fputs("Usage: path_walk try_enqueue|dequeue\n", stderr);
    return 2;
}
