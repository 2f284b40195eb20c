// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Sends many messages in one publication, and receives them in one call.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

int main()
{
    const std::string name = "example-batch-" + std::to_string(::getpid());
    boost_ipq::subscriber in(boost_ipq::create_only, {name, 1 << 16});
    const pid_t child = ::fork();
    if (child == 0)
    {
        boost_ipq::publisher out(boost_ipq::open_only, name);
        std::vector<std::string> lines;
        for (int i = 1; i <= 100; ++i)
            lines.push_back("line " + std::to_string(i));
        // Returns the number of messages that fit: here, all.
        const auto sent = out.try_enqueue_all(lines.begin(), lines.end());
        ::_exit(sent == lines.size() ? 0 : 1);
    }
    std::string first = "none";
    in.dequeue(first); // waits
    std::size_t count = 1, bytes = first.size();
    count +=
        in.consume_all([&](const void*, std::size_t size) { bytes += size; });
    int status = 1;
    ::waitpid(child, &status, 0);
    boost_ipq::remove_queue(name);
    std::cout << count << " messages, " << bytes << " bytes\n";
    return status == 0 && count == 100 && bytes == 692 ? 0 : 1;
}
