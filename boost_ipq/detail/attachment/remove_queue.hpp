// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_QUEUE_HPP

// Removes queues that processes share.

#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>

namespace boost_ipq {
namespace detail {

inline bool lives_while_open(const queue_mark& mark) noexcept
{
    return mark.lifetime == static_cast<std::uint32_t>(lifetime::while_open);
}

// Reads the mark. Returns whether the queue exists: one with
// lifetime::while_open ends with its last process, even if no process has
// removed it yet. The caller holds the structure lock. Throws queue_corrupt if
// the file holds anything else than a mark.
inline bool is_there(const lock_file& file, queue_mark& mark)
{
    switch (file.read_mark(mark))
    {
    case mark_state::none:
    case mark_state::making:
        return false;
    case mark_state::damaged:
        throw_error(
            errc::queue_corrupt,
            "the mark of the queue in the lock file " + file.path());
    case mark_state::ready:
    case mark_state::foreign:
        break;
    }
    return !lives_while_open(mark) || file.any_slot_locked_elsewhere();
}

// Removes a queue, or its remains. The caller holds the structure lock. The
// file is removed last: a process that finds a file without a ready mark
// removes it and starts again. The file is emptied first, because it may be
// large (a creator was killed in probe_space()) and processes that wait for its
// lock keep it open.
inline void remove_all(lock_file& file, const object_names& names)
{
    if (!platform::may_remove(file.path()))
        throw_error(errc::permission_denied, "removing " + file.path());
    file.erase_mark();
    memory_object::remove(names);
    platform::remove_semaphore(names.messages);
    platform::remove_semaphore(names.room);
    boost::system::error_code ec;
    platform::remove_file(file.path(), ec);
    lock_file::fail_if(ec, "removing " + file.path());
}

// As is_there(), but a damaged queue exists, too: it can be removed.
inline bool may_be_there(const lock_file& file)
{
    queue_mark mark;
    return file.read_mark(mark) == mark_state::damaged || is_there(file, mark);
}

// Returns whether the queue existed.
inline bool
remove_named(const queue_options& options, const lock_limit& limit = {})
{
    const platform::no_thread_cancellation guard;
    object_names names(options.name(), options.directory());
    return translated(options.name(), [&] {
        lock_file file;
        if (!file.open_locked(names.lock_path, false, 0, limit))
            return false;
        names.identify(file.identity());
        const bool existed = may_be_there(file);
        remove_all(file, names);
        return existed;
    });
}

} // namespace detail
} // namespace boost_ipq

#endif
