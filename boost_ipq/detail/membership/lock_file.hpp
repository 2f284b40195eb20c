// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_HPP

// The lock file of a queue tells which process may create or remove the queue,
// which participants are alive, and whether the queue is ready.
//
// A process creates, opens or removes a queue with the file's structure byte
// locked. The queue exists if the mark in the file says ready. A creator writes
// this last, and a remover erases it first. If one of them is killed, there is
// no such mark, and the next process that opens or removes the queue removes
// what is left. The file itself is removed last.
//
// Each process that has the queue open keeps one slot byte locked. So a file
// serves only one queue: the next one is created in a new file, in which no
// process has, or will have, a slot of the older queue.

#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/file_events.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

class lock_file
{
public:
    using error_code = boost::system::error_code;

    // Opens the file and waits for the structure lock. Returns whether there
    // is such a file. Starts again if the file was removed in between. Without
    // `awaits_creation`, a file in which another process creates a queue does
    // not count: creating a large queue takes seconds, and it does not exist
    // before.
    bool open_locked(
        const std::string& path, bool create,
        platform::native_permissions permissions, const lock_limit& limit = {},
        bool awaits_creation = true)
    {
        return open_locked(
            path, create, permissions, limit, awaits_creation,
            [](lock_file&) {});
    }

    // As above. Calls check(*this) before it waits for the lock, which a
    // process of a different user may hold: it throws if the file must not be
    // used.
    template <class Check>
    bool open_locked(
        const std::string& path, bool create,
        platform::native_permissions permissions, const lock_limit& limit,
        bool awaits_creation, Check check)
    {
        m_path = path;
        for (;;)
        {
            error_code ec = open_at(path, create, permissions, limit);
            if (ec == boost::system::errc::no_such_file_or_directory && !create)
                return false;
            if (ec == boost::system::errc::no_such_file_or_directory)
                throw_error(ec, "no directory for " + path + ": make it first");
            fail_if(ec, "opening " + named(path));
            if (!m_is_new)
                check(*this);
            // A creator has the lock for a moment before it writes a mark.
            const auto marked = [&](std::chrono::nanoseconds waited) {
                return awaits_creation || !is_empty() || limit.give_up(waited);
            };
            // Once it is locked, it must not be locked again: on Windows, a
            // file excludes itself.
            if (!lock_opened(give_up_at_once()) && !lock_opened(marked))
            {
                if (!awaits_creation && holds_unfinished())
                    return false;
                if (!lock_opened(limit.give_up))
                    throw_error(limit.error, "waiting for the lock of " + path);
            }
            if (m_file.is_at(path))
                return true;
        }
    }

    // Did open_locked() create the file? Then no queue has ever been in it: a
    // process that opens an older file without a ready mark removes that file.
    bool is_new() const noexcept { return m_is_new; }

    // Opens the file for inspection. Returns whether there is such a file.
    bool open_unlocked(const std::string& path)
    {
        error_code ec;
        m_file.open(path, false, 0, ec);
        if (ec != boost::system::errc::no_such_file_or_directory)
            fail_if(ec, "opening " + named(path));
        m_path = path;
        return !ec;
    }

    // Reads the mark, and returns what the file holds.
    mark_state read_mark(queue_mark& mark) const noexcept
    {
        const std::size_t size = m_file.read(&mark, sizeof mark);
        const mark_state state = state_of(mark, size);
        // A mark with a different layout has no checksum.
        mark.name[sizeof mark.name - 1] = 0;
        return state != mark_state::ready || read_type(mark)
                   ? state
                   : mark_state::damaged;
    }

    // Writes a mark that is not ready yet.
    void write_mark(queue_mark mark)
    {
        mark.ready = 0;
        write(&mark, sizeof mark, 0);
    }

    // The queue exists from now on.
    void write_ready(queue_mark& mark)
    {
        mark.ready = checksum(mark);
        write(&mark.ready, sizeof mark.ready, offsetof(queue_mark, ready));
    }

    // The queue exists from now on as long as its segment.
    void write_removing(queue_mark& mark)
    {
        mark.ready = removing_word(mark);
        write(&mark.ready, sizeof mark.ready, offsetof(queue_mark, ready));
    }

    // Records the type of the messages of a queue that has none. The last write
    // is the event.
    void write_type(queue_mark& mark)
    {
        write(
            mark.type_name, sizeof mark.type_name,
            offsetof(queue_mark, type_name));
        write(
            &mark.type_size, sizeof mark.type_size,
            offsetof(queue_mark, type_size));
        write(
            &mark.type_alignment, sizeof mark.type_alignment,
            offsetof(queue_mark, type_alignment));
        mark.type = type_checksum(mark);
        write(&mark.type, sizeof mark.type, offsetof(queue_mark, type));
    }

    // Works on a full file system, too.
    void erase_mark()
    {
        error_code ec;
        m_file.truncate(0, ec);
        fail_if(ec, "emptying " + m_path);
    }

    // Checks that this many bytes are available by allocating them for a
    // moment: writing to a page that does not fit raises SIGBUS.
    void probe_space(std::uint64_t size)
    {
        error_code ec;
        platform::reserve_pages(
            m_file.descriptor(), sizeof(queue_mark), size, ec);
        error_code ignored;
        m_file.truncate(sizeof(queue_mark), ignored);
        fail_if(ec, "reserving " + std::to_string(size) + " bytes");
    }

    void unlock_structure() noexcept { m_file.unlock(structure_byte); }

    // Waits for the structure lock. False: gave up.
    bool lock_structure(give_up_condition give_up)
    {
        error_code ec;
        if (give_up.never())
        {
            m_file.lock(structure_byte, ec);
            require_locks(ec);
            return true;
        }
        // The kernel's own wait knows no deadline.
        for (backoff pause;; pause.wait())
        {
            const bool locked = m_file.try_lock(structure_byte, ec);
            require_locks(ec);
            if (locked)
                return true;
            if (give_up(pause.waited()))
                return false;
        }
    }

    // Lets processes that watch the file know. A read: it changes nothing, and
    // needs neither space nor rights that the open file does not have.
    void touch() const noexcept
    {
        char byte;
        m_file.read(&byte, sizeof byte);
    }

    // What can be watched of it; -1: nothing.
    int watchable() const noexcept
    {
        return platform::watchable(m_file.descriptor());
    }

    // Does a process create, open, join or remove the queue now?
    bool structure_locked_elsewhere() const noexcept
    {
        return m_file.locked_elsewhere(structure_byte, 1);
    }

    bool try_lock_slot(std::uint32_t slot) noexcept
    {
        return m_file.try_lock(first_slot_byte + slot);
    }

    void unlock_slot(std::uint32_t slot) noexcept
    {
        m_file.unlock(first_slot_byte + slot);
    }

    bool slot_locked_elsewhere(std::uint32_t slot) const noexcept
    {
        return m_file.locked_elsewhere(first_slot_byte + slot, 1);
    }

    // Is the queue open in any process? Also in a forked child that has not
    // taken a slot yet.
    bool any_slot_locked_elsewhere() const noexcept
    {
        return m_file.locked_elsewhere(first_slot_byte, slot_count + 1);
    }

    // Children of this process may use the queue.
    void expect_children() { m_file.expect_children(m_path, children_byte); }

    // The queue is left to the children that have it open.
    void forget_children() noexcept { m_file.forget_children(); }

    // Was the file deleted? A process that sees other directories than the one
    // that opened the file may not know.
    bool is_deleted() const noexcept { return m_file.is_deleted(m_path); }

    // False if the file was removed, or replaced by that of a new queue.
    bool is_current() const noexcept { return is_at(m_path); }

    // Is it the file at that path?
    bool is_at(const std::string& path) const noexcept
    {
        return m_file.is_at(path);
    }

    platform::file_identity identity() const
    {
        error_code ec;
        const auto result = m_file.identity(ec);
        fail_if(ec, "examining " + m_path);
        return result;
    }

    // Its owner and mode.
    platform::object_status status() const noexcept { return m_file.status(); }

    // A forked child sets `word` to zero: it holds no lock.
    void clear_in_child(std::atomic<std::uint32_t>& word) noexcept
    {
        m_file.clear_in_child(word);
    }

    // The permissions with which the file was created.
    boost::interprocess::permissions permissions() const
    {
        return boost::interprocess::permissions(m_file.permissions());
    }

    // The path of an object, its owner and its mode.
    static std::string named(const std::string& path)
    {
        const platform::object_status at = platform::look_at(path);
        return at.exists ? path + ", which belongs to user " +
                               std::to_string(at.owner) + " and has the mode " +
                               octal(at.mode)
                         : path;
    }

    static std::string octal(std::uint32_t mode)
    {
        std::string result;
        for (int shift = mode > 0777 ? 9 : 6; shift >= 0; shift -= 3)
            result += static_cast<char>('0' + (mode >> shift & 7));
        return "0" + result;
    }

    bool is_open() const noexcept { return m_file.is_open(); }
    const std::string& path() const noexcept { return m_path; }
    void close() noexcept { m_file.close(); }

    static void fail_if(const error_code& ec, const std::string& doing)
    {
        namespace generic = boost::system::errc;
        if (!ec)
            return;
        if (ec == generic::permission_denied ||
            ec == generic::operation_not_permitted)
            throw_error(errc::permission_denied, doing);
        if (ec == generic::no_space_on_device ||
            ec == generic::file_too_large || ec == generic::not_enough_memory ||
            platform::is_quota(ec))
            throw_error(errc::no_space, doing);
        throw_error(ec, doing);
    }

private:
    // Completes the type in a mark that was read. False: it is damaged.
    static bool read_type(queue_mark& mark) noexcept
    {
        mark.type_name[sizeof mark.type_name - 1] = 0;
        if (has_type(mark))
            return mark.type == type_checksum(mark);
        // A process may be recording one, or was killed before it had done so.
        clear_type(mark);
        return true;
    }

    // Opens or creates the file. Waits for a moment for another user who has
    // just created it, but not longer than the limit.
    error_code open_at(
        const std::string& path, bool create,
        platform::native_permissions permissions, const lock_limit& limit)
    {
        error_code ec;
        backoff pause_between;
        for (int i = 0;; ++i)
        {
            m_is_new = m_file.open(path, create, permissions, ec);
            if (ec != boost::system::errc::permission_denied ||
                i == max_creation_waits || !platform::is_being_made(path))
                return ec;
            if (limit.give_up(pause_between.waited()))
                throw_error(limit.error, "waiting for the creator of " + path);
            pause_between.wait();
        }
    }

    bool is_empty() const
    {
        queue_mark mark;
        return read_mark(mark) == mark_state::none;
    }

    // Is its queue not finished?
    bool holds_unfinished() const
    {
        queue_mark mark;
        return read_mark(mark) == mark_state::making;
    }

    // As lock_structure(). If the system has no locks, nothing is left behind.
    bool lock_opened(give_up_condition give_up)
    {
        try
        {
            return lock_structure(give_up);
        }
        catch (const error&)
        {
            error_code ignored;
            if (m_is_new)
                platform::remove_file(m_path, ignored);
            throw;
        }
    }

    void require_locks(const error_code& ec) const
    {
        if (!ec)
            return;
        const std::string missing = platform::kernel_file::missing_locks(ec);
        if (!missing.empty())
            throw_error(
                boost::system::errc::make_error_code(
                    boost::system::errc::function_not_supported),
                m_path + ": " + missing);
        fail_if(ec, "locking " + m_path);
    }

    void write(const void* from, std::size_t size, std::uint64_t at)
    {
        error_code ec;
        m_file.write(from, size, at, ec);
        fail_if(ec, "writing " + m_path);
    }

    // Lock bytes lie beyond all bytes that may be written to the file.
    static constexpr std::uint64_t structure_byte = std::uint64_t(1) << 40;
    static constexpr std::uint64_t first_slot_byte = structure_byte + 1;
    static constexpr std::uint64_t children_byte = first_slot_byte + slot_count;

    platform::kernel_file m_file{};
    std::string m_path{};
    bool m_is_new = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
