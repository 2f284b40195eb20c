// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_OWNERSHIP_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_OWNERSHIP_IPP

#include <boost_ipq/detail/attachment/ownership.hpp>
#include <stdexcept>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL void require_permissions(const queue_options& options)
{
    const std::uint32_t mode = platform::mode_of(options.permissions());
    constexpr std::uint32_t read_bits = 0444, write_bits = 0222;
    if ((mode & 0600) == 0600 &&
        ((mode & read_bits) >> 1 & ~(mode & write_bits)) == 0)
        return;
    throw std::invalid_argument(
        "boost_ipq: queue '" + options.name() + "' cannot have the mode " +
        lock_file::octal(mode) +
        ": its owner must be able to read and write it, and a user who may "
        "read it must be able to write it, because readers can lock its files: "
        "give 0600, 0660 or 0666");
}

BOOST_IPQ_DECL bool
lets_in_other_group(const lock_file& file, std::uint32_t asked_mode)
{
    const platform::object_status at = file.status();
    const bool stranger = at.owner != platform::user_id() && at.owner != 0;
    // What the group may do and others were not meant to. A different user who
    // owns the queue must be one of the group.
    const std::uint32_t in_group = stranger ? 0060 : at.mode & 0060;
    const std::uint32_t more = in_group >> 3 & ~asked_mode;
    return more != 0 && at.group != platform::group_of_new_file(file.path());
}

BOOST_IPQ_DECL void
check_owner(open_mode mode, const queue_options& options, const lock_file& file)
{
    const platform::object_status at = file.status();
    if (options.capacity() == 0 || !at.exists)
        return;
    const std::uint32_t asked = platform::mode_of(options.permissions());
    const bool own = at.owner == platform::user_id();
    const bool trusted = own || at.owner == 0 || (asked & 066) != 0;
    const bool wider = (at.mode & ~asked & access_bits) != 0;
    const bool same_users = !wider && !lets_in_other_group(file, asked);
    queue_mark mark;
    // What is left of an own queue is removed, whatever its mode.
    if (trusted && (same_users || (own && !is_there(file, mark))))
        return;
    const std::string group =
        std::to_string(platform::group_of_new_file(file.path()));
    const std::string context =
        "queue '" + options.name() + "': the lock file " +
        lock_file::named(file.path()) + ", and the options ask for " +
        (!trusted ? "a queue of user " + std::to_string(platform::user_id())
         : wider  ? "the mode " + lock_file::octal(asked)
                  : "the group " + group + ", not " + std::to_string(at.group));
    throw_error(
        mode == open_mode::create ? errc::already_exists : errc::queue_mismatch,
        context);
}

BOOST_IPQ_DECL std::vector<std::string> object_paths(const object_names& names)
{
    std::vector<std::string> result = {names.segment_path};
    if (names.has_semaphores())
        for (const std::string& name : {names.messages, names.room})
            result.push_back(platform::semaphore_path(name));
    return result;
}

BOOST_IPQ_DECL void
require_no_strangers(const object_names& names, std::uint32_t owner)
{
    for (const std::string& path : object_paths(names))
    {
        const platform::object_status at = platform::look_at(path);
        const bool own = at.owner == platform::user_id() || at.owner == owner;
        // Removing a second name of a file leaves the file. The C library has
        // one for a semaphore for a moment, in which its creator may die.
        if (!at.exists || (own && at.regular))
            continue;
        throw_error(
            own ? errc::already_exists : errc::permission_denied,
            "creating the queue: there is already " + lock_file::named(path) +
                (at.regular ? "" : " and is no regular file") +
                ": the user or root can remove it");
    }
}

// A semaphore of glibc is not one of musl, and has a different path.
inline void require_own_semaphore(const std::string& name)
{
    const std::string foreign = platform::foreign_semaphore_path(name);
    if (!foreign.empty() && platform::look_at(foreign).exists &&
        !platform::look_at(platform::semaphore_path(name)).exists)
        throw_error(
            errc::queue_mismatch,
            "a program with a different C library created the queue: this one "
            "cannot wait for " +
                lock_file::named(foreign));
}

BOOST_IPQ_DECL void
check_objects(const object_names& names, const lock_file& file)
{
    for (const std::string& name : names.semaphores())
        require_own_semaphore(name);
    const std::uint32_t owner = file.status().owner;
    for (const std::string& path : object_paths(names))
    {
        const platform::object_status at = platform::look_at(path);
        const bool is_segment = path == names.segment_path;
        const bool sound = at.regular && !at.linked &&
                           (at.owner == owner || at.owner == 0) &&
                           (is_segment || at.size == platform::semaphore_size);
        // One that is missing is an error when it is opened.
        if (at.exists && !sound)
            throw_error(
                errc::queue_corrupt,
                "not made by the queue's creator: " + lock_file::named(path));
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
