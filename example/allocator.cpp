// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A subscriber allocates the messages that it returns with its allocator: here,
// in a buffer of the program.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <unistd.h>
#include <array>
#include <cstddef>
#include <iostream>
#include <memory_resource>
#include <string>

int main()
{
    using allocator = std::pmr::polymorphic_allocator<std::byte>;
    const std::string name = "example-allocator-" + std::to_string(::getpid());
    // When the buffer is full, dequeue() throws std::bad_alloc, and the message
    // stays in the queue.
    std::array<std::byte, 4096> memory;
    std::pmr::monotonic_buffer_resource arena(
        memory.data(), memory.size(), std::pmr::null_memory_resource());

    boost_ipq::publisher out(boost_ipq::create_only, {name, 4096});
    boost_ipq::basic_subscriber<allocator> in(
        boost_ipq::open_only, name, allocator(&arena));
    out.enqueue("in the arena", 12);
    const auto message = in.dequeue(); // a std::vector with that allocator
    const bool inside = message.data() >= memory.data() &&
                        message.data() < memory.data() + memory.size();
    boost_ipq::remove_queue(name);
    std::cout << message.size() << " bytes "
              << (inside ? "in the arena\n" : "elsewhere\n");
    return inside && message.size() == 12 ? 0 : 1;
}
