// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_INSPECT_HPP
#define BOOST_IPQ_INSPECT_HPP

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/inspection/snapshot.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace boost_ipq {

//! A process that has a queue open, or died with it.
struct queue_participant
{
    std::uint32_t pid;         //!< in its own PID namespace
    std::uint32_t publishers;  //!< its open handles
    std::uint32_t subscribers; //!< its open handles
    bool alive;                //!< as the kernel says
};

//! What inspect() found.
struct queue_status
{
    std::string name;
    std::uint32_t layout_version;
    boost_ipq::lifetime lifetime;
    std::size_t message_alignment; //!< bytes
    std::size_t type_size;         //!< bytes; 0: messages of any type
    std::size_t type_alignment;    //!< bytes
    std::size_t capacity;          //!< bytes
    std::size_t bytes;             //!< of the capacity that are in use
    std::size_t messages;          //!< sent and not yet taken
    std::size_t reservations;      //!< being filled in place
    std::size_t deliveries;        //!< being read in place, or to be delivered
                                   //!< again
    std::uint64_t sent;            //!< messages since the queue was created
    std::uint64_t received;        //!< messages since the queue was created
    std::uint32_t waiting_subscribers; //!< asleep; the dead count until a
    std::uint32_t waiting_publishers;  //!< sleeper has found them dead
    std::vector<queue_participant> participants;
};

//! Looks into a queue. It takes no lock, stops nobody and changes nothing.
//!
//! Returns: a picture that is exact when nobody uses the queue meanwhile.
//! Throws: `error` with errc::not_found, queue_mismatch if the queue was made
//! by a version of the library with another layout, queue_corrupt.
//! Complexity: linear in the records in the queue, and in the processes.
//! Thread safety: safe. Crash safety: safe at any moment.
inline queue_status inspect(const queue_options& options)
{
    return detail::translated(options.name(), [&] {
        const detail::survey found(options);
        const detail::queue_mark& mark = found.mark();
        const auto counts = found.count();
        queue_status result;
        result.name = mark.name;
        result.layout_version = mark.layout;
        result.lifetime = static_cast<boost_ipq::lifetime>(mark.lifetime);
        result.message_alignment = mark.alignment;
        result.type_size = mark.type_size;
        result.type_alignment = mark.type_alignment;
        result.capacity = mark.capacity;
        result.bytes = counts.bytes;
        result.messages = counts.messages;
        result.reservations = counts.reservations;
        result.deliveries = counts.deliveries;
        result.sent = counts.sent;
        result.received = counts.received;
        result.waiting_subscribers = counts.waiting_subscribers;
        result.waiting_publishers = counts.waiting_publishers;
        found.for_each_participant(
            [&](std::uint32_t pid, std::uint32_t roles, bool alive) {
                result.participants.push_back(
                    {pid, roles >> 16, roles & 0xffff, alive});
            });
        return result;
    });
}

//! Effects: the same; on failure sets `ec` and returns an empty status.
inline queue_status
inspect(const detail::options_argument& options, boost::system::error_code& ec)
{
    queue_status result{};
    detail::reported(ec, [&] {
        result = inspect(options.get());
        return true;
    });
    return result;
}

namespace detail {

// The name of the queue whose lock file that is, or none. Anybody may put there
// what is no queue, or cannot be opened, under such a name.
inline std::string queue_of(const std::filesystem::directory_entry& entry)
{
    const std::filesystem::path& path = entry.path();
    std::error_code ignored;
    if (path.extension() != ".lock" ||
        path.filename().string().rfind("boost_ipq.", 0) != 0 ||
        !std::filesystem::is_regular_file(entry.symlink_status(ignored)))
        return {};
    try
    {
        lock_file file;
        if (file.open_unlocked(path.string()))
        {
            const queue_mark mark = file.read_mark();
            return is_there(file, mark) ? mark.name : "";
        }
    }
    catch (const error& e)
    {
        if (e.code() != make_error_code(errc::permission_denied))
            throw;
    }
    return {};
}

} // namespace detail

//! Returns: the names of the queues in shared memory, or in a directory, that
//! this user may open.
//! Throws: `error` if the directory cannot be read.
//! Complexity: linear in the shared memory objects of the machine.
//! Thread safety: safe.
inline std::vector<std::string> list_queues(const std::string& directory = {})
{
    const std::string where =
        directory.empty() ? detail::platform::object_directory() : directory;
    std::vector<std::string> result;
    std::error_code failed;
    std::filesystem::directory_iterator i(where, failed);
    for (; !failed && i != std::filesystem::directory_iterator();
         i.increment(failed))
        if (std::string name = detail::queue_of(*i); !name.empty())
            result.push_back(std::move(name));
    detail::lock_file::fail_if(
        {failed.value(), boost::system::system_category()},
        "listing the queues in " + where);
    return result;
}

//! Effects: the same; on failure sets `ec` and returns none.
inline std::vector<std::string>
list_queues(const std::string& directory, boost::system::error_code& ec)
{
    std::vector<std::string> result;
    detail::reported(ec, [&] {
        result = list_queues(directory);
        return true;
    });
    return result;
}

inline std::vector<std::string> list_queues(boost::system::error_code& ec)
{
    return list_queues(std::string(), ec);
}

//! What repair() did.
struct repair_report
{
    std::size_t records;   //!< of dead processes: reservations, deliveries
    std::size_t processes; //!< dead ones that were struck off
};

//! Effects: recovers everything that dead processes left in a queue: locks,
//! reservations (never delivered), deliveries (delivered again), places in
//! the table of participants. The queue does so by itself, where it comes upon
//! them. Living processes, stopped ones included, are left alone.
//! Throws: as opening a queue does.
//! Complexity: linear in the records in the queue; senders and receivers wait
//! meanwhile.
//! Thread safety: safe. Crash safety: safe at any moment.
inline repair_report repair(const queue_options& options)
{
    const auto queue = detail::attach(detail::open_mode::open, options);
    repair_report result{};
    result.processes = queue->strike_off_dead(result.records);
    queue->messages().wake_all();
    queue->room().wake_all();
    return result;
}

//! Effects: the same; on failure sets `ec` and returns zeros.
inline repair_report
repair(const detail::options_argument& options, boost::system::error_code& ec)
{
    repair_report result{};
    detail::reported(ec, [&] {
        result = repair(options.get());
        return true;
    });
    return result;
}

} // namespace boost_ipq

#endif
