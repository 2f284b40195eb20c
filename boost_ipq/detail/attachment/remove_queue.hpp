// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_QUEUE_HPP

// Removes queues that processes share.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/bell.hpp>
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <boost_ipq/detail/wait/shared_semaphore.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

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
    case mark_state::removing:
        if (memory_object::is_missing(file.path()))
            return false;
        break;
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

// What the processes that have a queue open sleep on.
inline std::unique_ptr<semaphore> make_semaphore(
    const object_names& names, const std::string& name,
    atomic<std::uint32_t>& posts)
{
    if (names.has_semaphores())
        return std::make_unique<shared_semaphore>(name, names.lock_path, posts);
    return std::make_unique<futex_semaphore>(posts);
}

// What subscribers sleep on.
inline std::unique_ptr<semaphore>
make_messages_semaphore(const object_names& names, ring_control& control)
{
    if (control.kind == kind_broadcast)
        return std::make_unique<shared_bell>(control.messages.posts);
    return make_semaphore(names, names.messages, control.messages.posts);
}

// Tells the processes that have a queue open that it was removed, through its
// segment. Maps the segment before it is removed. A damaged one is left alone:
// its processes notice when they look for the file, see shared_attachment.
class removal_notice
{
public:
    // The mark says ready or removing.
    removal_notice(const object_names& names, const queue_mark& mark) noexcept
        : m_names(names)
    {
        try
        {
            if (!is_sound(mark))
                return;
            const memory_object object(names, bip::read_write);
            bip::mapped_region region =
                object.map(bip::read_write, mark.segment_size);
            m_control = segment::checked(names, mark, region).view.control;
            m_region.swap(region);
        }
        catch (...)
        {
        }
    }

    removal_notice(const removal_notice&) = delete;
    removal_notice& operator=(const removal_notice&) = delete;

    void give() const noexcept
    {
        if (!m_control)
            return;
        set_removed(*m_control);
        wake(m_control->messages, [this] {
            return make_messages_semaphore(m_names, *m_control);
        });
        wake(m_control->room, [this] {
            return make_semaphore(m_names, m_names.room, m_control->room.posts);
        });
    }

private:
    template <class Make>
    void wake(sleeper_line& sleepers, Make make) const noexcept
    {
        platform::full_fence(); // pairs with event_count::prepare()
        if (sleepers.count.load(std::memory_order_relaxed) == 0)
            return;
        try
        {
            event_count(sleepers, m_control->attention, make()).wake_all();
        }
        catch (...)
        {
            // Sleepers look by themselves after max_sleep.
        }
    }

    object_names m_names;
    bip::mapped_region m_region{};
    ring_control* m_control = nullptr;
};

// Removes the segment, or leaves everything as it was and throws. From the
// first call on, the mark says that the queue exists as long as its segment.
// Returns whether there was a segment.
inline bool remove_segment(lock_file& file, queue_mark mark)
{
    try
    {
        file.write_removing(mark);
    }
    catch (const error&)
    {
        // The file system is full and cannot overwrite. If this process is
        // killed now, the queue is one without a segment, which is corrupt and
        // can be removed.
    }
    boost::system::error_code ec;
    const bool removed = memory_object::remove(file.path(), ec);
    if (!ec)
        return removed;
    try
    {
        file.write_ready(mark);
    }
    catch (const error&)
    {
        // The queue exists by either mark.
    }
    lock_file::fail_if(
        ec, "removing " + object_names::segment_beside(file.path()));
    return false;
}

// Removes what remains without a ready mark. Returns whether there was a
// segment.
inline bool remove_half_made(const lock_file& file)
{
    boost::system::error_code ec;
    const bool removed = memory_object::remove(file.path(), ec);
    lock_file::fail_if(
        ec, "removing " + object_names::segment_beside(file.path()));
    return removed;
}

// Removes a queue, or its remains. The caller holds the structure lock.
//
// The segment is removed first: if the system refuses that, nothing has
// changed. The file is removed last: a process that finds one without a ready
// mark removes it and starts again. By then it is empty: processes that wait
// for its lock keep it open for a while, and a creator that was killed in
// probe_space() left it large. If there was nothing else to remove, that file
// is the first that the system can refuse to remove, and is emptied afterwards.
//
// `notice` keeps the segment mapped, and so its pages: if the caller destroys
// it after it has released the lock, freeing the pages of a large queue holds
// up no other process.
inline void remove_all(
    lock_file& file, const object_names& names,
    std::optional<removal_notice>& notice)
{
    for (const std::string& name : names.semaphores())
        if (platform::is_immutable_semaphore(name))
            throw_error(
                errc::permission_denied, "removing the semaphore " + name);
    queue_mark mark;
    const mark_state state = file.read_mark(mark);
    bool removed;
    if (state == mark_state::ready || state == mark_state::removing)
    {
        notice.emplace(names, mark);
        removed = remove_segment(file, mark);
        notice->give();
    }
    else
        removed = remove_half_made(file);
    for (const std::string& name : names.semaphores())
        removed |= platform::remove_semaphore(name);
    if (removed)
        file.erase_mark();
    boost::system::error_code ec;
    platform::remove_file(file.path(), ec);
    lock_file::fail_if(ec, "removing " + file.path());
    if (!removed)
        file.erase_mark();
}

inline void remove_all(lock_file& file, const object_names& names)
{
    std::optional<removal_notice> notice;
    remove_all(file, names, notice);
}

// As is_there(), but a damaged queue exists, too: it can be removed.
inline bool may_be_there(const lock_file& file)
{
    queue_mark mark;
    return file.read_mark(mark) == mark_state::damaged || is_there(file, mark);
}

// Where the system does not distinguish "a" from "A", or a name is replaced by
// a hash, the file may be that of a different queue: then it lies at the path
// of that queue, too. The name in the mark may be damaged.
inline bool is_of_other_queue(const lock_file& file, const queue_options& named)
{
    queue_mark mark;
    file.read_mark(mark);
    return named.name() != mark.name && !std::strchr(mark.name, '/') &&
           file.is_at(object_names(mark.name, named.directory()).lock_path);
}

// Returns whether the queue existed.
inline bool
remove_named(const queue_options& options, const lock_limit& limit = {})
{
    const platform::no_thread_cancellation guard;
    object_names names(options.name(), options.directory());
    std::optional<removal_notice> notice; // destroyed after the file
    return translated(options.name(), [&] {
        lock_file file;
        if (!file.open_locked(names.lock_path, false, 0, limit) ||
            is_of_other_queue(file, options))
            return false;
        names.identify(file.identity());
        const bool existed = may_be_there(file);
        remove_all(file, names, notice);
        return existed;
    });
}

} // namespace detail
} // namespace boost_ipq

#endif
