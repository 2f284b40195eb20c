// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_STOP_HPP
#define BOOST_IPQ_DETAIL_WAIT_STOP_HPP

// How a wait learns that it shall stop: from std::stop_token at once, from any
// other type by asking it now and then.

#include <chrono>
#include <type_traits>
#include <utility>

#if defined(__has_include)
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#endif

namespace boost_ipq {
namespace detail {

struct never_stop
{
    static constexpr bool stop_requested() noexcept { return false; }
};

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

// Between two questions.
constexpr std::chrono::milliseconds stop_poll_interval{10};

template <class Stop>
struct stop_subscription
{
    template <class Wake>
    stop_subscription(const Stop&, Wake&&) noexcept
    {
    }

    static constexpr std::chrono::nanoseconds interval() noexcept
    {
        return stop_poll_interval;
    }
};

template <>
struct stop_subscription<never_stop>
{
    template <class Wake>
    stop_subscription(const never_stop&, Wake&&) noexcept
    {
    }

    static constexpr std::chrono::nanoseconds interval() noexcept
    {
        return (std::chrono::nanoseconds::max)();
    }
};

#if defined(__cpp_lib_jthread)

template <>
class stop_subscription<std::stop_token>
{
public:
    template <class Wake>
    stop_subscription(const std::stop_token& token, Wake& wake)
        : m_callback(
              token, caller{&wake, [](void* w) { (*static_cast<Wake*>(w))(); }})
    {
    }

    static constexpr std::chrono::nanoseconds interval() noexcept
    {
        return (std::chrono::nanoseconds::max)();
    }

private:
    struct caller
    {
        void* wake;
        void (*call)(void*);
        void operator()() const { call(wake); }
    };

    std::stop_callback<caller> m_callback;
};

#endif

} // namespace detail
} // namespace boost_ipq

#endif
