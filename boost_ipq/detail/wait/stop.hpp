// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_STOP_HPP
#define BOOST_IPQ_DETAIL_WAIT_STOP_HPP

// How a wait learns of a requested stop: a std::stop_token calls back at once,
// an object of any other type is asked now and then.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/stop_token.hpp>
#include <chrono>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

struct never_stop
{
    static constexpr bool stop_requested() noexcept { return false; }
};
inline constexpr never_stop no_stop{};

template <class T, class = void>
struct is_stop_token : std::false_type
{
};

template <class T>
struct is_stop_token<
    T, std::enable_if_t<std::is_convertible<
           decltype(std::declval<const T&>().stop_requested()), bool>::value>>
    : std::true_type
{
};

template <class T>
using if_stop_token = std::enable_if_t<is_stop_token<T>::value, int>;

// Must the object be asked, because it does not call back?
template <class Stop>
constexpr bool is_polled = !platform::is_std_stop_token<Stop>::value &&
                           !std::is_same<Stop, never_stop>::value;

// While it exists, a requested stop calls waiter.wake().
template <class Stop, class Waiter, class = void>
struct stop_subscription
{
    stop_subscription(const Stop&, Waiter&) noexcept {}
};

template <class Stop, class Waiter>
class stop_subscription<
    Stop, Waiter, std::enable_if_t<platform::is_std_stop_token<Stop>::value>>
{
public:
    stop_subscription(const Stop& token, Waiter& waiter)
        : m_callback(token, wake{waiter})
    {
    }

private:
    struct wake
    {
        Waiter& waiter;
        void operator()() const { waiter.wake(); }
    };

    platform::stop_callback<wake> m_callback;
};

} // namespace detail
} // namespace boost_ipq

#endif
