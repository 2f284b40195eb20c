// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two threads exchange messages in all ways, for Helgrind and DRD.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <unistd.h>
#include <string>
#include <thread>
#include <vector>

constexpr int rounds = 50;

void send(boost_ipq::publisher& out)
{
    const std::string text(200, 'x');
    const std::vector<std::string> batch(3, text);
    for (int i = 0; i < rounds; ++i)
    {
        out.enqueue(text);
        while (out.try_enqueue_all(batch.begin(), batch.end()) != batch.size())
            std::this_thread::yield();
        boost_ipq::reservation room = out.reserve(100);
        static_cast<char*>(room.data())[99] = 'y';
        room.commit();
    }
    out.enqueue("", 0);
}

int main()
{
    const std::string name = "flags-" + std::to_string(::getpid());
    const boost_ipq::queue_options options(name, 1 << 12);
    std::size_t bytes = 0;
    boost_ipq::publisher out(boost_ipq::create_only, options);
    std::thread sender([&] { send(out); });
    {
        boost_ipq::subscriber in(boost_ipq::open_only, options);
        std::string message;
        for (;;)
        {
            in.dequeue(message);
            if (message.empty())
                break;
            bytes += message.size();
            if (boost_ipq::delivery taken = in.try_receive())
            {
                bytes += taken.size();
                const bool last = taken.size() == 0;
                taken.acknowledge();
                if (last)
                    break;
            }
        }
    }
    sender.join();
    const bool removed = boost_ipq::remove_queue(name);
    return removed && bytes >= rounds * 700u ? 0 : 1;
}
