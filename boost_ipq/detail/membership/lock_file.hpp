// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_HPP

// The lock file of a queue: who may change it, who is alive, is it ready.
//
// Everything that creates, opens or removes a queue happens with the file's
// structure byte locked. The queue is there when the mark in the file says
// ready, which is written last and taken back first; a creator or remover that
// is killed leaves no such mark, and the next who comes removes what is there.
// The file itself is removed last.
//
// Each process that has the queue open keeps one slot byte locked. So a file
// serves one queue: another may be created only in a file that is new, in which
// nobody has, or will have, a slot of an older queue.
//
// The mark tells all that must be known before the segment is touched: its
// layout, and the ABI of Boost's segment manager, which changed in 1.87 and
// 1.91.

#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/version.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace boost_ipq {
namespace detail {

enum class mark_state : std::uint32_t
{
    making, // or nothing at all
    ready
};

// As it stands at the beginning of the lock file.
struct queue_mark
{
    std::uint64_t magic = 0;
    mark_state state = mark_state::making;
    std::uint32_t layout = 0;       // layout_version
    std::uint32_t abi = 0;          // segment_abi()
    std::uint32_t lifetime = 0;     // as boost_ipq::lifetime
    std::uint64_t capacity = 0;     // bytes, as asked for
    std::uint64_t alignment = 0;    // bytes
    std::uint64_t segment_size = 0; // bytes
    std::uint64_t root = 0;         // offset of the queue's root object
    std::uint64_t type_size = 0;    // bytes of a typed queue's messages; 0: any
    std::uint64_t type_alignment = 0;
    std::uint32_t segment_word = 0; // how a finished segment begins
    char name[204] = {};            // of the queue, with a zero behind
};

static_assert(offsetof(queue_mark, state) == 8, "the mark changed");
static_assert(offsetof(queue_mark, segment_word) == 72, "the mark changed");
static_assert(sizeof(queue_mark) == 280, "the mark changed");

// Which segment managers can share a segment.
constexpr std::uint32_t segment_abi() noexcept
{
    return BOOST_VERSION < 108700 ? 1 : BOOST_VERSION < 109100 ? 2 : 3;
}

class lock_file
{
public:
    using error_code = boost::system::error_code;

    // Opens the file and waits for the structure lock. Returns whether there
    // is such a file. After a removal that came in between, starts again.
    bool open_locked(
        const std::string& path, bool create,
        platform::native_permissions permissions)
    {
        for (;;)
        {
            error_code ec;
            m_is_new = m_file.open(path, create, permissions, ec);
            if (ec == boost::system::errc::no_such_file_or_directory && !create)
                return false;
            if (ec == boost::system::errc::no_such_file_or_directory)
                throw_error(ec, "no directory for " + path + ": make it first");
            fail_if(ec, "opening " + path);
            m_file.lock(structure_byte, ec);
            fail_if(ec, "locking " + path);
            if (m_file.is_at(path))
                break;
        }
        m_path = path;
        return true;
    }

    // Did open_locked() make the file? Then nothing was ever in it: who opens a
    // file without a ready mark, and did not make it, removes it.
    bool is_new() const noexcept { return m_is_new; }

    // Opens the file to look at it. Returns whether there is such a file.
    bool open_unlocked(const std::string& path)
    {
        error_code ec;
        m_file.open(path, false, 0, ec);
        if (ec != boost::system::errc::no_such_file_or_directory)
            fail_if(ec, "opening " + path);
        m_path = path;
        return !ec;
    }

    // What the file says; state `making` for anything that is no mark.
    queue_mark read_mark() const noexcept
    {
        queue_mark mark;
        if (m_file.read(&mark, sizeof mark) != sizeof mark ||
            mark.magic != mark_magic)
            return queue_mark();
        mark.name[sizeof mark.name - 1] = 0;
        return mark;
    }

    // Writes a mark that is not ready yet.
    void write_mark(queue_mark mark)
    {
        mark.magic = mark_magic;
        mark.state = mark_state::making;
        error_code ec;
        m_file.write(&mark, sizeof mark, 0, ec);
        fail_if(ec, "writing " + m_path);
    }

    void write_state(mark_state state)
    {
        error_code ec;
        m_file.write(&state, sizeof state, offsetof(queue_mark, state), ec);
        fail_if(ec, "writing " + m_path);
    }

    // Takes back what the mark says; a full file system cannot prevent it.
    void erase_mark()
    {
        error_code ec;
        m_file.truncate(0, ec);
        fail_if(ec, "emptying " + m_path);
    }

    // Finds out whether that much memory is to be had, by taking it for a
    // moment: writing to a segment that does not fit raises SIGBUS.
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

    void lock_structure()
    {
        error_code ec;
        m_file.lock(structure_byte, ec);
        fail_if(ec, "locking " + m_path);
    }

    bool try_lock_structure() noexcept
    {
        return m_file.try_lock(structure_byte);
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

    bool any_slot_locked_elsewhere() const noexcept
    {
        return m_file.locked_elsewhere(first_slot_byte, slot_count);
    }

    // Has the file been removed, or replaced by that of a new queue?
    bool is_current() const noexcept { return m_file.is_at(m_path); }

    platform::file_identity identity() const
    {
        error_code ec;
        const auto result = m_file.identity(ec);
        fail_if(ec, "examining " + m_path);
        return result;
    }

    // `word` becomes zero in a forked child, which holds no lock.
    void clear_in_child(std::atomic<std::uint32_t>& word) noexcept
    {
        m_file.clear_in_child(word);
    }

    // As they were given when the file was created.
    boost::interprocess::permissions permissions() const
    {
        return boost::interprocess::permissions(m_file.permissions());
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
        if (ec == generic::no_space_on_device || ec == generic::file_too_large)
            throw_error(errc::no_space, doing);
        throw_error(ec, doing);
    }

private:
    static constexpr std::uint64_t mark_magic = 0x316b72616d717069; // ipqmark1
    // Lock bytes lie behind whatever may be written to the file.
    static constexpr std::uint64_t structure_byte = std::uint64_t(1) << 40;
    static constexpr std::uint64_t first_slot_byte = structure_byte + 1;

    platform::kernel_file m_file;
    std::string m_path;
    bool m_is_new = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
