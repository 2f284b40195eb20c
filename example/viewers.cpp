// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A camera sends frames to any number of viewers. Each wants only the newest
// one. The camera never waits, however slow a viewer is.

#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <unistd.h>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

using frame = std::vector<unsigned char>;

// Shows frames of one colour until the last one. Returns false if it saw an
// older frame after a newer one, or a frame of two colours.
static bool view(const std::string& camera, std::chrono::milliseconds pause)
{
    boost_ipq::broadcast_subscriber in(boost_ipq::open_only, camera);
    frame shown(1, 0);
    for (frame next; shown[0] != 255;)
    {
        if (!in.try_dequeue_latest(next))
            continue;
        if (next[0] < shown[0] || next.back() != next.front())
            return false;
        shown = next;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

int main()
{
    const std::string name = "example-viewers-" + std::to_string(::getpid());
    boost_ipq::broadcast_publisher camera(
        boost_ipq::create_only,
        boost_ipq::queue_options(name, 1 << 20)
            .overflow(boost_ipq::overflow::drop_oldest));
    bool good[3] = {};
    std::vector<std::thread> viewers;
    for (int i = 0; i < 3; ++i)
        viewers.emplace_back(
            [&, i] { good[i] = view(name, std::chrono::milliseconds(i * 5)); });
    while (boost_ipq::inspect(name).readers.size() != 3)
        std::this_thread::yield();
    for (int colour = 1; colour < 256; ++colour)
        if (!camera.try_enqueue(
                frame(100'000, static_cast<unsigned char>(colour))))
            return 1; // a camera does not wait
    for (auto& each : viewers)
        each.join();
    boost_ipq::remove_queue(name);
    return good[0] && good[1] && good[2] ? 0 : 1;
}
