// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_RESERVING_CALLS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_RESERVING_CALLS_HPP

#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/reservation.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// The in-place calls of a publisher, which has
//  status reserve_now(reservation, size)
//  status reserve_waiting(reservation, size, deadline, stop), m_handle
template <class Derived>
class reserving_calls
{
public:
    //! Effects: takes room for a message of `size` bytes if there is room now,
    //! to be filled in place and committed.
    //! Returns: an empty reservation if the queue is full.
    //! Complexity: constant; no copy.
    reservation try_reserve(std::size_t size)
    {
        reservation result;
        finish(
            derived().reserve_now(result, size), derived().m_handle,
            message_of_size{size});
        return result;
    }

    reservation try_reserve(std::size_t size, boost::system::error_code& ec)
    {
        reservation result;
        finish(ec, [&] { return derived().reserve_now(result, size); });
        return result;
    }

    //! Effects: waits for room, and takes it.
    //! Returns: an empty reservation after cancel(); the twin sets
    //! errc::canceled then.
    reservation reserve(std::size_t size)
    {
        reservation result;
        finish(
            derived().reserve_waiting(result, size), derived().m_handle,
            message_of_size{size});
        return result;
    }

    reservation reserve(std::size_t size, boost::system::error_code& ec)
    {
        reservation result;
        finish(ec, [&] { return derived().reserve_waiting(result, size); });
        return result;
    }

    //! Effects: waits for room until `stop.stop_requested()`, and takes it.
    //! Returns: an empty reservation if it was stopped, and after cancel(); the
    //! twin sets errc::canceled then.
    template <class Stop, if_stop_token<Stop> = 0>
    reservation reserve(std::size_t size, const Stop& stop)
    {
        reservation result;
        finish(
            derived().reserve_waiting(result, size, no_deadline(), stop),
            derived().m_handle, message_of_size{size});
        return result;
    }

    template <class Stop, if_stop_token<Stop> = 0>
    reservation
    reserve(std::size_t size, const Stop& stop, boost::system::error_code& ec)
    {
        reservation result;
        finish(ec, [&] {
            return derived().reserve_waiting(result, size, no_deadline(), stop);
        });
        return result;
    }

    //! Effects: waits for room until a time point or for a duration, and takes
    //! it.
    //! Returns: an empty reservation if the time came first, and after
    //! cancel(); the twin sets errc::canceled then.
    template <class Time>
    reservation timed_reserve(std::size_t size, const Time& deadline)
    {
        reservation result;
        finish(
            derived().reserve_waiting(result, size, make_deadline(deadline)),
            derived().m_handle, message_of_size{size});
        return result;
    }

    template <class Time>
    reservation timed_reserve(
        std::size_t size, const Time& deadline, boost::system::error_code& ec)
    {
        reservation result;
        finish(ec, [&] {
            return derived().reserve_waiting(
                result, size, make_deadline(deadline));
        });
        return result;
    }

private:
    Derived& derived() noexcept { return static_cast<Derived&>(*this); }
};

} // namespace detail
} // namespace boost_ipq

#endif
