// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BASIC_HANDLE_HPP
#define BOOST_IPQ_BASIC_HANDLE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace boost_ipq {

//! The base class of basic_publisher and basic_subscriber: construction,
//! cancel(), close() and the observers. Programs do not name it.
//!
//! What holds for every call, unless its description says otherwise:
//!
//! Complexity: constant.
//!
//! Thread safety: several threads may use one handle at once. Assignment,
//! close() and destruction may run while other threads wait in the handle, but
//! not while they are in any other call.
//!
//! Crash safety: a process that dies affects no other process.
template <class Side, class Allocator, class Storage>
class basic_handle
{
public:
    //! The allocator of the handle.
    using allocator_type = Allocator;

    //! Effects: makes a closed handle.
    //! Throws: nothing.
    basic_handle() = default;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens the queue. The handle allocates with
    //! `allocator`, and so does a queue in heap_storage that it creates.
    //! Throws: queue_mismatch if the queue differs from the options;
    //! queue_corrupt if it is damaged; `error` with errc::not_found
    //! (open_only), errc::already_exists (create_only), errc::no_space,
    //! errc::permission_denied, errc::too_many_processes, or an error of the
    //! system; std::invalid_argument if the queue must be created and the
    //! options contain no capacity; std::bad_alloc. A queue that another
    //! process is creating is not found by open_only; the other modes wait for
    //! it.
    //! Complexity: creating a queue makes the system reserve each of its pages
    //! once. Opening one takes a few
    //! system calls and maps up to 64 MiB. Both wait while another process
    //! creates, opens or removes the queue. Crash safety: if the process dies
    //! while it creates the queue, the next process that opens or creates the
    //! queue removes what is left of it.
    template <class Mode>
    basic_handle(
        Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : m_allocator(allocator),
          m_handle(detail::mode_of(mode), options, allocator)
    {
    }

    //! As basic_handle(mode, options, allocator), but reports failure through
    //! `ec`, and the handle is closed then. Invalid options, such as a bad
    //! name, set errc::invalid_argument.
    template <class Mode>
    basic_handle(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            m_handle =
                handle_type(detail::mode_of(mode), options.get(), allocator);
            return true;
        });
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as basic_handle(mode, options, allocator), but waits for a
    //! process that creates, opens or removes the queue, and may have been
    //! stopped meanwhile, only until the deadline has passed or a stop was
    //! requested. A queue that can be opened at once is opened in any case.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    basic_handle(
        Mode mode, const queue_options& options, const Limit& limit,
        const Allocator& allocator = Allocator())
        : m_allocator(allocator),
          m_handle(detail::limited(limit, [&](const detail::lock_limit& until) {
              return handle_type(
                  detail::mode_of(mode), options, allocator, until);
          }))
    {
    }

    //! As basic_handle(mode, options, limit, allocator), but reports failure
    //! through `ec`, and the handle is closed then.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    basic_handle(
        Mode mode, const detail::options_argument& options, const Limit& limit,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            m_handle =
                detail::limited(limit, [&](const detail::lock_limit& until) {
                    return handle_type(
                        detail::mode_of(mode), options.get(), allocator, until);
                });
            return true;
        });
    }

    //! Effects: moves the queue to this handle; `other` is closed afterwards.
    //! Throws: nothing.
    basic_handle(basic_handle&& other) = default;

    //! Effects: close(), then moves the queue to this handle; `other` is closed
    //! afterwards. The allocator moves if it propagates on move assignment.
    //! Throws: nothing.
    basic_handle& operator=(basic_handle&& other) noexcept
    {
        using traits = std::allocator_traits<Allocator>;
        if constexpr (traits::propagate_on_container_move_assignment::value)
            m_allocator = std::move(other.m_allocator);
        m_handle = std::move(other.m_handle);
        return *this;
    }

    //! Effects: close().
    //! Throws: nothing.
    ~basic_handle() = default;

    //! Effects: ends the waits of all threads in this handle, and returns when
    //! they have ended. The canceled calls return false or an empty object;
    //! those that have no such result throw `error` with errc::canceled.
    //! Overloads that take an error_code& set errc::canceled. Later calls wait
    //! again: a thread that is between two calls is not reached. To end a
    //! program, use stop().
    //! Throws: nothing.
    //! Complexity: linear in the waiting threads.
    //! Thread safety: safe. Not async-signal-safe.
    void cancel() noexcept { m_handle.cancel(); }

    //! Effects: ends waiting in this handle for good. Calls that wait now, and
    //! later ones, still take what is there, also what was sent just before;
    //! instead of waiting they return false or an empty object, and those that
    //! have no such result throw `error` with errc::stopped. Overloads that
    //! take an error_code& set errc::stopped. Calls that do not wait are not
    //! affected, nor are other handles, of this process or of others. Does
    //! nothing if the handle is closed. See doc/ending_a_daemon.md for when to
    //! use stop(), and when cancel().
    //! Throws: nothing.
    //! Complexity: one system call for each thread that sleeps in a handle of
    //! the queue. A thread that sleeps ends its wait at once, or, if a
    //! different sleeper took its wake-up, within 50 ms.
    //! Thread safety: safe. Async-signal-safe; not while the handle is being
    //! opened, moved, closed or destroyed. In a forked child it stops the
    //! child's copy, and a copy of a stopped handle is stopped.
    void stop() noexcept { m_handle.stop(); }

    //! Returns: whether stop() was called. False if the handle is closed.
    //! Throws: nothing. Thread safety: safe; async-signal-safe.
    bool stopped() const noexcept { return m_handle.stopped(); }

    //! Effects: cancel(), then leaves the queue. If it was the last handle of a
    //! queue with lifetime::while_open, the queue is removed. Does nothing if
    //! the handle is closed.
    //! Throws: nothing.
    //! Complexity: that of cancel(); the last handle of a process takes a few
    //! system calls. If a stopped process is creating, opening or removing a
    //! queue with lifetime::while_open, the call ends after a second, and the
    //! next process that opens the queue removes it.
    //! Thread safety: other threads may be waiting in the handle.
    //! Crash safety: a process that dies has left the queue.
    void close() noexcept { m_handle.close(); }

    //! Returns: whether the handle is open.
    //! Throws: nothing.
    bool is_open() const noexcept { return m_handle.is_open(); }

    //! Returns: whether the queue was removed while this handle had it open.
    //! Calls that send fail with errc::queue_removed then; calls that receive
    //! deliver what is left before they fail. False if the handle is closed.
    //! remove_queue() shows at once; a queue whose files were deleted by other
    //! means shows when a call that waits has noticed, within a second.
    //! Throws: nothing.
    //! Complexity: constant; looks only at shared memory.
    //! Thread safety: safe.
    bool removed() const noexcept { return m_handle.removed(); }

    //! Returns: the number of messages that wait in the queue: those that are
    //! not taken, and those to be delivered again. A message that is being
    //! filled or recovered counts, one that is being read in place does not. An
    //! abandoned reservation counts as long as a message is in front of it. A
    //! hint while others work. 0 if the handle is closed.
    //! Throws: nothing.
    //! Complexity: constant; looks only at shared memory.
    //! Thread safety: safe.
    std::size_t size() const noexcept { return m_handle.contents().messages; }

    //! Returns: the bytes of the capacity in use, those of messages that are
    //! being filled or read in place included. A hint while others work. Some
    //! padding counts: behind the oldest 64 records, and between taken ones. 0
    //! if the handle is closed.
    //! Throws: nothing. Complexity, thread safety: as size().
    std::size_t bytes() const noexcept { return m_handle.bytes(); }

    //! Returns: whether size() is 0.
    //! Throws: nothing. Complexity, thread safety: as size().
    bool empty() const noexcept { return size() == 0; }

    //! Returns: the capacity in bytes with which the queue was created. 0 if
    //! the handle is closed.
    //! Throws: nothing. Thread safety: safe.
    std::size_t capacity() const noexcept { return m_handle.capacity(); }

    //! Returns: the number of processes that have an open publisher. One that
    //! died counts until a process has noticed. A hint while others work. 0 if
    //! the handle is closed.
    //! Throws: nothing.
    //! Complexity: linear in the most processes that ever had the queue open at
    //! once; looks only at shared memory.
    //! Thread safety: safe.
    std::size_t publishers() const noexcept { return m_handle.publishers(); }

    //! As publishers(), for subscribers.
    std::size_t subscribers() const noexcept { return m_handle.subscribers(); }

    //! Requires: is_open().
    //! Returns: the size in bytes of the longest message that fits the queue.
    //! Throws: nothing.
    std::size_t max_message_size() const noexcept
    {
        return m_handle.ring().ring().max_length();
    }

    //! Returns: a copy of the handle's allocator.
    Allocator get_allocator() const { return m_allocator; }

protected:
    friend struct detail::handle_access;

    using handle_type = detail::queue_handle<Side, Storage>;

    Allocator m_allocator;
    handle_type m_handle{};
};

} // namespace boost_ipq

#endif
