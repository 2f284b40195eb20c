// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_PUBLISHER_HPP
#define BOOST_IPQ_CLOUDTOID_PUBLISHER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/attempts.hpp>
#include <boost_ipq/detail/cloudtoid/handle.hpp>
#include <boost_ipq/detail/cloudtoid/writer.hpp>
#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/handle/misuse.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {
namespace cloudtoid {

//! Sends messages to a queue of cloudtoid/interprocess, version 3. Programs in
//! other languages may have it open with the packages of that project.
//!
//! A message is given as a pointer and a size in bytes, or as a contiguous
//! range of trivially copyable elements, as for boost_ipq::publisher. The
//! messages of one publisher arrive in the order sent.
//!
//! What holds for every sending call, unless its description says otherwise:
//!
//! Throws: message_too_large if the message could never fit the queue;
//! queue_corrupt if the queue's memory is damaged; `error` with
//! errc::invalid_argument for a null pointer with a size, and with errc::closed
//! if the handle is not open or belongs to the parent of this process.
//!
//! Complexity: one copy of the message. No allocation. No system call, except
//! to wake a subscriber that sleeps. A call that waits looks again and again,
//! with longer and longer pauses, of at most a millisecond: the protocol has no
//! signal for room.
//!
//! Thread safety: safe. Not async-signal-safe, except stop(). A process that is
//! stopped inside a call holds up the subscribers until it continues.
//!
//! Crash safety: a message whose sending call has reported success is
//! delivered, unless the queue ends first, or a publisher died while it sent an
//! earlier message: after ten seconds, subscribers drop that message and those
//! that were sent after it until then. That is the protocol's rule.
class publisher
{
public:
    //! Effects: makes a closed handle.
    //! Throws: nothing.
    publisher() = default;

    //! Effects: opens the queue, or creates it if no process has it open.
    //! Throws: queue_mismatch if the queue has a different capacity;
    //! queue_corrupt if it is damaged; `error` with
    //! errc::too_many_processes if it has 2,048 publishers; `error` with
    //! errc::no_space, errc::permission_denied, or an error of the system;
    //! std::bad_alloc. Complexity: some system calls. Creating a queue makes
    //! the system reserve its pages. Waits while another process opens or
    //! closes a queue in the same directory.
    explicit publisher(const queue_options& options)
        : m_handle(
              detail::platform::cloudtoid_place{options.name(), options.path()},
              options.capacity())
    {
    }

    //! As publisher(options), but reports failure through `ec`, and the
    //! handle is closed then.
    publisher(const queue_options& options, boost::system::error_code& ec)
    {
        detail::reported(ec, [&] {
            *this = publisher(options);
            return true;
        });
    }

    //! Effects: moves the queue to this handle; `other` is closed afterwards.
    //! Throws: nothing.
    publisher(publisher&& other) = default;

    //! Effects: close(), then moves the queue to this handle; `other` is closed
    //! afterwards.
    //! Throws: nothing.
    publisher& operator=(publisher&& other) = default;

    //! Effects: close().
    //! Throws: nothing.
    ~publisher() = default;

    //! Effects: sends a message if there is room now.
    //! Returns: false if the queue is full, or a subscriber keeps publishers
    //! out for a moment: after a death, it removes what was left.
    BOOST_FORCEINLINE bool try_enqueue(const void* data, std::size_t size)
    {
        return m_handle.try_once(detail::cloudtoid::sending{data, size});
    }

    //! As try_enqueue(data, size), but reports failure through `ec`, and
    //! returns false then.
    bool try_enqueue(
        const void* data, std::size_t size, boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::cloudtoid::sending{data, size}, ec);
    }

    //! As try_enqueue(data, size), with the bytes of a range.
    template <class Range, detail::if_byte_range<Range> = 0>
    BOOST_FORCEINLINE bool try_enqueue(const Range& range)
    {
        const detail::byte_view message(range);
        return try_enqueue(message.data, message.size);
    }

    //! As try_enqueue(data, size, ec), with the bytes of a range.
    template <class Range, detail::if_byte_range<Range> = 0>
    bool try_enqueue(const Range& range, boost::system::error_code& ec)
    {
        const detail::byte_view message(range);
        return try_enqueue(message.data, message.size, ec);
    }

    //! Effects: waits for room, and sends a message.
    //! Throws: also `error` with errc::canceled after cancel() or close(),
    //! and with errc::stopped after stop().
    void enqueue(const void* data, std::size_t size)
    {
        m_handle.complete(detail::cloudtoid::sending{data, size});
    }

    //! As enqueue(data, size), but reports failure through `ec`.
    void
    enqueue(const void* data, std::size_t size, boost::system::error_code& ec)
    {
        m_handle.wait(
            detail::cloudtoid::sending{data, size}, detail::forever(), ec);
    }

    //! As enqueue(data, size), with the bytes of a range.
    template <class Range, detail::if_byte_range<Range> = 0>
    void enqueue(const Range& range)
    {
        const detail::byte_view message(range);
        enqueue(message.data, message.size);
    }

    //! As enqueue(data, size, ec), with the bytes of a range.
    template <class Range, detail::if_byte_range<Range> = 0>
    void enqueue(const Range& range, boost::system::error_code& ec)
    {
        const detail::byte_view message(range);
        enqueue(message.data, message.size, ec);
    }

    //! Effects: waits for room until `stop.stop_requested()`, and sends a
    //! message. The token is asked at least every millisecond.
    //! Returns: false if a stop was requested, or the wait was ended by
    //! cancel(), close() or stop().
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(const void* data, std::size_t size, const Stop& stop)
    {
        return m_handle.wait(
            detail::cloudtoid::sending{data, size},
            detail::until_stopped(stop));
    }

    //! As enqueue(data, size, stop), but reports failure through `ec`, and
    //! returns false then. A canceled wait sets errc::canceled,
    //! a stopped one errc::stopped.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(
        const void* data, std::size_t size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::sending{data, size}, detail::until_stopped(stop),
            ec);
    }

    //! As enqueue(data, size, stop), with the bytes of a range.
    template <
        class Range, class Stop, detail::if_byte_range<Range> = 0,
        detail::if_stop_token<Stop> = 0>
    bool enqueue(const Range& range, const Stop& stop)
    {
        const detail::byte_view message(range);
        return enqueue(message.data, message.size, stop);
    }

    //! As enqueue(data, size, stop, ec), with the bytes of a range.
    template <
        class Range, class Stop, detail::if_byte_range<Range> = 0,
        detail::if_stop_token<Stop> = 0>
    bool
    enqueue(const Range& range, const Stop& stop, boost::system::error_code& ec)
    {
        const detail::byte_view message(range);
        return enqueue(message.data, message.size, stop, ec);
    }

    //! Effects: waits for room until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration, and sends a message.
    //! Durations and steady_clock follow the monotonic clock, other time points
    //! their own clock.
    //! Returns: false if the deadline has passed, or the wait was ended by
    //! cancel(), close() or stop().
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_enqueue(const void* data, std::size_t size, const Time& deadline)
    {
        return m_handle.wait(
            detail::cloudtoid::sending{data, size}, detail::until(deadline));
    }

    //! As timed_enqueue(data, size, deadline), but reports failure through
    //! `ec`, and returns false then. A canceled wait sets errc::canceled,
    //! a stopped one errc::stopped.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_enqueue(
        const void* data, std::size_t size, const Time& deadline,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::sending{data, size}, detail::until(deadline),
            ec);
    }

    //! As timed_enqueue(data, size, deadline), with the bytes of a range.
    template <
        class Range, class Time, detail::if_byte_range<Range> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_enqueue(const Range& range, const Time& deadline)
    {
        const detail::byte_view message(range);
        return timed_enqueue(message.data, message.size, deadline);
    }

    //! As timed_enqueue(data, size, deadline, ec), with the bytes of a range.
    template <
        class Range, class Time, detail::if_byte_range<Range> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_enqueue(
        const Range& range, const Time& deadline, boost::system::error_code& ec)
    {
        const detail::byte_view message(range);
        return timed_enqueue(message.data, message.size, deadline, ec);
    }

    //! Requires: each element of [first, last) is a range of bytes. The call
    //! iterates more than once.
    //! Effects: sends as many of the elements as fit, from `first` on, each as
    //! one message. Subscribers may see some of them before others are sent,
    //! and messages of other publishers may come in between.
    //! Returns: the number of messages sent; 0 if the queue is full.
    //! Throws: message_too_large, or what the iterators throw. No message was
    //! sent then, unless an iterator throws only in its second pass.
    //! Complexity: one copy of each message.
    //! Crash safety: if the process dies during the call, the messages that
    //! were sent so far arrive.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(ForwardIterator first, ForwardIterator last)
    {
        std::size_t sent = 0;
        m_handle.try_once(
            detail::cloudtoid::sending_all<ForwardIterator>{first, last, sent});
        return sent;
    }

    //! As try_enqueue_all(first, last), but reports failure through `ec`, and
    //! returns 0 then.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(
        ForwardIterator first, ForwardIterator last,
        boost::system::error_code& ec)
    {
        std::size_t sent = 0;
        m_handle.try_once(
            detail::cloudtoid::sending_all<ForwardIterator>{first, last, sent},
            ec);
        return sent;
    }

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

    // Calls that no other overload takes: the compiler says what to do instead.
    template <
        class... Arguments,
        detail::if_not_sends<detail::call::once, Arguments...> = 0>
    bool try_enqueue(Arguments&&...)
    {
        detail::explain_sending<detail::call::once, Arguments...>();
        return false;
    }
    template <
        class... Arguments,
        detail::if_not_sends<detail::call::waiting, Arguments...> = 0>
    bool enqueue(Arguments&&...)
    {
        detail::explain_sending<detail::call::waiting, Arguments...>();
        return false;
    }
    template <
        class... Arguments,
        detail::if_not_sends<detail::call::timed, Arguments...> = 0>
    bool timed_enqueue(Arguments&&...)
    {
        detail::explain_sending<detail::call::timed, Arguments...>();
        return false;
    }

private:
    detail::cloudtoid::handle<detail::cloudtoid::writer> m_handle{};
};

} // namespace cloudtoid
} // namespace boost_ipq

#endif
