// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BASIC_SENDER_HPP
#define BOOST_IPQ_BASIC_SENDER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/detail/handle/misuse.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

// Sends a copy of a message.
struct sending
{
    const void* data;
    std::size_t size; // bytes

    static constexpr bool quiet = false;

    template <class Ring>
    BOOST_FORCEINLINE status
    operator()(Ring& ring, give_up_condition give_up) const
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(data == nullptr && size != 0))
            return status::invalid;
        return ring.try_publish(data, size, give_up);
    }

    template <class Ring>
    bool may_succeed(const Ring& ring) const noexcept
    {
        return ring.may_fit(size);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_of_size{size}.text(result, limit);
    }
};

// Sends copies of the messages of a range, as many as fit. The caller notifies
// one subscriber for each of them.
template <class Iterator>
struct sending_all
{
    Iterator first, last;
    std::size_t& sent;

    static constexpr bool quiet = true;

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up) const
    {
        return ring.try_publish_all(first, last, sent, give_up);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_batch<Iterator>{first, last}.text(result, limit);
    }
};

} // namespace detail

//! The calls that send a copy of a message, for all publishers: those of this
//! library's queues and broadcasts (publisher.hpp), and those of
//! cloudtoid/interprocess (cloudtoid_publisher.hpp). There stands what holds
//! for every call. Programs do not name this class.
template <class Handle>
class basic_sender : public Handle
{
public:
    //! As the constructors of the handle.
    using Handle::Handle;

    //! Effects: sends a message if there is room now.
    //! Returns: false if the queue is full, and for no other reason.
    BOOST_FORCEINLINE bool try_enqueue(const void* data, std::size_t size)
    {
        return m_handle.try_once(detail::sending{data, size});
    }

    //! As try_enqueue(data, size), but reports failure through `ec`, and
    //! returns false then.
    bool try_enqueue(
        const void* data, std::size_t size, boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::sending{data, size}, ec);
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
    //! Throws: also `error` with errc::canceled after cancel() or close(), and
    //! with errc::stopped after stop().
    void enqueue(const void* data, std::size_t size)
    {
        m_handle.complete(detail::sending{data, size});
    }

    //! As enqueue(data, size), but reports failure through `ec`.
    void
    enqueue(const void* data, std::size_t size, boost::system::error_code& ec)
    {
        m_handle.wait(detail::sending{data, size}, detail::no_limit(), ec);
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
    //! message. A std::stop_token ends the wait at once; an object of any other
    //! type is asked every 10 milliseconds.
    //! Returns: false if a stop was requested, or the wait was canceled by
    //! cancel() or close().
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(const void* data, std::size_t size, const Stop& stop)
    {
        return m_handle.wait(
            detail::sending{data, size}, detail::until_stopped(stop));
    }

    //! As enqueue(data, size, stop), but reports failure through `ec`, and
    //! returns false then. A canceled wait sets errc::canceled.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(
        const void* data, std::size_t size, const Stop& stop,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::sending{data, size}, detail::until_stopped(stop), ec);
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
    //! Returns: false if the deadline has passed, or the wait was canceled by
    //! cancel() or close().
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_enqueue(const void* data, std::size_t size, const Time& deadline)
    {
        return m_handle.wait(
            detail::sending{data, size}, detail::until(deadline));
    }

    //! As timed_enqueue(data, size, deadline), but reports failure through
    //! `ec`, and returns false then. A canceled wait sets errc::canceled.
    template <class Time, detail::if_deadline<Time> = 0>
    bool timed_enqueue(
        const void* data, std::size_t size, const Time& deadline,
        boost::system::error_code& ec)
    {
        return m_handle.wait(
            detail::sending{data, size}, detail::until(deadline), ec);
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

protected:
    using Handle::m_handle;
};

} // namespace boost_ipq

#endif
