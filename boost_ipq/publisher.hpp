// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_PUBLISHER_HPP
#define BOOST_IPQ_PUBLISHER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Sends messages. Also includes what concerns a queue itself: options,
//! removal, inspection, the factory.

// First: a compiler prints each header between the program and an error.
#include <boost_ipq/detail/handle/misuse.hpp>

#include <boost_ipq/basic_handle.hpp>
#include <boost_ipq/basic_sender.hpp>
#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/reservation.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <utility>

namespace boost_ipq {

//! Sends messages to a queue.
//!
//! Any number of publishers in any number of processes may have a queue open.
//! The messages of one publisher arrive in the order sent.
//!
//! A message is given as a pointer and a size in bytes, or as a contiguous
//! range of trivially copyable elements: std::string_view, std::vector,
//! std::array, std::span, an array, boost::asio::const_buffer. An array of
//! char, and so a string literal, is sent whole, with its terminating zero.
//!
//! What holds for every sending call, unless its description says otherwise:
//!
//! Stopping: after stop(), a call that waits sends if there is room, and else
//! returns false or an empty reservation, sets errc::stopped, or throws it.
//!
//! Throws: message_too_large if the message could never fit the queue;
//! queue_corrupt if the queue's memory is damaged; queue_removed if the queue
//! was removed (a reservation can still be committed); queue_busy if a call
//! that must not wait finds a lock held by a process that is stopped, see
//! queue_options::busy_after(); `error` with errc::invalid_argument for a null
//! pointer with a size, and with errc::closed if the handle is not open.
//!
//! Complexity: one copy of the message. No allocation. A call that need not
//! wait makes no system call, except to wake a subscriber that sleeps, and to
//! yield the processor once if another publisher has waited long for the lock
//! of the publishers. If it has to wait for that lock, or the queue is full, it
//! may also ask the kernel whether another process is alive. At the end of a
//! burst, the first call that finds the queue full looks again less than a
//! microsecond later; if there is room then, it waits a few microseconds for
//! more room.
//!
//! Thread safety: safe. If a process is stopped inside a call (by SIGSTOP or in
//! a debugger), the waiting calls of other publishers may wait until it
//! continues; calls that must not wait, such as the `try_` calls, end with
//! queue_busy. A forked child may use its copy of a handle; its first call
//! joins the queue. Not async-signal-safe.
//!
//! Crash safety: a message whose sending call has reported success is
//! delivered. A message that is being sent when the process dies is delivered
//! whole or not at all. No other process waits for the dead process.
template <class Allocator, class Storage>
class basic_publisher : public basic_sender<basic_handle<
                            typename detail::publisher_side_of<Storage>::type,
                            Allocator, Storage>>
{
    using base = basic_sender<basic_handle<
        typename detail::publisher_side_of<Storage>::type, Allocator, Storage>>;

public:
    //! As the constructors of basic_handle.
    using base::base;

    //! Effects: sends a message. If there is no room for it, drops the oldest
    //! messages until there is, and sets `dropped` to their number, otherwise
    //! to 0. Messages that were given back are dropped, too.
    //! Returns: false, with `dropped` 0, if what is in the way is not a message
    //! that waits: another process fills it, or reads it in place.
    //! Complexity: linear in the messages that are dropped. Both locks of the
    //! queue.
    //! Crash safety: if the process dies in the call, the oldest messages may
    //! have been dropped, and the message is sent whole or not at all.
    bool try_enqueue_overwriting(
        const void* data, std::size_t size, std::size_t& dropped)
    {
        return sent_over(data, size, dropped);
    }

    //! As try_enqueue_overwriting(data, size, dropped), but reports failure
    //! through `ec`, and returns false then.
    bool try_enqueue_overwriting(
        const void* data, std::size_t size, std::size_t& dropped,
        boost::system::error_code& ec)
    {
        return sent_over(data, size, dropped, ec);
    }

    //! As try_enqueue_overwriting(data, size, dropped), with the bytes of a
    //! range.
    template <class Range, detail::if_byte_range<Range> = 0>
    bool try_enqueue_overwriting(const Range& range, std::size_t& dropped)
    {
        const detail::byte_view message(range);
        return sent_over(message.data, message.size, dropped);
    }

    //! As try_enqueue_overwriting(data, size, dropped, ec), with the bytes of a
    //! range.
    template <class Range, detail::if_byte_range<Range> = 0>
    bool try_enqueue_overwriting(
        const Range& range, std::size_t& dropped, boost::system::error_code& ec)
    {
        const detail::byte_view message(range);
        return sent_over(message.data, message.size, dropped, ec);
    }

    //! Requires: each element of [first, last) is a range of bytes. The call
    //! iterates more than once.
    //! Effects: sends as many of the elements as fit, from `first` on, each as
    //! one message, in one publication: subscribers see all of them or none.
    //! Returns: the number of messages sent; 0 if the queue is full.
    //! Throws: also what the iterators throw. No message was sent then.
    //! Complexity: one copy of each message, one lock, at most one wake-up of
    //! each sleeping subscriber.
    //! Crash safety: if the process dies during the call, all messages are sent
    //! or none.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(ForwardIterator first, ForwardIterator last)
    {
        return sent_all(first, last);
    }

    //! As try_enqueue_all(first, last), but reports failure through `ec`, and
    //! returns 0 then.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(
        ForwardIterator first, ForwardIterator last,
        boost::system::error_code& ec)
    {
        return sent_all(first, last, ec);
    }

    //! Effects: reserves room for a message of `size` bytes, if there is room
    //! now. The caller fills it in place and commits it.
    //! Returns: an empty reservation if the queue is full.
    //! Complexity: constant. No copy.
    BOOST_FORCEINLINE reservation try_reserve(std::size_t size)
    {
        reservation result;
        if (m_handle.try_once(detail::reserving{result.m_record, size}))
            result.m_queue = m_handle.queue().get();
        return result;
    }

    //! As try_reserve(size), but reports failure through `ec`, and returns an
    //! empty reservation then.
    reservation try_reserve(std::size_t size, boost::system::error_code& ec)
    {
        return reserved(size, [&](detail::reserving attempt) {
            return m_handle.try_once(attempt, ec);
        });
    }

    //! Effects: waits for room, and reserves it for a message of `size` bytes.
    //! Returns: an empty reservation if the wait was canceled by cancel() or
    //! close().
    //! Complexity: constant. No copy.
    reservation reserve(std::size_t size)
    {
        return reserved_within(size, detail::no_limit());
    }

    //! As reserve(size), but reports failure through `ec`, and returns an empty
    //! reservation then. A canceled wait sets errc::canceled.
    reservation reserve(std::size_t size, boost::system::error_code& ec)
    {
        return reserved_within(size, detail::no_limit(), ec);
    }

    //! Effects: waits for room until `stop.stop_requested()`, and reserves it.
    //! Returns: an empty reservation if a stop was requested, or the wait was
    //! canceled by cancel() or close().
    //! Complexity: constant. No copy.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    reservation reserve(std::size_t size, const Stop& stop)
    {
        return reserved_within(size, detail::until_stopped(stop));
    }

    //! As reserve(size, stop), but reports failure through `ec`, and returns an
    //! empty reservation then. A canceled wait sets errc::canceled.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    reservation
    reserve(std::size_t size, const Stop& stop, boost::system::error_code& ec)
    {
        return reserved_within(size, detail::until_stopped(stop), ec);
    }

    //! Effects: waits for room until a time point or for a duration, as
    //! timed_enqueue() does, and reserves it.
    //! Returns: an empty reservation if the deadline has passed, or the wait
    //! was canceled by cancel() or close().
    //! Complexity: constant. No copy.
    template <class Time, detail::if_deadline<Time> = 0>
    reservation timed_reserve(std::size_t size, const Time& deadline)
    {
        return reserved_within(size, detail::until(deadline));
    }

    //! As timed_reserve(size, deadline), but reports failure through `ec`, and
    //! returns an empty reservation then. A canceled wait sets errc::canceled.
    template <class Time, detail::if_deadline<Time> = 0>
    reservation timed_reserve(
        std::size_t size, const Time& deadline, boost::system::error_code& ec)
    {
        return reserved_within(size, detail::until(deadline), ec);
    }

    // Calls that no other overload takes: the compiler says what to do instead.
    template <class Time, class... Code, detail::if_no_deadline<Time> = 0>
    reservation timed_reserve(std::size_t, const Time&, Code&...)
    {
        detail::explain_deadline<Time>();
        return {};
    }

private:
    friend class queue_factory;
    using base::m_handle;

    template <class... Code>
    bool sent_over(
        const void* data, std::size_t size, std::size_t& dropped, Code&... ec)
    {
        const bool result =
            m_handle.try_once(detail::sending_over{data, size, dropped}, ec...);
        // There may be room for others.
        if (dropped != 0)
            m_handle.queue()->room().notify_all();
        return result;
    }

    template <class Iterator, class... Code>
    std::size_t sent_all(Iterator first, Iterator last, Code&... ec)
    {
        std::size_t sent = 0;
        if (m_handle.try_once(
                detail::sending_all<Iterator>{first, last, sent}, ec...) &&
            sent != 0) // a closed handle sends an empty range, too
            m_handle.queue()->messages().notify(sent);
        return sent;
    }

    template <class Limit, class... Code>
    reservation
    reserved_within(std::size_t size, const Limit& limit, Code&... ec)
    {
        return reserved(size, [&](detail::reserving attempt) {
            return m_handle.wait(attempt, limit, ec...);
        });
    }

    // Returns the reservation that `operation` makes.
    template <class Operation>
    reservation reserved(std::size_t size, Operation operation)
    {
        reservation result;
        // The handle may be gone after a wait.
        detail::attachment* const queue = m_handle.queue().get();
        if (operation(detail::reserving{result.m_record, size}))
            result.m_queue = queue;
        return result;
    }
};

namespace detail {
BOOST_IPQ_DETAIL_EXTERN_INSTANCES(publisher_side, sending)
BOOST_IPQ_DETAIL_EXTERN_INSTANCES(publisher_side, reserving)
} // namespace detail

// A handle's allocator follows from the constructor's argument.
template <class Mode, class Options>
basic_publisher(Mode, const Options&) -> basic_publisher<>;
template <class Mode, class Options, class Allocator>
basic_publisher(Mode, const Options&, const Allocator&)
    -> basic_publisher<Allocator>;
template <class Mode, class Options>
basic_publisher(Mode, const Options&, boost::system::error_code&)
    -> basic_publisher<>;
template <class Mode, class Options, class Allocator>
basic_publisher(
    Mode, const Options&, boost::system::error_code&, const Allocator&)
    -> basic_publisher<Allocator>;

} // namespace boost_ipq

#include <boost_ipq/inspect.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/wait_for_queue.hpp>

#endif
