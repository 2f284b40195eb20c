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
#include <boost_ipq/detail/wait/waiters.hpp>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

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

template <class T, class = void>
struct has_remaining : std::false_type
{
};

template <class T>
struct has_remaining<
    T, std::enable_if_t<std::is_same<
           decltype(std::declval<const T&>().remaining()), nanoseconds>::value>>
    : std::true_type
{
};

template <class T>
using if_stop_token = std::enable_if_t<is_stop_token<T>::value, int>;

struct wake_loop
{
    wait_loop& loop;
    void operator()() const { loop.wake(); }
};

template <class Stop>
class stop_limit final : public wait_limit
{
public:
    explicit stop_limit(const Stop& stop) : m_stop(stop) {}

    bool reached() const override { return m_stop.stop_requested(); }

    nanoseconds remaining() const override
    {
        // A token of the library's own that knows its end.
        if constexpr (has_remaining<Stop>::value)
            return m_stop.remaining();
        return platform::is_std_stop_token<Stop>::value
                   ? (nanoseconds::max)()
                   : nanoseconds(stop_poll_interval);
    }

    status run(wait_loop& loop) const override
    {
        if constexpr (platform::is_std_stop_token<Stop>::value)
        {
            const platform::stop_callback<wake_loop, Stop> callback(
                m_stop, wake_loop{loop});
            return loop.run();
        }
        else
            return loop.run();
    }

private:
    const Stop& m_stop;
};

// Until `stop` is requested. It must outlive the result.
template <class Stop>
stop_limit<Stop> until_stopped(const Stop& stop)
{
    return stop_limit<Stop>(stop);
}

} // namespace detail
} // namespace boost_ipq

#endif
