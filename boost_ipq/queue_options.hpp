// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_OPTIONS_HPP
#define BOOST_IPQ_QUEUE_OPTIONS_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boost_ipq {

namespace detail {
class dead_letter_options;
}

//! The creation tags of Boost.Interprocess: create_only fails if the queue
//! exists, open_only fails if it does not, open_or_create does what is needed.
using boost::interprocess::create_only;
using boost::interprocess::create_only_t;
using boost::interprocess::open_only;
using boost::interprocess::open_only_t;
using boost::interprocess::open_or_create;
using boost::interprocess::open_or_create_t;

//! How long a queue exists.
enum class lifetime
{
    //! Until remove_queue(), or until the system restarts.
    persistent,
    //! Until the last handle in any process is closed, or its process has
    //! died. Messages that are still in the queue are lost.
    while_open
};

//! What publishers of a broadcast do when a subscriber is slow.
enum class overflow
{
    //! They wait for the slowest living subscriber, as for room in a full
    //! queue.
    block,
    //! They never wait, except for a subscriber that reads in place: a slow
    //! subscriber loses the oldest messages, and is told how many.
    drop_oldest
};

namespace detail {

// What a handle wants to open. `any`: inspection and repair.
enum class queue_kind
{
    any,
    queue,
    broadcast
};

} // namespace detail

//! The name of a queue and the parameters with which it is created.
//!
//! Options with a capacity describe the queue completely: opening a queue that
//! has a different capacity, alignment or lifetime fails with `queue_mismatch`.
//! Options without a capacity open any queue with that name, but an alignment
//! or a lifetime that was set must match. permissions() says which queues of
//! other users are opened.
//!
//! What holds for every observer: Throws: nothing. Complexity: constant.
//!
//! Thread safety: as standard containers: several threads may call const
//! functions of one object at the same time.
class queue_options
{
public:
    //! The smallest capacity, in bytes: room for one empty message.
    static constexpr std::size_t min_capacity = detail::min_capacity;

    //! The largest capacity, in bytes: 128 bytes less than 32 GiB.
    static constexpr std::size_t max_capacity = detail::max_capacity;

    //! Requires: the name has 1 to 200 characters of `A-Z a-z 0-9 . _ -` and
    //! does not start with a dot.
    //! Effects: makes options that open the queue with that name as it is.
    //! Throws: `std::invalid_argument` for a bad name; `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(const std::string& name);

    //! Effects: as `queue_options(std::string(name))`.
    //! Throws: `std::invalid_argument` for a bad name; `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(const char* name);

    //! Effects: as `queue_options(std::string(name))`.
    //! Throws: `std::invalid_argument` for a bad name; `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(std::string_view name);

    //! Requires: a valid name, and a capacity from `min_capacity` to
    //! `max_capacity`.
    //! Effects: makes options that create or open a queue with that name and
    //! that capacity, in bytes. A message of `n` bytes takes `n + 8` bytes of
    //! the capacity, rounded up to the message alignment.
    //! Throws: `std::invalid_argument` for a bad name or capacity;
    //! `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(const std::string& name, std::size_t capacity);

    //! Effects: as `queue_options(std::string(name), capacity)`.
    //! Throws: `std::invalid_argument` for a bad name or capacity;
    //! `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(const char* name, std::size_t capacity);

    //! Effects: as `queue_options(std::string(name), capacity)`.
    //! Throws: `std::invalid_argument` for a bad name or capacity;
    //! `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options(std::string_view name, std::size_t capacity);

    //! Requires: `n` is at least 1. The options also have a dead_letter().
    //! Effects: limits how often a message is delivered. Once it was delivered
    //! `n` times without being acknowledged, whether it was given back or its
    //! subscribers died, it moves to the dead-letter queue, so that it holds up
    //! the messages behind it no longer. The next call that receives moves it,
    //! or the call that gives it back the `n`-th time. Calls that copy a
    //! message do not count as deliveries. A message takes 8 bytes more in such
    //! a queue. Default: no limit; the message comes back forever.
    //!
    //! Opening a queue with complete options, or with these, fails with
    //! `queue_mismatch` if the queue has a different limit or dead-letter
    //! queue. Options with only one of the two, with the name of the queue
    //! itself, or with a capacity of less than 16 bytes, open no queue:
    //! `std::invalid_argument`.
    //! Returns: `*this`.
    //! Throws: `std::invalid_argument` for 0.
    //! Complexity: constant.
    queue_options& max_deliveries(std::uint32_t n);

    //! Requires: `name` is a valid name, different from that of the queue. The
    //! options also have max_deliveries().
    //! Effects: sets the queue to which messages move that were delivered often
    //! enough, or rejected, see delivery::reject(). It is an ordinary queue
    //! with lifetime::persistent, in the same storage. If it does not exist
    //! when it is needed first, it is created with the capacity, permissions,
    //! directory and alignment of its source. An existing one may have a
    //! different capacity and alignment, but must let in no more users. If it
    //! has no room, or cannot be used, the message is delivered once more.
    //! requeue() brings its messages back.
    //! Returns: `*this`.
    //! Throws: `std::invalid_argument` for a bad name; `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options& dead_letter(const std::string& name);

    //! Requires: on POSIX systems, the owner may read and write, and users who
    //! may read may write: 0600, 0660 and 0666 are usual. A user who may only
    //! read (0644, 0640) could lock the queue's files and so stop everyone.
    //! Creating a queue with other permissions throws `std::invalid_argument`.
    //!
    //! Effects: sets the permissions of a queue that is created. It has exactly
    //! these, whatever the umask. Default: only the owner (0600). Its group is
    //! that of the files that its creator makes: the effective group, or that
    //! of a directory with the set-group-id bit (macOS: of any directory).
    //!
    //! Options with a capacity do not open a queue that lets in more users than
    //! a queue that this process would create with them: one with a wider mode,
    //! one whose mode lets in a different group, nor, if the options let in
    //! only the owner, one that belongs neither to the effective user nor to
    //! root. Opening it fails with `queue_mismatch`, which names its owner and
    //! mode. Options that consist of a name open the queue as it is.
    //!
    //! What a different user has put at the names of a queue is not used: its
    //! creation fails with `errc::permission_denied`, and the error names the
    //! object and its owner.
    //!
    //! Returns: `*this`.
    //! Throws: nothing.
    //! Complexity: constant.
    queue_options&
    permissions(const boost::interprocess::permissions& value) noexcept
    {
        m_permissions = value;
        return *this;
    }

    //! Effects: sets how long the queue exists. Default: `persistent`.
    //! Returns: `*this`.
    //! Throws: nothing.
    //! Complexity: constant.
    queue_options& lifetime(boost_ipq::lifetime value) noexcept
    {
        m_lifetime = value;
        m_lifetime_set = true;
        return *this;
    }

    //! Requires: `value` is 8, 16, 32 or 64.
    //! Effects: sets the alignment of every message, in bytes. It is larger if
    //! the type given to `message_type()` needs more. Default: 8.
    //! Returns: `*this`.
    //! Throws: `std::invalid_argument` for other values.
    //! Complexity: constant.
    queue_options& message_alignment(std::size_t value);

    //! Requires: `alignment` is a power of two up to 64; `name` has at most 251
    //! characters.
    //! Effects: records that every message is an object of a type of that size
    //! and alignment, in bytes, and of that name, if it is not empty. A size of
    //! 0 stands for messages of any size. Typed handles call this function.
    //! Options with a type open queues of that type and queues without a type,
    //! which have that type from then on. Names are compared if both are not
    //! empty. Options without a type open any queue.
    //! Returns: `*this`.
    //! Throws: `std::invalid_argument` for other alignments and longer names;
    //! `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options& message_type(
        std::size_t size, std::size_t alignment, std::string_view name = {});

    //! Requires: the directory exists when the queue is created or opened.
    //! Effects: keeps the queue in a file in that directory instead of in
    //! shared memory. Its messages survive the end of all processes and a
    //! restart of the system. A queue in a different directory, or in shared
    //! memory, is a different queue, even if it has the same name. An empty
    //! path, the default, means shared memory. On Windows the path is UTF-8; a
    //! text that is not UTF-8 is one of the ANSI code page.
    //! Returns: `*this`.
    //! Throws: `std::system_error` if the path is relative and there is no
    //! working directory; `std::bad_alloc`.
    //! Complexity: linear in the length of the path.
    queue_options& directory(const std::string& path);

    //! Effects: if `true`, core dumps of this process contain the memory of the
    //! queue. By default they do not, where the system can leave it out
    //! (Linux): a large queue would make them large, and messages may be
    //! confidential. It concerns only the processes that ask for it. In a
    //! process, one handle that asks for it is enough as long as any handle of
    //! the queue is open. A queue inside one process (`heap_storage`) is
    //! ordinary memory, which dumps always contain.
    //!
    //! Returns: `*this`.
    //!
    //! Throws: nothing.
    //!
    //! Complexity: constant.
    queue_options& dump_core(bool value) noexcept
    {
        m_dump_core = value;
        return *this;
    }

    //! Effects: if `true`, a queue that is created uses huge pages of 2 MiB, as
    //! far as the system has some: processes that use a large queue then take a
    //! page fault for each 2 MiB instead of each 4 KiB, and need fewer entries
    //! of the processor's address cache. Linux 6.1 and later makes them in
    //! shared memory and in a directory of a tmpfs, whatever the settings of
    //! `transparent_hugepage`, except for `deny` in `shmem_enabled`. Elsewhere,
    //! and where memory is fragmented, the queue has ordinary pages: nothing
    //! fails. `ShmemPmdMapped` in `/proc/PID/smaps` shows how much of a mapped
    //! segment consists of huge pages. A queue that exists, and one inside one
    //! process (`heap_storage`), stays as it is.
    //!
    //! Returns: `*this`.
    //!
    //! Throws: nothing.
    //!
    //! Complexity: constant.
    queue_options& huge_pages(bool value) noexcept
    {
        m_huge_pages = value;
        return *this;
    }

    //! Requires: `node` is at most 1023.
    //!
    //! Effects: a queue that is created takes its memory from that NUMA node,
    //! whichever processor runs its processes. If the node has no free memory
    //! left, the rest comes from other nodes. That needs Linux, and a queue in
    //! shared memory or in a directory of a tmpfs. Creation fails with
    //! errc::invalid_argument if there is no such node or this process may not
    //! use it, with errc::permission_denied if a sandbox refuses the system
    //! call (mbind), and with `boost::system::errc::function_not_supported`
    //! elsewhere. A queue that exists, and one inside one process
    //! (`heap_storage`), stays as it is. Default: the system decides, usually
    //! for the node of the creator.
    //!
    //! Returns: `*this`.
    //!
    //! Throws: `std::invalid_argument` for larger numbers.
    //!
    //! Complexity: constant.
    queue_options& numa_node(unsigned node);

    //! Effects: sets what the publishers of a broadcast do when a subscriber is
    //! slow. Default: `block`. It means nothing for a queue.
    //!
    //! Returns: `*this`.
    //!
    //! Throws: nothing.
    //!
    //! Complexity: constant.
    queue_options& overflow(boost_ipq::overflow value) noexcept
    {
        m_overflow = value;
        m_overflow_set = true;
        return *this;
    }

    //! Effects: sets how long a call that must not wait (try_enqueue(),
    //! try_dequeue(), consume_all(), repair() and the like) waits for a process
    //! that is stopped, by a debugger or by SIGSTOP, while it holds a lock of
    //! the queue. The call fails with `queue_busy` then. With zero or less it
    //! fails after some microseconds, also if a running process was only
    //! preempted. The time is that of this handle; it is not recorded in the
    //! queue. Default: one second.
    //!
    //! Returns: `*this`.
    //!
    //! Throws: nothing.
    //!
    //! Complexity: constant.
    queue_options& busy_after(std::chrono::nanoseconds time) noexcept
    {
        m_busy_after = time;
        return *this;
    }

    //! Requires: a valid name.
    //! Returns: a copy of these options with a different name.
    //! Throws: `std::invalid_argument` for a bad name; `std::bad_alloc`.
    //! Complexity: linear in the length of the name.
    queue_options renamed(const std::string& name) const;

    //! Returns: the name of the queue.
    const std::string& name() const noexcept { return m_name; }

    //! Returns: the capacity in bytes; 0 if none was given.
    std::size_t capacity() const noexcept { return m_capacity; }

    //! Returns: the permissions.
    const boost::interprocess::permissions& permissions() const noexcept
    {
        return m_permissions;
    }

    //! Returns: the lifetime.
    boost_ipq::lifetime lifetime() const noexcept { return m_lifetime; }

    //! Returns: what publishers of a broadcast do when a subscriber is slow.
    //!
    //! Throws: nothing.
    boost_ipq::overflow overflow() const noexcept { return m_overflow; }

    //! Returns: whether a broadcast must have this overflow() to be opened.
    //!
    //! Throws: nothing.
    bool demands_overflow() const noexcept
    {
        return m_complete || m_overflow_set;
    }

    //! Returns: how long a call that must not wait waits for a stopped process.
    //!
    //! Throws: nothing.
    std::chrono::nanoseconds busy_after() const noexcept
    {
        return m_busy_after;
    }

    //! Returns: the absolute path of the directory; empty for shared memory.
    const std::string& directory() const noexcept { return m_directory; }

    //! Returns: whether core dumps contain the queue's memory.
    //!
    //! Throws: nothing.
    bool dump_core() const noexcept { return m_dump_core; }

    //! Returns: whether a queue that is created uses huge pages.
    //!
    //! Throws: nothing.
    bool huge_pages() const noexcept { return m_huge_pages; }

    //! Returns: the NUMA node of a queue that is created; empty: any.
    //!
    //! Throws: nothing.
    std::optional<unsigned> numa_node() const noexcept { return m_numa_node; }

    //! Returns: the alignment of message bodies in bytes.
    //!
    //! Throws: nothing.
    std::size_t message_alignment() const noexcept
    {
        return m_alignment < m_type_alignment ? m_type_alignment : m_alignment;
    }

    //! Returns: the size of the message type in bytes; 0 if there is none.
    std::size_t type_size() const noexcept { return m_type_size; }

    //! Returns: the alignment of the message type in bytes; 0 if there is none.
    std::size_t type_alignment() const noexcept { return m_type_alignment; }

    //! Returns: the name of the message type; empty if there is none.
    const std::string& type_name() const noexcept { return m_type_name; }

    //! Returns: how often a message is delivered; 0: no limit.
    //!
    //! Throws: nothing.
    std::uint32_t max_deliveries() const noexcept { return m_max_deliveries; }

    //! Returns: the name of the dead-letter queue; empty if there is none.
    //!
    //! Throws: nothing.
    const std::string& dead_letter() const noexcept { return m_dead_letter; }

    //! Returns: whether a queue must have this limit of deliveries and this
    //! dead-letter queue to be opened.
    bool demands_dead_letter() const noexcept
    {
        return m_complete || m_max_deliveries != 0 || !m_dead_letter.empty();
    }

    //! Returns: whether a queue must have this lifetime to be opened.
    bool demands_lifetime() const noexcept
    {
        return m_complete || m_lifetime_set;
    }

    //! Returns: whether a queue must have this alignment to be opened.
    bool demands_alignment() const noexcept
    {
        return m_complete || m_alignment_set;
    }

    // For the library's own use: set by the constructors of handles.
    detail::queue_kind kind() const noexcept { return m_kind; }
    queue_options of_kind(detail::queue_kind kind) const;
    std::size_t history() const noexcept { return m_history; }
    queue_options with_history(std::size_t messages) const;

private:
    friend class detail::dead_letter_options;

    std::string m_name;
    std::string m_directory{};
    std::string m_dead_letter{};
    std::uint32_t m_max_deliveries = 0;
    std::string m_type_name{};
    std::size_t m_capacity = 0;
    std::size_t m_alignment = detail::min_alignment;
    std::size_t m_type_size = 0;
    std::size_t m_type_alignment = 0;
    boost_ipq::lifetime m_lifetime = boost_ipq::lifetime::persistent;
    boost::interprocess::permissions m_permissions;
    bool m_dump_core = false;
    bool m_huge_pages = false;
    std::optional<unsigned> m_numa_node{};
    std::chrono::nanoseconds m_busy_after = detail::default_busy_after;
    bool m_joins_any = false;
    bool m_complete = false;
    bool m_lifetime_set = false;
    bool m_alignment_set = false;
    boost_ipq::overflow m_overflow = boost_ipq::overflow::block;
    bool m_overflow_set = false;
    detail::queue_kind m_kind = detail::queue_kind::any;
    std::size_t m_history = 0; // messages that a broadcast's subscriber gets
};

} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/queue_options.ipp>
#endif

#endif
