// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_BASIC_HANDLE_HPP
#define BOOST_IPQ_CLOUDTOID_BASIC_HANDLE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/handle.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace cloudtoid {

//! The base class of publisher and basic_subscriber: cancel(), stop(), close()
//! and the observers. Programs do not name it.
//!
//! Thread safety: several threads may use one handle at once. Assignment,
//! close() and destruction may run while other threads wait in the handle, but
//! not while they are in any other call.
//!
//! Crash safety: a process that dies has left the queue.
template <class End, class Allocator>
class basic_handle
{
public:
    //! The allocator of the handle.
    using allocator_type = Allocator;

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

    //! Returns: whether the handle is open.
    //! Throws: nothing.
    bool is_open() const noexcept { return m_handle.is_open(); }

    //! Requires: is_open().
    //! Returns: whether all messages have been taken; a hint while others work.
    //! A publisher that is the last participant ends the queue, also its
    //! messages: it can wait for this first.
    //! Throws: nothing.
    bool empty() const noexcept { return m_handle.end().is_empty(); }

    //! Requires: is_open().
    //! Returns: the capacity of the queue, in bytes.
    //! Throws: nothing.
    std::size_t capacity() const noexcept { return m_handle.end().capacity(); }

    //! Requires: is_open().
    //! Returns: the size in bytes of the longest message that fits the queue:
    //! its capacity less 8 bytes, and at most 2^31 - 1.
    //! Throws: nothing.
    std::size_t max_message_size() const noexcept
    {
        return m_handle.end().max_length();
    }

    //! Effects: ends the waits of all threads in this handle, and returns when
    //! they have ended, which takes some milliseconds. The canceled calls
    //! return false; those that have no such result throw `error` with
    //! errc::canceled. Overloads that take an error_code& set errc::canceled.
    //! Later calls wait again.
    //! Throws: nothing.
    //! Thread safety: safe. Not async-signal-safe.
    void cancel() noexcept { m_handle.cancel(); }

    //! Effects: from now on, waiting calls do what can be done at once, and do
    //! not wait: they return false. Those that have no such result throw
    //! `error` with errc::stopped, and overloads that take an error_code& set
    //! it. Threads that wait notice within some milliseconds.
    //! Throws: nothing.
    //! Thread safety: safe. Async-signal-safe.
    void stop() noexcept { m_handle.stop(); }

    //! Returns: whether stop() was called.
    //! Throws: nothing.
    bool stopped() const noexcept { return m_handle.is_stopped(); }

    //! Effects: cancel(), then leaves the queue. The last participant in any
    //! process removes it. Does nothing if the handle is closed.
    //! Throws: nothing.
    //! Complexity: some system calls. Waits while another process opens or
    //! closes a queue in the same directory.
    //! Thread safety: other threads may be waiting in the handle.
    void close() noexcept { m_handle.close(); }

    //! Returns: a copy of the handle's allocator.
    Allocator get_allocator() const { return m_allocator; }

protected:
    using handle_type = detail::cloudtoid::handle<End>;

    basic_handle() = default;

    basic_handle(const queue_options& options, const Allocator& allocator)
        : m_allocator(allocator),
          m_handle(
              detail::platform::cloudtoid_place{options.name(), options.path()},
              options.capacity())
    {
    }

    basic_handle(
        const queue_options& options, boost::system::error_code& ec,
        const Allocator& allocator)
        : m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            m_handle = basic_handle(options, allocator).m_handle;
            return true;
        });
    }

    Allocator m_allocator;
    handle_type m_handle{};
};

} // namespace cloudtoid
} // namespace boost_ipq

#endif
