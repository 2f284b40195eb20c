// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_SUBSCRIBER_HPP
#define BOOST_IPQ_CLOUDTOID_SUBSCRIBER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/attempts.hpp>
#include <boost_ipq/detail/cloudtoid/handle.hpp>
#include <boost_ipq/detail/cloudtoid/reader.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/misuse.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace cloudtoid {

//! Receives messages from a queue of cloudtoid/interprocess, version 3.
//! Programs in other languages may have it open with the packages of that
//! project. Subscribers compete: each message goes to exactly one of them.
//!
//! A message is received into a resizable contiguous container of bytes, or
//! into a caller's buffer, as by boost_ipq::subscriber.
//!
//! What holds for every receiving call, unless its description says otherwise:
//!
//! Throws: buffer_too_small if the message is longer than the caller's buffer,
//! with its length in `size`; queue_corrupt if the queue's memory is damaged;
//! `error` with errc::invalid_argument for a null buffer with a capacity, and
//! with errc::closed if the handle is not open or belongs to the parent of this
//! process; what the container's allocator throws. The message stays in the
//! queue then.
//!
//! Complexity: one copy of the message, and its memory is set to zero. No
//! allocation except the container's. A call that need not wait makes no system
//! call, except to ask the kernel whether a subscriber that stands in the way
//! is alive. A call that waits sleeps for at most 5 milliseconds at a time.
//!
//! Thread safety: safe. Not async-signal-safe, except stop(). A process that is
//! stopped inside a call holds up the other subscribers until it continues.
//!
//! Crash safety: a message is lost only if the process dies after the call has
//! begun to remove it. Subscribers continue within a tenth of a second after
//! the death of another subscriber, and ten seconds after the death of a
//! publisher inside a call; then they drop the message that it was sending and
//! those sent after it. That is the protocol's rule.
template <class Allocator = std::allocator<std::byte>>
class basic_subscriber
{
public:
    //! The allocator of the handle.
    using allocator_type = Allocator;

    //! The container that dequeue() returns.
    using message_type = std::vector<
        std::byte, typename std::allocator_traits<
                       Allocator>::template rebind_alloc<std::byte>>;

    //! Effects: makes a closed handle.
    //! Throws: nothing.
    basic_subscriber() = default;

    //! Effects: opens the queue, or creates it if no process has it open.
    //! The handle allocates the messages that it returns with `allocator`.
    //! Throws: queue_mismatch if the queue has a different capacity;
    //! queue_corrupt if it is damaged; `error` with errc::no_space,
    //! errc::permission_denied, or an error of the system; std::bad_alloc.
    //! Complexity: some system calls. Creating a queue makes the system reserve
    //! its pages. Waits while another process opens or closes a queue in the
    //! same directory.
    explicit basic_subscriber(
        const queue_options& options, const Allocator& allocator = Allocator())
        : m_allocator(allocator),
          m_handle(
              detail::platform::cloudtoid_place{options.name(), options.path()},
              options.capacity())
    {
    }

    //! As basic_subscriber(options, allocator), but reports failure through
    //! `ec`, and the handle is closed then.
    basic_subscriber(
        const queue_options& options, boost::system::error_code& ec,
        const Allocator& allocator = Allocator())
        : m_allocator(allocator)
    {
        detail::reported(ec, [&] {
            m_handle = handle_type(
                detail::platform::cloudtoid_place{
                    options.name(), options.path()},
                options.capacity());
            return true;
        });
    }

    //! Effects: moves the queue to this handle; `other` is closed afterwards.
    //! Throws: nothing.
    basic_subscriber(basic_subscriber&& other) = default;

    //! Effects: close(), then moves the queue to this handle; `other` is closed
    //! afterwards. The allocator moves if it propagates on move assignment.
    //! Throws: nothing.
    basic_subscriber& operator=(basic_subscriber&& other) noexcept
    {
        using traits = std::allocator_traits<Allocator>;
        if constexpr (traits::propagate_on_container_move_assignment::value)
            m_allocator = std::move(other.m_allocator);
        m_handle = std::move(other.m_handle);
        return *this;
    }

    //! Effects: close().
    //! Throws: nothing.
    ~basic_subscriber() = default;

    //! Effects: takes the oldest message into a container, if there is a
    //! message now.
    //! Returns: false if there is none, or another subscriber or a publisher
    //! stands in the way: it does not run, or has died recently.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue(Container& message)
    {
        return m_handle.try_once(detail::cloudtoid::into(message));
    }

    //! As try_dequeue(message), but reports failure through `ec`, and returns
    //! false then.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue(Container& message, boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::cloudtoid::into(message), ec);
    }

    //! Effects: takes the oldest message into a buffer of `capacity` bytes, if
    //! there is a message now, and sets `size` to its length.
    //! Returns: as try_dequeue(message).
    BOOST_FORCEINLINE bool
    try_dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return m_handle.try_once(
            detail::cloudtoid::into(buffer, capacity, size));
    }

    //! As try_dequeue(buffer, capacity, size), but reports failure through
    //! `ec`, and returns false then.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(
            detail::cloudtoid::into(buffer, capacity, size), ec);
    }

    //! As try_dequeue(buffer, capacity, size), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut)
    {
        return m_handle.try_once(
            detail::cloudtoid::into(buffer, capacity, size, cut));
    }

    //! As try_dequeue(buffer, capacity, size, truncate), but reports failure
    //! through `ec`, and returns false then.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(
            detail::cloudtoid::into(buffer, capacity, size, cut), ec);
    }

    //! Effects: waits for a message and takes it.
    //! Returns: the message, in a container with the handle's allocator.
    //! Throws: also `error` with errc::canceled after cancel() or close(),
    //! and with errc::stopped after stop().
    message_type dequeue()
    {
        message_type message(m_allocator);
        m_handle.complete(detail::cloudtoid::into(message));
        return message;
    }

    //! As dequeue(), but reports failure through `ec`, and returns an empty
    //! container then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    message_type dequeue(boost::system::error_code& ec)
    {
        message_type message(m_allocator);
        m_handle.wait(detail::cloudtoid::into(message), detail::forever(), ec);
        return message;
    }

    //! Effects: waits for a message and takes it into a container.
    //! Returns: false if the wait was ended by cancel(),
    //! close() or stop().
    template <class Container, detail::if_container<Container> = 0>
    bool dequeue(Container& message)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::forever());
    }

    //! As dequeue(message), but reports failure through `ec`, and returns false
    //! then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <class Container, detail::if_container<Container> = 0>
    bool dequeue(Container& message, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::forever(), ec);
    }

    //! Effects: waits for a message, takes it into a buffer of `capacity`
    //! bytes, and sets `size` to its length.
    //! Returns: false if the wait was ended by cancel(),
    //! close() or stop().
    bool dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size), detail::forever());
    }

    //! As dequeue(buffer, capacity, size), but reports failure through `ec`,
    //! and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size), detail::forever(),
            ec);
    }

    //! As dequeue(buffer, capacity, size), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::forever());
    }

    //! As dequeue(buffer, capacity, size, truncate), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::forever(), ec);
    }

    //! Effects: waits for a message until `stop.stop_requested()`, and takes it
    //! into a container. The token is asked at least every 5 milliseconds.
    //! Returns: false if a stop was requested, or the wait was ended by
    //! cancel(), close() or stop().
    template <
        class Container, class Stop, detail::if_container<Container> = 0,
        detail::if_stop_token<Stop> = 0>
    bool dequeue(Container& message, const Stop& stop)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::until_stopped(stop));
    }

    //! As dequeue(message, stop), but reports failure through `ec`, and returns
    //! false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <
        class Container, class Stop, detail::if_container<Container> = 0,
        detail::if_stop_token<Stop> = 0>
    bool
    dequeue(Container& message, const Stop& stop, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::until_stopped(stop), ec);
    }

    //! As dequeue(message, stop), but takes the message into a buffer, as
    //! dequeue(buffer, capacity, size) does.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size),
            detail::until_stopped(stop));
    }

    //! As dequeue(buffer, capacity, size, stop), but reports failure through
    //! `ec`, and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size),
            detail::until_stopped(stop), ec);
    }

    //! As dequeue(buffer, capacity, size, stop), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Stop& stop)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::until_stopped(stop));
    }

    //! As dequeue(buffer, capacity, size, truncate, stop), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Stop& stop, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::until_stopped(stop), ec);
    }

    //! Effects: waits for a message until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration, and takes it into a
    //! container. Durations and steady_clock follow the monotonic clock, other
    //! time points their own clock.
    //! Returns: false if the deadline has passed, or the wait was ended by
    //! cancel(), close() or stop().
    template <
        class Container, class Time, detail::if_container<Container> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_dequeue(Container& message, const Time& deadline)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::until(deadline));
    }

    //! As timed_dequeue(message, deadline), but reports failure through `ec`,
    //! and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <
        class Container, class Time, detail::if_container<Container> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        Container& message, const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(message), detail::until(deadline), ec);
    }

    //! As timed_dequeue(message, deadline), but takes the message into a
    //! buffer, as dequeue(buffer, capacity, size) does.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size),
            detail::until(deadline));
    }

    //! As timed_dequeue(buffer, capacity, size, deadline), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled, a stopped one errc::stopped.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size),
            detail::until(deadline), ec);
    }

    //! As timed_dequeue(buffer, capacity, size, deadline), but cuts a longer
    //! message to `capacity` bytes; `size` is its full length.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Time& deadline)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::until(deadline));
    }

    //! As timed_dequeue(buffer, capacity, size, truncate, deadline), but
    //! reports failure through `ec`, and returns false then. A canceled wait
    //! sets errc::canceled, a stopped one errc::stopped.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::cloudtoid::into(buffer, capacity, size, cut),
            detail::until(deadline), ec);
    }

    //! Requires: f(const void*, std::size_t) can be called. It does not use
    //! this queue as a subscriber.
    //! Effects: if there is a message now, calls `f` with the oldest message,
    //! then takes it. No other subscriber, in any process, receives meanwhile.
    //! Returns: the number of messages, 0 or 1; 0 also as try_dequeue(message).
    //! Throws: also what `f` throws. The message stays in the queue then.
    //! Complexity: no copy, unless the message goes over the end of the queue's
    //! memory; then it is copied once, with the handle's allocator.
    //! Crash safety: if the process dies before `f` has returned, the message
    //! stays in the queue. So a message that `f` forwards or stores is not
    //! lost, but may be delivered twice.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return m_handle.try_once(detail::cloudtoid::consuming(f, m_allocator));
    }

    //! As consume_one(f), but reports failure through `ec`, and returns 0 then.
    //! If `f` throws an `error`, std::invalid_argument or std::bad_alloc, that
    //! is reported, too; other exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        return m_handle.try_once(
            detail::cloudtoid::consuming(f, m_allocator), ec);
    }

    //! Effects: repeats consume_one(f) until it returns 0.
    //! Returns: the number of messages.
    //! Throws: as consume_one(f).
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        std::size_t count = 0;
        while (consume_one(f) != 0)
            ++count;
        return count;
    }

    //! As consume_all(f), but reports failure through `ec` as consume_one(f,
    //! ec), and returns the number of messages before it.
    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        std::size_t count = 0;
        while (consume_one(f, ec) != 0)
            ++count;
        return count;
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

    //! Returns: a copy of the handle's allocator.
    Allocator get_allocator() const { return m_allocator; }

    // Calls that no other overload takes: the compiler says what to do instead.
    template <
        class... Arguments,
        detail::if_not_takes<detail::call::once, Arguments...> = 0>
    bool try_dequeue(Arguments&&...)
    {
        detail::explain_receiving<detail::call::once, Arguments...>();
        return false;
    }
    template <
        class... Arguments,
        detail::if_not_takes<detail::call::waiting, Arguments...> = 0>
    bool dequeue(Arguments&&...)
    {
        detail::explain_receiving<detail::call::waiting, Arguments...>();
        return false;
    }
    template <
        class... Arguments,
        detail::if_not_takes<detail::call::timed, Arguments...> = 0>
    bool timed_dequeue(Arguments&&...)
    {
        detail::explain_receiving<detail::call::timed, Arguments...>();
        return false;
    }

private:
    using handle_type = detail::cloudtoid::handle<detail::cloudtoid::reader>;

    Allocator m_allocator;
    handle_type m_handle;
};

//! A subscriber with the standard allocator.
using subscriber = basic_subscriber<>;

} // namespace cloudtoid
} // namespace boost_ipq

#endif
