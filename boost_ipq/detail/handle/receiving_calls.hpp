// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_RECEIVING_CALLS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_RECEIVING_CALLS_HPP

#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Asks a receiving call to cut a message that is longer than the buffer.
struct truncate_t
{
};
inline constexpr truncate_t truncate{};

namespace detail {

template <class Container>
using if_container = std::enable_if_t<
    std::is_same<
        decltype(std::declval<Container&>().resize(std::size_t())),
        void>::value &&
        sizeof(std::declval<Container&>().data()) != 0,
    int>;

// The copying calls of a subscriber, which has
//  status receive_now(sink), status receive_waiting(sink, deadline, stop)
//  m_handle
template <class Derived>
class receiving_calls
{
public:
    //! Effects: takes the oldest message, if there is one now.
    //! Returns: false if there is none.
    template <class Container, if_container<Container> = 0>
    bool try_dequeue(Container& message)
    {
        return take_now(container_target<Container>(message));
    }

    template <class Container, if_container<Container> = 0>
    bool try_dequeue(Container& message, boost::system::error_code& ec)
    {
        return take_now(ec, container_target<Container>(message));
    }

    BOOST_FORCEINLINE bool
    try_dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return take_now(buffer_target{buffer, capacity, size});
    }

    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return take_now(ec, buffer_target{buffer, capacity, size});
    }

    //! Effects: the same; a longer message is cut to `capacity` bytes and
    //! `size` is its full length.
    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t)
    {
        return take_now(truncating_target{buffer, capacity, size});
    }

    bool try_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        boost::system::error_code& ec)
    {
        return take_now(ec, truncating_target{buffer, capacity, size});
    }

    //! Effects: waits for a message and takes it.
    //! Returns: false after cancel(); the twin sets errc::canceled then.
    template <class Container, if_container<Container> = 0>
    bool dequeue(Container& message)
    {
        return take(container_target<Container>(message));
    }

    template <class Container, if_container<Container> = 0>
    bool dequeue(Container& message, boost::system::error_code& ec)
    {
        return take(ec, container_target<Container>(message));
    }

    bool dequeue(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return take(buffer_target{buffer, capacity, size});
    }

    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return take(ec, buffer_target{buffer, capacity, size});
    }

    bool
    dequeue(void* buffer, std::size_t capacity, std::size_t& size, truncate_t)
    {
        return take(truncating_target{buffer, capacity, size});
    }

    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        boost::system::error_code& ec)
    {
        return take(ec, truncating_target{buffer, capacity, size});
    }

    //! Effects: waits for a message until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration, and takes it. Durations
    //! and steady_clock follow the monotonic clock; other time points their
    //! own.
    //! Returns: false if the time came first, and after cancel(); the twin sets
    //! errc::canceled then.
    template <class Container, class Time, if_container<Container> = 0>
    bool timed_dequeue(Container& message, const Time& deadline)
    {
        return take(
            container_target<Container>(message), make_deadline(deadline));
    }

    template <class Container, class Time, if_container<Container> = 0>
    bool timed_dequeue(
        Container& message, const Time& deadline, boost::system::error_code& ec)
    {
        return take(
            ec, container_target<Container>(message), make_deadline(deadline));
    }

    template <class Time>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline)
    {
        return take(
            buffer_target{buffer, capacity, size}, make_deadline(deadline));
    }

    template <class Time>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size,
        const Time& deadline, boost::system::error_code& ec)
    {
        return take(
            ec, buffer_target{buffer, capacity, size}, make_deadline(deadline));
    }

    template <class Time>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        const Time& deadline)
    {
        return take(
            truncating_target{buffer, capacity, size}, make_deadline(deadline));
    }

    template <class Time>
    bool timed_dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        const Time& deadline, boost::system::error_code& ec)
    {
        return take(
            ec, truncating_target{buffer, capacity, size},
            make_deadline(deadline));
    }

    //! Effects: waits for a message until `stop.stop_requested()`, and takes
    //! it. std::stop_token ends the wait at once, any other type within 10
    //! milliseconds.
    //! Returns: false if it was stopped, and after cancel(); the twin sets
    //! errc::canceled then.
    template <
        class Container, class Stop, if_container<Container> = 0,
        if_stop_token<Stop> = 0>
    bool dequeue(Container& message, const Stop& stop)
    {
        return take(container_target<Container>(message), no_deadline(), stop);
    }

    template <
        class Container, class Stop, if_container<Container> = 0,
        if_stop_token<Stop> = 0>
    bool
    dequeue(Container& message, const Stop& stop, boost::system::error_code& ec)
    {
        return take(
            ec, container_target<Container>(message), no_deadline(), stop);
    }

    template <class Stop, if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop)
    {
        return take(buffer_target{buffer, capacity, size}, no_deadline(), stop);
    }

    template <class Stop, if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return take(
            ec, buffer_target{buffer, capacity, size}, no_deadline(), stop);
    }

    template <class Stop, if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        const Stop& stop)
    {
        return take(
            truncating_target{buffer, capacity, size}, no_deadline(), stop);
    }

    template <class Stop, if_stop_token<Stop> = 0>
    bool dequeue(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t,
        const Stop& stop, boost::system::error_code& ec)
    {
        return take(
            ec, truncating_target{buffer, capacity, size}, no_deadline(), stop);
    }

private:
    template <class Sink>
    BOOST_FORCEINLINE bool take_now(Sink sink)
    {
        return finish(derived().receive_now(sink), derived().m_handle, sink);
    }

    template <class Sink>
    bool take_now(boost::system::error_code& ec, Sink sink)
    {
        return finish(ec, [&] { return derived().receive_now(sink); });
    }

    template <class Sink, class... Until>
    bool take(Sink sink, const Until&... until)
    {
        return finish(
            derived().receive_waiting(sink, until...), derived().m_handle,
            sink);
    }

    template <class Sink, class... Until>
    bool take(boost::system::error_code& ec, Sink sink, const Until&... until)
    {
        return finish(
            ec, [&] { return derived().receive_waiting(sink, until...); });
    }

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }
};

} // namespace detail
} // namespace boost_ipq

#endif
