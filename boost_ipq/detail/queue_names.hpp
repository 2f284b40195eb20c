// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_QUEUE_NAMES_HPP
#define BOOST_IPQ_DETAIL_QUEUE_NAMES_HPP

#include <boost_ipq/detail/platform/system.hpp>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

// The names of a queue's objects: one prefix, and a suffix each. The suffix is
// the text behind the last dot, so no two queues share an object: "a" has
// "boost_ipq.a.room", a queue "a.room" has "boost_ipq.a.room.room".
struct queue_names
{
    explicit queue_names(const std::string& queue)
    {
        const std::string base = "boost_ipq." + shortened(queue);
        segment = base + ".segment";
        messages = base + ".messages";
        room = base + ".room";
        lock_path = platform::object_directory() + "/" + base + ".lock";
    }

    std::string segment;   // the managed shared memory
    std::string messages;  // semaphore of subscribers that wait for messages
    std::string room;      // semaphore of publishers that wait for room
    std::string lock_path; // the lock file, with the ready mark

private:
    // Where the system's names are too short, a hash stands in; the full name
    // is in the lock file.
    static std::string shortened(const std::string& queue)
    {
        constexpr std::size_t around = 10 + 9; // prefix and longest suffix
        if (queue.size() + around <= platform::max_object_name)
            return queue;
        std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
        for (const char c : queue)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        std::string digits; // 11 of 6 bits each
        for (int i = 0; i < 11; ++i, hash >>= 6)
            digits += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      "0123456789_-"[hash & 63];
        return digits;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
