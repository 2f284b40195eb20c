// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_OPEN_QUEUE_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_OPEN_QUEUE_IPP

#include <boost_ipq/detail/attachment/attachment_registry.hpp>
#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/permissions.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

inline bool can_create(open_mode mode, const queue_options& options) noexcept
{
    return mode != open_mode::open && options.capacity() != 0;
}

inline void throw_missing(open_mode mode, const queue_options& options)
{
    if (mode != open_mode::open)
        throw std::invalid_argument(
            "boost_ipq: creating queue '" + options.name() +
            "' needs a capacity: give queue_options(name, capacity)");
    throw_error(errc::not_found, "queue '" + options.name() + "'");
}

inline void require_usable(open_mode mode, const queue_options& options)
{
    if (mode == open_mode::create && !can_create(mode, options))
        throw_missing(mode, options);
}

// Sets the counts of both semaphores to 0. They may exist already and belong to
// a different user. No process sleeps on them.
inline void
reset_semaphores(const object_names& names, const bip::permissions& permissions)
{
    for (const std::string& name : {names.messages, names.room})
    {
        boost::system::error_code ec;
        platform::reset_semaphore(name, permissions, ec);
        lock_file::fail_if(ec, "setting the permissions of " + name);
    }
}

// Creates all objects and finally sets the mark to ready.
inline std::unique_ptr<segment> create_objects(
    lock_file& file, const object_names& names, const queue_options& options,
    queue_mark& mark)
{
    auto memory = std::make_unique<segment>();
    file.write_mark(mark);
    // A segment may be left of a queue whose lock file was removed from
    // outside. It would use the space that probe_space() checks.
    memory_object::remove(names);
    file.probe_space(segment::size_for(mark.capacity, mark.alignment));
    memory->create(names, options.permissions(), mark);
    platform::remove_semaphore(names.messages);
    platform::remove_semaphore(names.room);
    reset_semaphores(names, options.permissions());
    file.write_mark(mark);
    file.write_ready(mark);
    return memory;
}

inline void
remove_half_created(lock_file& file, const object_names& names) noexcept
{
    try
    {
        remove_all(file, names);
    }
    catch (...)
    {
        // The mark is not ready: the next process that opens or removes the
        // queue removes the rest.
    }
}

// Opens the queue's lock file and takes the structure lock.
inline std::unique_ptr<lock_file> open_file(
    open_mode mode, const queue_options& options, object_names& names,
    const lock_limit& limit)
{
    auto file = std::make_unique<lock_file>();
    const bool create = can_create(mode, options);
    if (!file->open_locked(
            names.lock_path, create, options.permissions().get_permissions(),
            limit, create))
        throw_missing(mode, options);
    names.identify(file->identity());
    return file;
}

// Makes this process a participant and releases the structure lock.
inline std::shared_ptr<shared_attachment> join_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_mark& mark, std::unique_ptr<segment> memory, bool created,
    give_up_condition give_up)
{
    const auto identity = file->identity();
    lock_file& locked = *file;
    auto result = std::make_shared<shared_attachment>(
        std::move(file), names, mark, std::move(memory));
    if (created)
        result->note_created();
    attachment_registry::add(identity, result);
    locked.unlock_structure();
    result->recover_if_needed(give_up);
    return result;
}

inline std::shared_ptr<shared_attachment> create_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, give_up_condition give_up)
{
    queue_mark mark = make_mark(options);
    std::unique_ptr<segment> memory;
    try
    {
        memory = create_objects(*file, names, options, mark);
    }
    catch (...)
    {
        remove_half_created(*file, names);
        throw;
    }
    return join_queue(
        std::move(file), names, mark, std::move(memory), true, give_up);
}

inline std::shared_ptr<shared_attachment> open_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, const queue_mark& mark,
    give_up_condition give_up)
{
    check_match(options, mark);
    if (auto shared = attachment_registry::find(file->identity()))
    {
        // A forked child may not have joined yet, and the queue may exist only
        // while it has participants.
        shared->rejoin_locked();
        file.reset();
        shared->recover_if_needed(give_up);
        return shared;
    }
    if (!is_sound(mark))
        throw_error(errc::queue_corrupt, "queue '" + options.name() + "'");
    auto memory = std::make_unique<segment>();
    memory->open(names, mark);
    // A restart of the system removes the semaphores of a queue in a file, and
    // posts that were meant for dead processes must not count. Existing
    // semaphores stay: a forked child that joins later has them open.
    if (names.in_file && !file->any_slot_locked_elsewhere())
        reset_semaphores(names, file->permissions());
    return join_queue(
        std::move(file), names, mark, std::move(memory), false, give_up);
}

inline void require_kernel_features(const queue_options& options)
{
    const std::string missing = platform::missing_kernel_feature();
    if (!missing.empty())
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::function_not_supported),
            "queue '" + options.name() + "': " + missing);
}

inline std::shared_ptr<shared_attachment> attach_or_throw(
    open_mode mode, const queue_options& options, const lock_limit& limit)
{
    require_kernel_features(options);
    // Recovery waits for a stopped process no longer than a call that must not
    // wait: it can be done later.
    const auto give_up = [&](std::chrono::nanoseconds waited) {
        return waited >= options.busy_after() || limit.give_up(waited);
    };
    object_names names(options.name(), options.directory());
    for (auto file = open_file(mode, options, names, limit);;
         file = open_file(mode, options, names, limit))
    {
        queue_mark mark;
        const bool exists = is_there(*file, mark);
        if (exists && mode == open_mode::create)
            throw_error(errc::already_exists, "queue '" + options.name() + "'");
        if (exists)
            return open_queue(std::move(file), names, options, mark, give_up);
        if (file->is_new())
            return create_queue(std::move(file), names, options, give_up);
        // The queue is half created, half removed, or was left by its last
        // process. Its file is removed, too: processes that had the old queue
        // open, and may be alive, know it by this file and have slots in it.
        // Processes that wait for its lock start again when this process has
        // locked the next file, or is dead.
        remove_all(*file, names);
        if (!can_create(mode, options))
            throw_missing(mode, options);
    }
}

inline std::shared_ptr<shared_attachment> attach_shared(
    open_mode mode, const queue_options& options, const lock_limit& limit)
{
    const platform::no_thread_cancellation guard;
    require_usable(mode, options);
    return translated(
        options.name(), [&] { return attach_or_throw(mode, options, limit); });
}

inline std::shared_ptr<attachment>
attach(open_mode mode, const queue_options& options, const lock_limit& limit)
{
    return attach_shared(mode, options, limit);
}

} // namespace detail
} // namespace boost_ipq

#endif
