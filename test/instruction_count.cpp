// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For instructions.sh: pairs of calls that valgrind's tools count.

#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// callgrind's command line names these functions; they are counted with all
// that they call.
extern "C" {

__attribute__((noinline)) bool counted_copy(
    boost_ipq::publisher& out, boost_ipq::subscriber& in, std::string& message,
    unsigned count)
{
    bool good = true;
    for (unsigned i = 0; i < count; ++i)
    {
        std::size_t received;
        good &= out.try_enqueue(message.data(), message.size()) &&
                in.try_dequeue(message.data(), message.size(), received);
    }
    return good;
}

__attribute__((noinline)) bool counted_in_place(
    boost_ipq::publisher& out, boost_ipq::subscriber& in, std::string& message,
    unsigned count)
{
    bool good = true;
    for (unsigned i = 0; i < count; ++i)
    {
        auto room = out.try_reserve(message.size());
        static_cast<char*>(room.data())[0] = 'x';
        room.commit();
        auto got = in.try_receive();
        good &= static_cast<const char*>(got.data())[0] == 'x';
        got.acknowledge();
    }
    return good;
}

// 50 messages at a time.
__attribute__((noinline)) bool counted_batch(
    boost_ipq::publisher& out, boost_ipq::subscriber& in, std::string& message,
    unsigned count)
{
    const std::vector<std::string_view> messages(50, message);
    bool good = true;
    for (unsigned i = 0; i < count; i += 50)
    {
        good &= out.try_enqueue_all(messages.begin(), messages.end()) == 50;
        good &= in.consume_all([&](const void* data, std::size_t) {
            good &= *static_cast<const char*>(data) == 'x';
        }) == 50;
    }
    return good;
}

} // extern "C"

// Written before and after the traced part.
static volatile char mark;

// Effects: prints the addresses of the queue's segment and of the mark, in
// hexadecimal.
static void print_places(const std::string& queue)
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (line.find(queue + ".segment") != std::string::npos)
        {
            line[line.find('-')] = ' ';
            std::printf(
                "segment %s %lx\n",
                line.substr(0, line.find(' ', line.find(' ') + 1)).c_str(),
                reinterpret_cast<unsigned long>(&mark));
        }
    std::fflush(stdout);
}

int main(int argc, char** argv)
{
    if (argc != 4)
        return EXIT_FAILURE;
    const std::string form = argv[1];
    std::string message(std::strtoul(argv[2], nullptr, 10), 'x');
    const auto count = static_cast<unsigned>(std::atoi(argv[3]));
    const auto counted = form == "copy"       ? counted_copy
                         : form == "in_place" ? counted_in_place
                                              : counted_batch;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(65536));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    // Warms up, so that one-time initialization is not counted.
    out.enqueue(message);
    in.dequeue(message);
    print_places(queue.name());
    mark = 1;
    const bool good = counted(out, in, message, count);
    mark = 2;
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
