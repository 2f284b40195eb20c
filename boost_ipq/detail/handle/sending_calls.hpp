// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_SENDING_CALLS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_SENDING_CALLS_HPP

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// The copying calls of a publisher. The ones that try are inlined: a call, and
// a copy whose size the compiler does not know, cost a quarter of their time.
// The publisher has
//  status send_now(bytes), status send(bytes, deadline, stop), m_handle
template <class Derived>
class sending_calls
{
public:
    //! Effects: sends a message if there is room now.
    //! Returns: false if the queue is full, and for no other reason.
    BOOST_FORCEINLINE bool try_enqueue(const void* data, std::size_t size)
    {
        return finish(
            derived().send_now(byte_view(data, size)), derived().m_handle,
            message_of_size{size});
    }

    bool try_enqueue(
        const void* data, std::size_t size, boost::system::error_code& ec)
    {
        return finish(
            ec, [&] { return derived().send_now(byte_view(data, size)); });
    }

    template <class Range, if_byte_range<Range> = 0>
    BOOST_FORCEINLINE bool try_enqueue(const Range& range)
    {
        const byte_view message(range);
        return try_enqueue(message.data, message.size);
    }

    template <class Range, if_byte_range<Range> = 0>
    bool try_enqueue(const Range& range, boost::system::error_code& ec)
    {
        const byte_view message(range);
        return try_enqueue(message.data, message.size, ec);
    }

    //! Effects: waits for room and sends a message.
    //! Throws: also `error` with errc::canceled after cancel().
    void enqueue(const void* data, std::size_t size)
    {
        complete(
            derived().send(byte_view(data, size)), derived().m_handle,
            message_of_size{size});
    }

    void
    enqueue(const void* data, std::size_t size, boost::system::error_code& ec)
    {
        finish(ec, [&] { return derived().send(byte_view(data, size)); });
    }

    template <class Range, if_byte_range<Range> = 0>
    void enqueue(const Range& range)
    {
        const byte_view message(range);
        enqueue(message.data, message.size);
    }

    template <class Range, if_byte_range<Range> = 0>
    void enqueue(const Range& range, boost::system::error_code& ec)
    {
        const byte_view message(range);
        enqueue(message.data, message.size, ec);
    }

    //! Effects: waits for room until `stop.stop_requested()`, and sends a
    //! message. std::stop_token ends the wait at once, any other type within
    //! 10 milliseconds.
    //! Returns: false if it was stopped, and after cancel(); the twin sets
    //! errc::canceled then.
    template <class Stop, if_stop_token<Stop> = 0>
    bool enqueue(const void* data, std::size_t size, const Stop& stop)
    {
        return finish(
            derived().send(byte_view(data, size), no_deadline(), stop),
            derived().m_handle, message_of_size{size});
    }

    template <class Stop, if_stop_token<Stop> = 0>
    bool enqueue(
        const void* data, std::size_t size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return finish(ec, [&] {
            return derived().send(byte_view(data, size), no_deadline(), stop);
        });
    }

    template <
        class Range, class Stop, if_byte_range<Range> = 0,
        if_stop_token<Stop> = 0>
    bool enqueue(const Range& range, const Stop& stop)
    {
        const byte_view message(range);
        return enqueue(message.data, message.size, stop);
    }

    template <
        class Range, class Stop, if_byte_range<Range> = 0,
        if_stop_token<Stop> = 0>
    bool
    enqueue(const Range& range, const Stop& stop, boost::system::error_code& ec)
    {
        const byte_view message(range);
        return enqueue(message.data, message.size, stop, ec);
    }

    //! Effects: waits for room until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration, and sends a message.
    //! Durations and steady_clock follow the monotonic clock; other time
    //! points their own.
    //! Returns: false if the time came first, and after cancel(); the twin sets
    //! errc::canceled then.
    template <class Time>
    bool timed_enqueue(const void* data, std::size_t size, const Time& deadline)
    {
        return finish(
            derived().send(byte_view(data, size), make_deadline(deadline)),
            derived().m_handle, message_of_size{size});
    }

    template <class Time>
    bool timed_enqueue(
        const void* data, std::size_t size, const Time& deadline,
        boost::system::error_code& ec)
    {
        return finish(ec, [&] {
            return derived().send(
                byte_view(data, size), make_deadline(deadline));
        });
    }

    template <class Range, class Time, if_byte_range<Range> = 0>
    bool timed_enqueue(const Range& range, const Time& deadline)
    {
        const byte_view message(range);
        return timed_enqueue(message.data, message.size, deadline);
    }

    template <class Range, class Time, if_byte_range<Range> = 0>
    bool timed_enqueue(
        const Range& range, const Time& deadline, boost::system::error_code& ec)
    {
        const byte_view message(range);
        return timed_enqueue(message.data, message.size, deadline, ec);
    }

private:
    Derived& derived() noexcept { return static_cast<Derived&>(*this); }
};

} // namespace detail
} // namespace boost_ipq

#endif
