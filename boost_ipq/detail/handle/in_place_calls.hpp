// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_IN_PLACE_CALLS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_IN_PLACE_CALLS_HPP

#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// The in-place calls of a subscriber, which has
//  status claim_now(delivery), status claim_waiting(delivery, deadline, stop)
//  status consume_some(function, count), m_handle
template <class Derived>
class in_place_calls
{
public:
    //! Effects: takes the oldest message, if there is one now, to be read in
    //! place and acknowledged. Returns: an empty delivery if there is none.
    //! Complexity: constant; no copy.
    delivery try_receive()
    {
        delivery result;
        finish(derived().claim_now(result), derived().m_handle, any_message());
        return result;
    }

    delivery try_receive(boost::system::error_code& ec)
    {
        delivery result;
        finish(ec, [&] { return derived().claim_now(result); });
        return result;
    }

    //! Effects: waits for a message, and takes it.
    //! Returns: an empty delivery after cancel(); the twin sets errc::canceled
    //! then.
    delivery receive()
    {
        delivery result;
        finish(
            derived().claim_waiting(result), derived().m_handle, any_message());
        return result;
    }

    delivery receive(boost::system::error_code& ec)
    {
        delivery result;
        finish(ec, [&] { return derived().claim_waiting(result); });
        return result;
    }

    //! Effects: waits for a message until `stop.stop_requested()`, and takes
    //! it. Returns: an empty delivery if it was stopped, and after cancel();
    //! the twin sets errc::canceled then.
    template <class Stop, if_stop_token<Stop> = 0>
    delivery receive(const Stop& stop)
    {
        delivery result;
        finish(
            derived().claim_waiting(result, no_deadline(), stop),
            derived().m_handle, any_message());
        return result;
    }

    template <class Stop, if_stop_token<Stop> = 0>
    delivery receive(const Stop& stop, boost::system::error_code& ec)
    {
        delivery result;
        finish(ec, [&] {
            return derived().claim_waiting(result, no_deadline(), stop);
        });
        return result;
    }

    //! Effects: waits for a message until a time point or for a duration, and
    //! takes it.
    //! Returns: an empty delivery if the time came first, and after cancel();
    //! the twin sets errc::canceled then.
    template <class Time>
    delivery timed_receive(const Time& deadline)
    {
        delivery result;
        finish(
            derived().claim_waiting(result, make_deadline(deadline)),
            derived().m_handle, any_message());
        return result;
    }

    template <class Time>
    delivery timed_receive(const Time& deadline, boost::system::error_code& ec)
    {
        delivery result;
        finish(ec, [&] {
            return derived().claim_waiting(result, make_deadline(deadline));
        });
        return result;
    }

    //! Effects: if there is a message now, calls f(const void*, std::size_t)
    //! with it in place, and takes it. If `f` throws, the message is delivered
    //! again.
    //! Returns: the number of messages, 0 or 1.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return consume(try_receive(), f);
    }

    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        return consume(try_receive(ec), f);
    }

    //! Effects: calls f(const void*, std::size_t) with each message in place,
    //! and takes it, until it has seen nothing behind those it took; what is
    //! sent or given back after that is left to the next call. If `f` throws,
    //! its message is delivered again. Messages are taken up to 64 at a time:
    //! those behind the one that is being consumed may count as redelivered
    //! then.
    //! Returns: the number of messages.
    //! Complexity: two locks and at most one wake-up for each 64 messages.
    //! Crash safety: each message whose `f` has not returned is delivered
    //! again.
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        std::size_t result = 0;
        while (finish(
            derived().consume_some(f, result), derived().m_handle,
            any_message()))
        {
        }
        return result;
    }

    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        std::size_t result = 0;
        while (finish(ec, [&] { return derived().consume_some(f, result); }))
        {
        }
        return result;
    }

private:
    template <class Function>
    static std::size_t consume(delivery message, Function& f)
    {
        if (!message)
            return 0;
        f(message.data(), message.size());
        message.acknowledge();
        return 1;
    }

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }
};

} // namespace detail
} // namespace boost_ipq

#endif
