// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_QUEUE_NAME_HPP
#define BOOST_IPQ_TEST_QUEUE_NAME_HPP

#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace test {

// Returns: a name that is unique to this process and call.
inline std::string unique_name()
{
    static const unsigned salt = std::random_device()();
    static std::atomic<unsigned> count{0};
    return "test-" + std::to_string(boost_ipq::detail::platform::process_id()) +
           '-' + std::to_string(salt) + '-' + std::to_string(++count);
}

// The name of a queue. No object of that queue exists before or after.
class scoped_queue
{
public:
    explicit scoped_queue(const std::string& name = unique_name())
        : m_name(name)
    {
        boost_ipq::remove_queue(m_name);
    }

    scoped_queue(const scoped_queue&) = delete;
    scoped_queue& operator=(const scoped_queue&) = delete;

    ~scoped_queue()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(m_name, ignored);
    }

    const std::string& name() const noexcept { return m_name; }
    operator boost_ipq::queue_options() const { return m_name; }

    // Returns: options that describe the queue completely.
    boost_ipq::queue_options options(std::size_t capacity) const
    {
        return boost_ipq::queue_options(m_name, capacity);
    }

private:
    std::string m_name;
};

// The files that are the objects of a queue. Where semaphores are no files,
// they have no path.
struct queue_objects
{
    explicit queue_objects(const std::string& queue)
        : queue_objects(boost_ipq::detail::object_names(queue, ""))
    {
    }

    explicit queue_objects(const boost_ipq::detail::object_names& names)
        : segment(names.segment_path),
          messages(boost_ipq::detail::platform::semaphore_path(names.messages)),
          room(boost_ipq::detail::platform::semaphore_path(names.room)),
          lock(names.lock_path)
    {
    }

    std::vector<std::string> all() const
    {
        std::vector<std::string> result;
        for (const std::string& path : {segment, messages, room, lock})
            if (!path.empty())
                result.push_back(path);
        return result;
    }

    std::string segment, messages, room, lock;
};

// Returns: the objects of a queue, and of all queues whose names begin with
// this one.
inline std::vector<std::string> leftovers(const std::string& queue)
{
    // A hash may stand for a name, but not for what the name begins with.
    const std::string lock =
        std::filesystem::path(queue_objects(queue).lock).stem().string();
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(
             boost_ipq::detail::platform::object_directory()))
    {
        const std::string file = entry.path().filename().string();
#if defined(_WIN32)
        // Removed while a process has it open: it ends with its last handle.
        if (file.find(boost_ipq::detail::platform::set_aside) !=
            std::string::npos)
            continue;
#endif
        if (file.find("boost_ipq." + queue) != std::string::npos ||
            file.find(lock + ".") != std::string::npos)
            result.push_back(file);
    }
    std::sort(result.begin(), result.end());
    return result;
}

} // namespace test

#endif
