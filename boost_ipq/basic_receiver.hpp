// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BASIC_RECEIVER_HPP
#define BOOST_IPQ_BASIC_RECEIVER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/misuse.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace boost_ipq {

//! The calls that take a copy of the oldest message, for all subscribers: those
//! of this library's queues and broadcasts (subscriber.hpp), and those of
//! cloudtoid/interprocess (cloudtoid_subscriber.hpp). There stands what holds
//! for every call. Programs do not name this class.
template <class Handle>
class basic_receiver : public Handle
{
public:
    //! As the constructors of the handle.
    using Handle::Handle;

    //! The container that dequeue() returns.
    using message_type = std::vector<
        std::byte,
        typename std::allocator_traits<
            typename Handle::allocator_type>::template rebind_alloc<std::byte>>;

    //! Effects: takes the oldest message into a container, if there is a
    //! message now.
    //! Returns: false if there is none.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue(Container& message)
    {
        return m_handle.try_once(detail::into(message));
    }

    //! As try_dequeue(message), but reports failure through `ec`, and returns
    //! false then.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue(Container& message, boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::into(message), ec);
    }

    //! Effects: takes the oldest message into a buffer of `capacity` bytes, if
    //! there is a message now, and sets `size` to its length.
    //! Returns: false if there is none.
    BOOST_FORCEINLINE bool
    try_dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return m_handle.try_once(detail::into(buffer, capacity, size));
    }

    //! As try_dequeue(buffer, capacity, size), but reports failure through
    //! `ec`, and returns false then.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::into(buffer, capacity, size), ec);
    }

    //! As try_dequeue(buffer, capacity, size), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut)
    {
        return m_handle.try_once(detail::into(buffer, capacity, size, cut));
    }

    //! As try_dequeue(buffer, capacity, size, truncate), but reports failure
    //! through `ec`, and returns false then.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::into(buffer, capacity, size, cut), ec);
    }

    //! Effects: takes the oldest message, if there is a message now.
    //! Returns: the message, in a container with the handle's allocator;
    //! std::nullopt if there is none.
    std::optional<message_type> try_dequeue()
    {
        return taken([&](message_type& into) { return try_dequeue(into); });
    }

    //! As try_dequeue(), but reports failure through `ec`, and returns
    //! std::nullopt then.
    std::optional<message_type> try_dequeue(boost::system::error_code& ec)
    {
        return taken([&](message_type& into) { return try_dequeue(into, ec); });
    }

    //! Effects: waits for a message and takes it.
    //! Returns: the message, in a container with the handle's allocator.
    //! Throws: also `error` with errc::canceled after cancel() or close(), and
    //! with errc::stopped after stop().
    message_type dequeue()
    {
        message_type message(this->m_allocator);
        m_handle.complete(detail::into(message));
        return message;
    }

    //! As dequeue(), but reports failure through `ec`, and returns an empty
    //! container then. A canceled wait sets errc::canceled.
    message_type dequeue(boost::system::error_code& ec)
    {
        message_type message(this->m_allocator);
        m_handle.wait(detail::into(message), detail::no_limit(), ec);
        return message;
    }

    //! Effects: waits for a message and takes it into a container.
    //! Returns: false if the wait was canceled by cancel() or close().
    template <class Container, detail::if_container<Container> = 0>
    bool dequeue(Container& message)
    {
        return m_handle.wait(detail::into(message), detail::no_limit());
    }

    //! As dequeue(message), but reports failure through `ec`, and returns false
    //! then. A canceled wait sets errc::canceled.
    template <class Container, detail::if_container<Container> = 0>
    bool dequeue(Container& message, boost::system::error_code& ec)
    {
        return m_handle.wait(detail::into(message), detail::no_limit(), ec);
    }

    //! Effects: waits for a message, takes it into a buffer of `capacity`
    //! bytes, and sets `size` to its length.
    //! Returns: false if the wait was canceled by cancel() or close().
    bool dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::no_limit());
    }

    //! As dequeue(buffer, capacity, size), but reports failure through `ec`,
    //! and returns false then. A canceled wait sets errc::canceled.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::no_limit(), ec);
    }

    //! As dequeue(buffer, capacity, size), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut), detail::no_limit());
    }

    //! As dequeue(buffer, capacity, size, truncate), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled.
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut), detail::no_limit(), ec);
    }

    //! Effects: waits for a message until `stop.stop_requested()`, and takes it
    //! into a container. A std::stop_token ends the wait at once; an object of
    //! any other type is asked every 10 milliseconds.
    //! Returns: false if a stop was requested, or the wait was canceled by
    //! cancel() or close().
    template <
        class Container, class Stop, detail::if_container<Container> = 0,
        detail::if_stop_token<Stop> = 0>
    bool dequeue(Container& message, const Stop& stop)
    {
        return m_handle.wait(
            detail::into(message), detail::until_stopped(stop));
    }

    //! As dequeue(message, stop), but reports failure through `ec`, and returns
    //! false then. A canceled wait sets errc::canceled.
    template <
        class Container, class Stop, detail::if_container<Container> = 0,
        detail::if_stop_token<Stop> = 0>
    bool
    dequeue(Container& message, const Stop& stop, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(message), detail::until_stopped(stop), ec);
    }

    //! As dequeue(message, stop), but takes the message into a buffer, as
    //! dequeue(buffer, capacity, size) does.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::until_stopped(stop));
    }

    //! As dequeue(buffer, capacity, size, stop), but reports failure through
    //! `ec`, and returns false then. A canceled wait sets errc::canceled.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::until_stopped(stop),
            ec);
    }

    //! As dequeue(buffer, capacity, size, stop), but cuts a longer message to
    //! `capacity` bytes; `size` is its full length.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Stop& stop)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut),
            detail::until_stopped(stop));
    }

    //! As dequeue(buffer, capacity, size, truncate, stop), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Stop& stop, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut),
            detail::until_stopped(stop), ec);
    }

    //! Effects: waits for a message until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration, and takes it into a
    //! container. Durations and steady_clock follow the monotonic clock, other
    //! time points their own clock.
    //! Returns: false if the deadline has passed, or the wait was canceled by
    //! cancel() or close().
    template <
        class Container, class Time, detail::if_container<Container> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_dequeue(Container& message, const Time& deadline)
    {
        return m_handle.wait(detail::into(message), detail::until(deadline));
    }

    //! As timed_dequeue(message, deadline), but reports failure through `ec`,
    //! and returns false then. A canceled wait sets errc::canceled.
    template <
        class Container, class Time, detail::if_container<Container> = 0,
        detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        Container& message, const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(message), detail::until(deadline), ec);
    }

    //! As timed_dequeue(message, deadline), but returns the message, in a
    //! container with the handle's allocator, or std::nullopt.
    template <class Time, detail::if_deadline<Time> = 0>
    std::optional<message_type> timed_dequeue(const Time& deadline)
    {
        return taken(
            [&](message_type& into) { return timed_dequeue(into, deadline); });
    }

    //! As timed_dequeue(deadline), but reports failure through `ec`, and
    //! returns std::nullopt then.
    template <class Time, detail::if_deadline<Time> = 0>
    std::optional<message_type>
    timed_dequeue(const Time& deadline, boost::system::error_code& ec)
    {
        return taken([&](message_type& into) {
            return timed_dequeue(into, deadline, ec);
        });
    }

    //! As timed_dequeue(message, deadline), but takes the message into a
    //! buffer, as dequeue(buffer, capacity, size) does.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::until(deadline));
    }

    //! As timed_dequeue(buffer, capacity, size, deadline), but reports failure
    //! through `ec`, and returns false then. A canceled wait sets
    //! errc::canceled.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size), detail::until(deadline), ec);
    }

    //! As timed_dequeue(buffer, capacity, size, deadline), but cuts a longer
    //! message to `capacity` bytes; `size` is its full length.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Time& deadline)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut), detail::until(deadline));
    }

    //! As timed_dequeue(buffer, capacity, size, truncate, deadline), but
    //! reports failure through `ec`, and returns false then. A canceled wait
    //! sets errc::canceled.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        const Time& deadline, boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::into(buffer, capacity, size, cut), detail::until(deadline),
            ec);
    }

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

protected:
    using Handle::m_handle;

private:
    // Returns the message that `operation` takes.
    template <class Operation>
    std::optional<message_type> taken(Operation operation)
    {
        std::optional<message_type> result(
            std::in_place, message_type(this->m_allocator));
        if (!operation(*result))
            result.reset();
        return result;
    }
};

} // namespace boost_ipq

#endif
