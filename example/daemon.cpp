// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A daemon that ends cleanly on SIGTERM: it processes everything that was sent
// before the signal. No flag, no race. See doc/ending_a_daemon.md.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <string>

//[ handler
static boost_ipq::subscriber orders;

extern "C" void on_terminate(int)
{
    orders.stop(); // async-signal-safe
}
//]

// SIGTERM is blocked when this is called.
static int run_daemon(const boost_ipq::queue_options& options)
{
    orders = boost_ipq::subscriber(boost_ipq::open_only, options);
    ::signal(SIGTERM, on_terminate);
    ::sigset_t set;
    ::sigemptyset(&set);
    ::sigprocmask(SIG_SETMASK, &set, nullptr); // there is something to stop now

    int processed = 0;
    std::string order;
    while (orders.dequeue(order)) // false: stopped, and nothing is left
        ++processed;
    return processed;
}

int main() // plays the service manager: starts it, sends orders, ends it
{
    const std::string name = "example-daemon-" + std::to_string(::getpid());
    const boost_ipq::queue_options options(name, 65536);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    ::sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    const ::pid_t daemon = ::fork();
    if (daemon == 0)
        return run_daemon(options) == 100 ? 0 : 1;
    for (int i = 0; i < 100; ++i)
        out.enqueue("order " + std::to_string(i));
    ::kill(daemon, SIGTERM);
    int status = 1;
    ::waitpid(daemon, &status, 0);
    boost_ipq::remove_queue(name);
    return status == 0 ? 0 : 1;
}
