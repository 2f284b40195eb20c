// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_INSPECT_IPP
#define BOOST_IPQ_IMPL_INSPECT_IPP

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/queue_name.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/inspection/snapshot.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/lock_file_name.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/cursor_seat.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

// Of a broadcast, a subscriber may hold an older one than any publisher.
inline std::optional<held_message>
oldest_held(const snapshot& queue, const snapshot::counts& counts)
{
    std::optional<held_message> result;
    if (counts.held.word() != 0)
    {
        const auto owner = queue.process_of(counts.held.owner());
        result = held_message{
            owner.pid, owner.alive,
            counts.held.state() == record_state::reserved,
            queue.message_size(counts.held), counts.newer};
    }
    queue.for_each_cursor([&](const snapshot::cursor_state& each) {
        if (each.in_place && each.messages != 0 &&
            (!result || each.messages > result->newer))
            result = held_message{
                each.pid, each.alive, false, each.size, each.messages - 1};
    });
    return result;
}

inline queue_status status_of(const snapshot& queue)
{
    const queue_mark& mark = queue.mark();
    const snapshot::counts counts = queue.count();
    queue_status result;
    result.name = mark.name;
    result.layout_version = mark.layout;
    result.lifetime = static_cast<boost_ipq::lifetime>(mark.lifetime);
    result.message_alignment = mark.alignment;
    result.type_size = mark.type_size;
    result.type_alignment = mark.type_alignment;
    result.type_name = mark.type_name;
    result.capacity = mark.capacity;
    result.bytes = counts.bytes;
    result.messages = counts.messages;
    result.reservations = counts.reservations;
    result.deliveries = counts.deliveries;
    result.sent = counts.sent;
    result.received = counts.received;
    result.waiting_subscribers = counts.waiting_subscribers;
    result.waiting_publishers = counts.waiting_publishers;
    result.kind = mark.kind == kind_broadcast ? boost_ipq::queue_kind::broadcast
                                              : boost_ipq::queue_kind::queue;
    result.overflow = static_cast<boost_ipq::overflow>(mark.overflow);
    result.max_deliveries = mark.max_deliveries;
    result.dead_letter = mark.dead_letter;
    result.oldest_held = oldest_held(queue, counts);
    queue.for_each_cursor([&](const snapshot::cursor_state& each) {
        result.deliveries += each.in_place;
        result.readers.push_back(
            {each.pid, each.alive, each.in_place, each.messages, each.bytes,
             each.missed});
    });
    queue.for_each_participant(
        [&](std::uint32_t pid, std::uint32_t roles, bool alive) {
            result.participants.push_back(
                {pid, publishers_in(roles), subscribers_in(roles), alive});
        });
    return result;
}

// The name of the queue whose lock file is `file` in the directory `where`.
// `directory` is that of object_names. Empty: there is none.
inline std::string queue_in(
    const std::string& file, const std::string& where,
    const std::string& directory, queue_kind kind)
{
    const std::string path = where + "/" + file;
    queue_mark mark;
    try
    {
        lock_file locked;
        if (!locked.open_unlocked(path) || !is_there(locked, mark))
            return {};
    }
    catch (const queue_corrupt&)
    {
        return kind == queue_kind::any ? name_in(file) : std::string();
    }
    if (kind != queue_kind::any &&
        (kind == queue_kind::broadcast) != (mark.kind == kind_broadcast))
        return {};
    // A mark with a checksum may still have been written by a stranger.
    const bool valid = is_queue_name(mark.name) &&
                       path == object_names(mark.name, directory).lock_path;
    return valid ? mark.name : name_in(file);
}

// Is that a failure of this process, not of one file?
inline bool is_own_failure(const boost::system::error_code& ec) noexcept
{
    namespace generic = boost::system::errc;
    return ec == generic::too_many_files_open ||
           ec == generic::too_many_files_open_in_system ||
           ec == generic::not_enough_memory;
}

// Returns the name of the queue to which an entry of a directory belongs as its
// lock file; else an empty name. Entries with such a name may be anything, or
// not be open to this user.
inline std::string queue_of(
    const std::string& file, const std::string& where,
    const std::string& directory, queue_kind kind)
{
    try
    {
        if (is_lock_file_name(file) &&
            platform::is_regular_file(where + "/" + file))
            return queue_in(file, where, directory, kind);
    }
    catch (const error& e)
    {
        if (is_own_failure(e.code()))
            throw;
    }
    return {};
}

// Returns the result of a function, or a default one if it fails.
template <class Result, class Function>
Result result_or_error(boost::system::error_code& ec, Function function)
{
    Result result{};
    reported(ec, [&] {
        result = function();
        return true;
    });
    return result;
}

inline std::vector<std::string>
list_queues_of(queue_kind kind, const std::string& directory)
{
    const platform::no_thread_cancellation guard;
    const std::string where =
        directory.empty() ? platform::object_directory() : directory;
    boost::system::error_code ec;
    std::vector<std::string> result;
    for (const std::string& file : platform::names_in(where, ec))
        if (std::string name = queue_of(file, where, directory, kind);
            !name.empty())
            result.push_back(std::move(name));
    lock_file::fail_if(ec, "listing the queues in " + where);
    return result;
}

} // namespace detail

BOOST_IPQ_DECL queue_status inspect(const queue_options& options)
{
    const detail::platform::no_thread_cancellation guard;
    return detail::translated(options.name(), [&] {
        return detail::status_of(detail::snapshot(options));
    });
}

BOOST_IPQ_DECL queue_status
inspect(const detail::options_argument& options, boost::system::error_code& ec)
{
    return detail::result_or_error<queue_status>(
        ec, [&] { return inspect(options.get()); });
}

BOOST_IPQ_DECL std::vector<std::string>
list_queues(const std::string& directory)
{
    return detail::list_queues_of(detail::queue_kind::any, directory);
}

BOOST_IPQ_DECL std::vector<std::string>
list_queues(queue_kind kind, const std::string& directory)
{
    return detail::list_queues_of(
        kind == queue_kind::broadcast ? detail::queue_kind::broadcast
                                      : detail::queue_kind::queue,
        directory);
}

BOOST_IPQ_DECL std::vector<std::string>
list_queues(const std::string& directory, boost::system::error_code& ec)
{
    return detail::result_or_error<std::vector<std::string>>(
        ec, [&] { return list_queues(directory); });
}

BOOST_IPQ_DECL std::vector<std::string>
list_queues(boost::system::error_code& ec)
{
    return list_queues(std::string(), ec);
}

BOOST_IPQ_DECL repair_report repair(const queue_options& options)
{
    const detail::platform::no_thread_cancellation guard;
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const auto give_up = [&] {
        return clock::now() - begin >= options.busy_after();
    };
    detail::cursor_recovery::set(detail::recover_cursors());
    const auto queue = detail::attach_shared(
        detail::open_mode::open, options, {give_up, errc::busy});
    repair_report result{};
    result.processes = queue->release_dead_slots(result.records, give_up);
    queue->messages().wake_all();
    queue->room().wake_all();
    return result;
}

BOOST_IPQ_DECL repair_report
repair(const detail::options_argument& options, boost::system::error_code& ec)
{
    return detail::result_or_error<repair_report>(
        ec, [&] { return repair(options.get()); });
}

} // namespace boost_ipq

#endif
