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

template <class T>
using if_stop_token = std::enable_if_t<is_stop_token<T>::value, int>;

template <class Stop>
class stop_limit final : public wait_limit
{
public:
    explicit stop_limit(const Stop& stop) : m_stop(stop) {}

    bool reached() const override { return m_stop.stop_requested(); }

    nanoseconds remaining() const override
    {
        return platform::is_std_stop_token<Stop>::value
                   ? (nanoseconds::max)()
                   : nanoseconds(stop_poll_interval);
    }

    const Stop& stop() const noexcept { return m_stop; }

private:
    const Stop& m_stop;
};

// Until `stop` is requested. It must outlive the result.
template <class Stop>
stop_limit<Stop> until_stopped(const Stop& stop)
{
    return stop_limit<Stop>(stop);
}

struct wake_loop
{
    wait_loop& loop;
    void operator()() const { loop.wake(); }
};

template <class Stop>
status run_wait_loop(
    wait_task& task, waiters& all, event_count& events,
    const stop_limit<Stop>& limit)
{
    wait_loop loop(all, events, task, limit);
    if constexpr (platform::is_std_stop_token<Stop>::value)
    {
        const platform::stop_callback<wake_loop, Stop> callback(
            limit.stop(), wake_loop{loop});
        return loop.run();
    }
    else
        return loop.run();
}

} // namespace detail
} // namespace boost_ipq

#endif
