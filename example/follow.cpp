// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A log that any number of viewers follow, as with `tail -f`: each begins with
// the last lines. The program that logs never waits; a viewer that is too slow
// says how many lines it missed.

#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <unistd.h>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

// Follows the log until the program has stopped.
static void follow(const std::string& log, std::ostream& out)
{
    boost_ipq::broadcast_subscriber lines(
        boost_ipq::open_only, log, boost_ipq::history(3));
    std::uint64_t missed = 0;
    for (std::string line; lines.dequeue(line) && line != "stopped";)
    {
        if (lines.missed() != missed)
            out << "(" << lines.missed() - missed << " lines missed)\n";
        missed = lines.missed();
        out << line << '\n';
    }
}

int main()
{
    const std::string name = "example-follow-" + std::to_string(::getpid());
    boost_ipq::broadcast_publisher log(
        boost_ipq::create_only,
        boost_ipq::queue_options(name, 65536)
            .overflow(boost_ipq::overflow::drop_oldest));
    for (int i = 1; i <= 10; ++i)
        log.try_enqueue("line " + std::to_string(i)); // no viewer yet

    std::ostringstream seen[2];
    std::thread viewers[2];
    for (int i = 0; i < 2; ++i)
        viewers[i] = std::thread([&, i] { follow(name, seen[i]); });
    while (boost_ipq::inspect(name).readers.size() != 2)
        std::this_thread::yield();
    log.try_enqueue("line 11", 7);
    log.try_enqueue("stopped", 7);
    for (auto& each : viewers)
        each.join();
    boost_ipq::remove_queue(name);
    std::cout << seen[0].str();
    const std::string expected = "line 8\nline 9\nline 10\nline 11\n";
    return seen[0].str() == expected && seen[1].str() == expected ? 0 : 1;
}
