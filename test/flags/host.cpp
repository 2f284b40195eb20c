// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Shares a queue with a plugin in the same process, whose copy of the library
// is not this one, unloads it and forks.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
#include <cstring>
#include <string>

using receive_function = int(const char*);

int load_and_receive(const char* plugin_path, const std::string& name)
{
    void* const plugin = ::dlopen(plugin_path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr)
        return std::puts(::dlerror()), -2;
    void* const found = ::dlsym(plugin, "receive");
    receive_function* receive = nullptr;
    std::memcpy(&receive, &found, sizeof found);
    const int received = receive(name.c_str());
    ::dlclose(plugin);
    return received;
}

int main(int, char** arguments)
{
    const std::string name = "flags-" + std::to_string(::getpid());
    boost_ipq::publisher out(
        boost_ipq::create_only, boost_ipq::queue_options(name, 4096));
    bool well = true;
    for (int round = 1; round <= 2; ++round)
    {
        out.enqueue("work", 4); // a second one, of the child before
        const int received = load_and_receive(arguments[1], name);
        // The plugin is gone, and so must be what it does before a fork.
        int status = 1;
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(out.try_enqueue("work", 4) ? 0 : 1);
        ::waitpid(child, &status, 0);
        if (received != round || status != 0)
            std::printf("round %d: %d, %d\n", round, received, status);
        well = well && received == round && status == 0;
    }
    return boost_ipq::remove_queue(name) && well ? 0 : 1;
}
