// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue in a file, whose messages survive the end of all processes and a
// restart of the system; and a queue between the threads of one process.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

using bytes = std::allocator<std::byte>;
using local_publisher =
    boost_ipq::basic_publisher<bytes, boost_ipq::heap_storage>;
using local_subscriber =
    boost_ipq::basic_subscriber<bytes, boost_ipq::heap_storage>;

int main()
{
    const std::string name = "example-storage-" + std::to_string(::getpid());
    const auto directory = std::filesystem::temp_directory_path() / name;
    std::filesystem::create_directory(directory);
    boost_ipq::queue_options options("orders", 4096);
    options.directory(directory.string());

    const pid_t child = ::fork();
    if (child == 0)
    {
        boost_ipq::publisher(boost_ipq::create_only, options)
            .enqueue("kept", 4);
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    std::string kept; // no process has the queue open now
    boost_ipq::subscriber(boost_ipq::open_only, options).dequeue(kept);
    boost_ipq::remove_queue(options);
    std::filesystem::remove_all(directory);

    options = boost_ipq::queue_options(name, 4096)
                  .lifetime(boost_ipq::lifetime::while_open);
    local_subscriber in(boost_ipq::create_only, options);
    std::thread other([&] {
        local_publisher(boost_ipq::open_only, name).enqueue("near", 4);
    });
    std::string near;
    in.dequeue(near);
    other.join();
    std::cout << kept << ' ' << near << '\n';
    return kept == "kept" && near == "near" ? 0 : 1;
}
