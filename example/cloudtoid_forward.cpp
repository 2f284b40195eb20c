// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Old programs send to a queue of cloudtoid/interprocess, new ones receive from
// ours, and the reverse, while a forwarder runs in between.

#include "cloudtoid_forward.hpp"
#include <boost_ipq/remove_queue.hpp>
#include <unistd.h>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>

namespace {

struct stop_flag
{
    const std::atomic<bool>& flag;
    bool stop_requested() const noexcept { return flag; }
};

// Sends numbers through one queue, receives them from the other.
template <class From, class To>
bool exchange(From& out, To& in)
{
    bool good = true;
    std::thread sender([&] {
        for (int i = 0; i < 10000; ++i)
            out.enqueue(std::to_string(i));
    });
    std::string message;
    for (int i = 0; i < 10000; ++i)
        good = in.dequeue(message) && message == std::to_string(i) && good;
    sender.join();
    return good;
}

} // namespace

int main()
{
    const std::string name = "example-forward-" + std::to_string(::getpid());
    const boost_ipq::cloudtoid::queue_options theirs(name, 4096);
    boost_ipq::publisher ours_out(boost_ipq::create_only, {name, 4096});
    boost_ipq::subscriber ours_in(boost_ipq::open_only, name);
    boost_ipq::cloudtoid::publisher theirs_out(theirs);
    boost_ipq::cloudtoid::subscriber theirs_in(theirs);
    const auto forwarded = [](auto& from, auto& to, auto& out, auto& in) {
        std::atomic<bool> stop{false};
        std::thread forwarder(
            [&] { example::forward(from, to, stop_flag{stop}); });
        const bool good = exchange(out, in);
        stop = true;
        forwarder.join();
        return good;
    };
    const bool there = forwarded(theirs_in, ours_out, theirs_out, ours_in);
    const bool back = forwarded(ours_in, theirs_out, ours_out, theirs_in);
    boost_ipq::remove_queue(name);
    std::cout << "there " << there << ", back " << back << '\n';
    return there && back ? 0 : 1;
}
