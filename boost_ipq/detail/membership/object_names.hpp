// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_OBJECT_NAMES_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_OBJECT_NAMES_HPP

#include <boost_ipq/detail/platform/system.hpp>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

// The names of a queue's objects: one prefix, and a suffix each. The suffix is
// the text behind the last dot, so no two queues share an object: "a" has
// "boost_ipq.a.room", a queue "a.room" has "boost_ipq.a.room.room".
struct object_names
{
    // `directory`: of a queue in a file; empty for one in shared memory.
    object_names(const std::string& queue, const std::string& directory)
        : in_file(!directory.empty())
    {
        const std::string base =
            "boost_ipq." + (in_file ? queue : shortened(queue));
        const std::string path =
            (in_file ? directory : platform::object_directory()) + "/" + base;
        segment = (in_file ? path : base) + ".segment";
        lock_path = path + ".lock";
        name_semaphores(base);
    }

    // Semaphores have no directory: those of a queue in a file are told apart
    // by the identity of its lock file.
    void identify(const platform::file_identity& file)
    {
        if (in_file)
            name_semaphores(
                "boost_ipq.@" +
                digits(fnv_prime * file.device ^ file.number, max_digits));
    }

    bool in_file;
    std::string segment;   // the managed segment: an object, or a file's path
    std::string messages;  // semaphore of subscribers that wait for messages
    std::string room;      // semaphore of publishers that wait for room
    std::string lock_path; // the lock file, with the ready mark

private:
    static constexpr std::uint64_t fnv_prime = 0x100000001b3;
    static constexpr std::size_t around = 10 + 9; // prefix and longest suffix
    static constexpr std::size_t most_digits =
        platform::max_object_name - around - 1;
    static constexpr std::size_t max_digits =
        most_digits < 12 ? most_digits : 12;

    void name_semaphores(const std::string& base)
    {
        messages = base + ".messages";
        room = base + ".room";
    }

    // Digits of 5 bits each.
    static std::string digits(std::uint64_t hash, std::size_t count)
    {
        std::string result;
        for (std::size_t i = 0; i < count; ++i, hash >>= 5)
            result += "abcdefghijklmnopqrstuvwxyz234567"[hash & 31];
        return result;
    }

    // Where the system's names are too short, or "a" and "A" the same, a hash
    // stands in or tells apart; the full name is in the lock file. No queue
    // name has a '+'.
    static std::string shortened(const std::string& queue)
    {
        using platform::max_object_name;
        const bool plain = platform::case_sensitive_names ||
                           queue.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                               std::string::npos;
        if (plain && queue.size() + around <= max_object_name)
            return queue;
        std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
        for (const char c : queue)
            hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
        hash ^= hash >> 32;
        const std::string suffix = "+" + digits(hash, max_digits);
        return queue.size() + suffix.size() + around <= max_object_name
                   ? queue + suffix
                   : suffix;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
