// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_OBJECT_NAMES_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_OBJECT_NAMES_HPP

#include <boost_ipq/detail/membership/fnv.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {

// The names of a queue's objects: a common prefix, and a suffix each. The
// suffix is the text after the last dot, so no two queues share an object: "a"
// has "boost_ipq.a.room", a queue "a.room" has "boost_ipq.a.room.room".
struct object_names
{
    static constexpr char prefix[] = "boost_ipq.";
    static constexpr char lock_suffix[] = ".lock";
    static constexpr char segment_suffix[] = ".segment";

    // `directory` is that of a queue in a file; empty: in shared memory.
    object_names(const std::string& queue, const std::string& directory)
        : in_file(!directory.empty())
    {
        const std::string base = prefix + (in_file ? queue : shortened(queue));
        const std::string path =
            (in_file ? directory : platform::object_directory()) + "/" + base;
        segment = (in_file ? path : base) + segment_suffix;
        segment_path = path + segment_suffix;
        lock_path = path + lock_suffix;
        if (has_semaphores())
            name_semaphores(base);
    }

    // A queue in a file has no object outside of its directory where processes
    // can sleep on a word of its segment.
    bool has_semaphores() const noexcept
    {
        return !in_file || !platform::has_shared_futex;
    }

    // Their names.
    std::vector<std::string> semaphores() const
    {
        return has_semaphores() ? std::vector<std::string>{messages, room}
                                : std::vector<std::string>();
    }

    // Semaphores have no directory: the identity of the lock file distinguishes
    // those of queues in files.
    void identify(const platform::file_identity& file)
    {
        if ((in_file || platform::semaphores_by_identity) && has_semaphores())
            name_semaphores(
                std::string(prefix) + "@" +
                digits(fnv_prime * file.device ^ file.number, max_digits));
    }

    // The path of the segment that belongs to a lock file.
    static std::string segment_beside(const std::string& lock_path)
    {
        return lock_path.substr(0, lock_path.size() + 1 - sizeof lock_suffix) +
               segment_suffix;
    }

    bool in_file;
    std::string segment{};   // the managed segment: an object, or a file's path
    std::string messages{};  // semaphore of subscribers that wait for messages
    std::string room{};      // semaphore of publishers that wait for room
    std::string lock_path{}; // the lock file, with the ready mark
    std::string segment_path{}; // the file that the segment is, on most systems

private:
    static constexpr char messages_suffix[] = ".messages"; // the longest
    static constexpr std::size_t around =
        sizeof prefix - 1 + sizeof messages_suffix - 1;
    static constexpr std::size_t most_digits =
        platform::max_object_name - around - 1;
    static constexpr std::size_t max_digits =
        most_digits < 12 ? most_digits : 12;

    void name_semaphores(const std::string& base)
    {
        messages = base + messages_suffix;
        room = base + ".room";
    }

    // The lowest bits of a hash, in digits of 5 bits each.
    static std::string digits(std::uint64_t hash, std::size_t count)
    {
        std::string result;
        for (std::size_t i = 0; i < count; ++i, hash >>= 5)
            result += "abcdefghijklmnopqrstuvwxyz234567"[hash & 31];
        return result;
    }

    // A hash replaces a name that is too long for the system. Where the system
    // does not distinguish "a" from "A", a hash is appended to a name with
    // capital letters. Both begin with '+', which no queue name contains. The
    // full name is in the lock file.
    static std::string shortened(const std::string& queue)
    {
        using platform::max_object_name;
        const bool plain = platform::case_sensitive_names ||
                           queue.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                               std::string::npos;
        if (plain && queue.size() + around <= max_object_name)
            return queue;
        std::uint64_t hash = fnv_hash(queue.data(), queue.size());
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
