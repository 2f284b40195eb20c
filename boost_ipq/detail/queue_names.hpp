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
    // Where the system's names are too short, or "a" and "A" the same, a hash
    // stands in or tells apart; the full name is in the lock file. No queue
    // name has a '+'.
    static std::string shortened(const std::string& queue)
    {
        using platform::max_object_name;
        constexpr std::size_t around = 10 + 9; // prefix and longest suffix
        constexpr std::size_t most_digits = max_object_name - around - 1;
        constexpr std::size_t digits = most_digits < 12 ? most_digits : 12;
        const bool plain = platform::case_sensitive_names ||
                           queue.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                               std::string::npos;
        if (plain && queue.size() + around <= max_object_name)
            return queue;
        std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
        for (const char c : queue)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        hash ^= hash >> 32;
        std::string suffix = "+"; // and digits of 5 bits each
        for (std::size_t i = 0; i < digits; ++i, hash >>= 5)
            suffix += "abcdefghijklmnopqrstuvwxyz234567"[hash & 31];
        return queue.size() + suffix.size() + around <= max_object_name
                   ? queue + suffix
                   : suffix;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
