// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A camera sends frames, and only the newest one counts: the camera never
// waits, and the viewer is never behind.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <cstddef>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int run_camera(const std::string& name, std::size_t size, int frames)
{
    //[ camera
    boost_ipq::publisher out(boost_ipq::open_only, name);
    std::size_t dropped = 0, sum = 0;
    for (int number = 1; number <= frames; ++number, sum += dropped)
    {
        const std::vector<int> frame(size, number);
        while (!out.try_enqueue_overwriting(frame, dropped))
            std::this_thread::yield(); // the oldest one is being read
    }
    //]
    std::cout << "camera: " << sum << " dropped\n";
    return 0;
}

int main()
{
    constexpr int pixels = 320 * 240, frames = 200;
    const std::string name = "example-frames-" + std::to_string(::getpid());
    //[ room
    // Room for four frames: while one is read, another can be written.
    boost_ipq::subscriber in(
        boost_ipq::create_only, {name, 4 * pixels * sizeof(int) + 64});
    //]
    const pid_t camera = ::fork();
    if (camera == 0)
        return run_camera(name, pixels, frames);
    std::vector<std::byte> frame;
    int last = 0, status = 1;
    bool good = true;
    //[ viewer
    while (good && last != frames)
        if (in.try_dequeue_latest(frame))
        {
            int first = 0;
            std::memcpy(&first, frame.data(), sizeof first);
            good = frame.size() == pixels * sizeof(int) && first > last;
            last = first;
        }
    //]
    ::waitpid(camera, &status, 0);
    boost_ipq::remove_queue(name);
    return good && status == 0 ? 0 : 1;
}
