// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_OPENING_LIMIT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_OPENING_LIMIT_HPP

// A deadline or a stop, as the limit of opening or removing a queue.

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/error.hpp>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class T>
using if_limit =
    std::enable_if_t<is_stop_token<T>::value || is_deadline<T>::value, int>;

// Calls function(lock_limit) and returns its result.
template <class Limit, class Function>
auto limited(const Limit& limit, Function function)
{
    if constexpr (is_stop_token<Limit>::value)
    {
        const auto stopped = [&] { return bool(limit.stop_requested()); };
        return function(lock_limit{stopped, errc::canceled});
    }
    else
    {
        const auto end = until(limit);
        const auto reached = [&] { return end.reached(); };
        return function(lock_limit{reached, errc::timed_out});
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
