// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_OPEN_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_OPEN_QUEUE_HPP

// Creating, opening and removing queues.

#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace boost_ipq {
namespace detail {

enum class open_mode
{
    create,
    open,
    open_or_create
};

inline open_mode mode_of(create_only_t) noexcept
{
    return open_mode::create;
}
inline open_mode mode_of(open_only_t) noexcept
{
    return open_mode::open;
}
inline open_mode mode_of(open_or_create_t) noexcept
{
    return open_mode::open_or_create;
}

// Runs something with Boost.Interprocess; its exceptions become ours.
template <class Function>
auto translated(const std::string& queue, Function function)
{
    try
    {
        return function();
    }
    catch (const error&)
    {
        throw;
    }
    catch (const bip::interprocess_exception& e)
    {
        const std::string context = "queue '" + queue + "' (" + e.what() + ")";
        switch (e.get_error_code())
        {
        case bip::security_error:
            throw_error(errc::permission_denied, context);
        case bip::out_of_space_error:
        case bip::out_of_memory_error:
            throw_error(errc::no_space, context);
        case bip::not_found_error:
            throw_error(
                errc::queue_corrupt,
                context + ": parts of it were removed from outside (does "
                          "systemd's RemoveIPC do so at logout?)");
        default:
            break;
        }
        // The segment manager's, which tells no reason.
        if (dynamic_cast<const bip::bad_alloc*>(&e) != nullptr)
            throw_error(errc::no_space, context);
        throw_error(
            boost::system::error_code(
                e.get_native_error(), boost::system::system_category()),
            context);
    }
}

// Opening must not change what a queue is.
inline void check_match(const queue_options& options, const queue_mark& mark)
{
    const auto refuse = [&](const std::string& has, const std::string& wanted) {
        throw_error(
            errc::queue_mismatch,
            "queue '" + options.name() + "' has " + has + ", not " + wanted);
    };
    const auto number = [](std::uint64_t value) {
        return std::to_string(value);
    };
    const auto life = [](std::uint32_t value) {
        return value == static_cast<std::uint32_t>(lifetime::persistent)
                   ? "the lifetime persistent"
                   : "the lifetime while_open";
    };
    // Where the objects' names hold a hash, two names may meet.
    if (options.name() != mark.name)
        refuse("the objects of '" + std::string(mark.name) + "'", "its own");
    if (mark.layout != layout_version)
        refuse("layout version " + number(mark.layout), number(layout_version));
    if (mark.abi != segment_abi())
        refuse(
            "the segment ABI of another Boost version (" + number(mark.abi) +
                ")",
            "this program's (" + number(segment_abi()) + ")");
    if (options.capacity() != 0 && options.capacity() != mark.capacity)
        refuse(
            "a capacity of " + number(mark.capacity) + " bytes",
            number(options.capacity()));
    // With the same options its creator may have named a type.
    const std::uint64_t asked = options.message_alignment();
    const std::uint64_t wanted_alignment =
        (std::max)(asked, mark.type_alignment);
    if (options.demands_alignment() && wanted_alignment != mark.alignment)
        refuse(
            "a message alignment of " + number(mark.alignment) + " bytes",
            number(wanted_alignment));
    const auto type = [&](std::uint64_t size, std::uint64_t alignment) {
        return size == 0 ? std::string("messages of any type")
                         : "messages of a type of " + number(size) +
                               " bytes, aligned to " + number(alignment);
    };
    if (options.type_size() != 0 &&
        (options.type_size() != mark.type_size ||
         options.type_alignment() != mark.type_alignment))
        refuse(
            type(mark.type_size, mark.type_alignment),
            type(options.type_size(), options.type_alignment()));
    const auto wanted = static_cast<std::uint32_t>(options.lifetime());
    if (options.demands_lifetime() && wanted != mark.lifetime)
        refuse(life(mark.lifetime), life(wanted));
}

inline bool is_sound(const queue_mark& mark) noexcept
{
    return mark.capacity >= queue_options::min_capacity &&
           mark.capacity <= queue_options::max_capacity &&
           is_message_alignment(mark.alignment) &&
           mark.segment_size ==
               segment::size_for(mark.capacity, mark.alignment);
}

// Both without tokens, and nobody sleeps. They may be there already, and
// belong to another user.
inline void provide_semaphores(
    const object_names& names, const bip::permissions& permissions)
{
    for (const std::string& name : {names.messages, names.room})
    {
        boost::system::error_code ec;
        platform::provide_semaphore(name, permissions, ec);
        lock_file::fail_if(ec, "setting the permissions of " + name);
    }
}

// A name alone can open what is there, and nothing else.
inline bool can_create(open_mode mode, const queue_options& options) noexcept
{
    return mode != open_mode::open && options.capacity() != 0;
}

// There is no such queue to open, and it cannot be created.
[[noreturn]] inline void
throw_missing(open_mode mode, const queue_options& options)
{
    if (mode != open_mode::open)
        throw std::invalid_argument(
            "boost_ipq: creating queue '" + options.name() +
            "' needs a capacity: give queue_options(name, capacity)");
    throw_error(errc::not_found, "queue '" + options.name() + "'");
}

// create_only with a name alone is wrong whatever is there.
inline void require_usable(open_mode mode, const queue_options& options)
{
    if (mode == open_mode::create && !can_create(mode, options))
        throw_missing(mode, options);
}

// What a queue with these options will say of itself.
inline queue_mark make_mark(const queue_options& options)
{
    queue_mark mark;
    mark.layout = layout_version;
    mark.abi = segment_abi();
    mark.lifetime = static_cast<std::uint32_t>(options.lifetime());
    mark.capacity = options.capacity();
    mark.alignment = options.message_alignment();
    mark.type_size = options.type_size();
    mark.type_alignment = options.type_alignment();
    options.name().copy(mark.name, sizeof mark.name - 1);
    return mark;
}

inline std::unique_ptr<segment> create_objects(
    lock_file& file, const object_names& names, const queue_options& options,
    queue_mark& mark)
{
    mark = make_mark(options);
    auto memory = std::make_unique<segment>();
    try
    {
        file.write_mark(mark);
        // Left by one whose lock file was removed from outside; it would count.
        memory_object::remove(names);
        file.probe_space(segment::size_for(mark.capacity, mark.alignment));
        memory->create(names, options.permissions(), mark);
        platform::remove_semaphore(names.messages);
        platform::remove_semaphore(names.room);
        provide_semaphores(names, options.permissions());
        file.write_mark(mark);
        file.write_state(mark_state::ready);
        mark.state = mark_state::ready;
    }
    catch (...)
    {
        memory.reset();
        try
        {
            remove_all(file, names);
        }
        catch (...)
        {
            // The mark is not ready: the next who comes removes it.
        }
        throw;
    }
    return memory;
}

// The queue's file, with the structure lock.
inline std::unique_ptr<lock_file>
open_file(open_mode mode, const queue_options& options, object_names& names)
{
    auto file = std::make_unique<lock_file>();
    if (!file->open_locked(
            names.lock_path, can_create(mode, options),
            options.permissions().get_permissions()))
        throw_missing(mode, options);
    names.identify(file->identity());
    return file;
}

// Makes this process a member, and gives up the structure lock.
inline std::shared_ptr<shared_attachment> join_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_mark& mark, std::unique_ptr<segment> memory, bool created)
{
    const auto identity = file->identity();
    lock_file& locked = *file;
    auto result = std::make_shared<shared_attachment>(
        std::move(file), names, mark, std::move(memory));
    if (created)
        result->note_created();
    attachment_registry::add(identity, result);
    locked.unlock_structure();
    result->settle();
    return result;
}

inline std::shared_ptr<shared_attachment> open_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, const queue_mark& mark)
{
    check_match(options, mark);
    if (auto shared = attachment_registry::find(file->identity()))
    {
        // A forked child may not be a member yet, and the queue may live only
        // while it has some.
        shared->rejoin_locked();
        file.reset();
        shared->settle();
        return shared;
    }
    if (!is_sound(mark))
        throw_error(errc::queue_corrupt, "queue '" + options.name() + "'");
    auto memory = std::make_unique<segment>();
    memory->open(names, mark);
    // The file may be older than the system's last start, which took the
    // semaphores; and tokens of the dead are worth nothing. Those that are
    // there stay: a forked child that joins later has them open.
    if (names.in_file && !file->any_slot_locked_elsewhere())
        provide_semaphores(names, file->permissions());
    return join_queue(std::move(file), names, mark, std::move(memory), false);
}

inline std::shared_ptr<shared_attachment>
attach(open_mode mode, const queue_options& options)
{
    require_usable(mode, options);
    object_names names(options.name(), options.directory());
    return translated(options.name(), [&] {
        for (auto file = open_file(mode, options, names);;
             file = open_file(mode, options, names))
        {
            queue_mark mark = file->read_mark();
            if (is_there(*file, mark))
            {
                if (mode == open_mode::create)
                    throw_error(
                        errc::already_exists, "queue '" + options.name() + "'");
                return open_queue(std::move(file), names, options, mark);
            }
            if (file->is_new())
            {
                auto memory = create_objects(*file, names, options, mark);
                return join_queue(
                    std::move(file), names, mark, std::move(memory), true);
            }
            // Half made, half removed, or left by its last process. The file
            // goes, too: whoever had the old queue open, and may live, knows it
            // by this file, and has a slot in it. Who waits for its lock starts
            // again when this process has locked the next one, or is dead.
            remove_all(*file, names);
            if (!can_create(mode, options))
                throw_missing(mode, options);
        }
    });
}

inline bool remove_named(const queue_options& options)
{
    object_names names(options.name(), options.directory());
    return translated(options.name(), [&] {
        lock_file file;
        if (!file.open_locked(names.lock_path, false, 0))
            return false;
        names.identify(file.identity());
        const bool existed = is_there(file, file.read_mark());
        remove_all(file, names);
        return existed;
    });
}

} // namespace detail
} // namespace boost_ipq

#endif
