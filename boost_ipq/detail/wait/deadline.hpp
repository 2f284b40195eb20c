// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_DEADLINE_HPP
#define BOOST_IPQ_DETAIL_WAIT_DEADLINE_HPP

// Until when to wait. A time point is compared with its own clock, a duration
// with the monotonic clock.

#include <boost_ipq/detail/wait/waiters.hpp>
#include <chrono>
#include <ratio>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

// The nearest number of nanoseconds that can be represented.
template <class Rep, class Period>
nanoseconds
saturated(const std::chrono::duration<Rep, Period>& duration) noexcept
{
    using approximate = std::chrono::duration<double, std::nano>;
    const double wide = approximate(duration).count();
    constexpr double limit = 9.0e18; // a little below 2^63
    if (!(wide < limit))
        return (nanoseconds::max)();
    if (wide < -limit)
        return (nanoseconds::min)();
    return std::chrono::duration_cast<nanoseconds>(duration);
}

template <class Clock, class Duration>
class clock_deadline final : public wait_limit
{
public:
    explicit clock_deadline(
        const std::chrono::time_point<Clock, Duration>& time) noexcept
        : m_time(time)
    {
    }

    bool reached() const override { return remaining() <= nanoseconds::zero(); }

    nanoseconds remaining() const override
    {
        // Converts each term first: their difference may overflow their type.
        using wide = std::chrono::duration<long double, std::nano>;
        return saturated(
            wide(m_time.time_since_epoch()) -
            wide(Clock::now().time_since_epoch()));
    }

private:
    std::chrono::time_point<Clock, Duration> m_time;
};

// A duration or a time point of Boost.DateTime is known by what it can do, so
// that only its user includes that library.
template <class T>
using if_special = std::enable_if_t<
    std::is_same<decltype(std::declval<const T&>().is_special()), bool>::value,
    int>;

template <class Time>
class ptime_deadline final : public wait_limit
{
public:
    explicit ptime_deadline(const Time& time) : m_time(time) {}

    bool reached() const override { return remaining() <= nanoseconds::zero(); }

    // UTC, as everywhere in Boost.Interprocess.
    nanoseconds remaining() const override
    {
        if (m_time.is_pos_infinity())
            return (nanoseconds::max)();
        if (m_time.is_special())
            return nanoseconds::zero();
        const Time epoch(typename Time::date_type(1970, 1, 1));
        return saturated(
            std::chrono::microseconds((m_time - epoch).total_microseconds()) -
            std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch()));
    }

private:
    Time m_time;
};

template <class Clock, class Duration>
clock_deadline<Clock, Duration>
until(const std::chrono::time_point<Clock, Duration>& time) noexcept
{
    return clock_deadline<Clock, Duration>(time);
}

template <class Rep, class Period>
auto until(const std::chrono::duration<Rep, Period>& duration) noexcept
{
    using clock = std::chrono::steady_clock;
    const auto now = clock::now();
    const nanoseconds wanted = saturated(duration);
    const nanoseconds possible = (clock::time_point::max)() - now;
    return until(now + (wanted < possible ? wanted : possible));
}

// boost::posix_time::ptime
template <class Time, if_special<Time> = 0, class = typename Time::date_type>
ptime_deadline<Time> until(const Time& time)
{
    return ptime_deadline<Time>(time);
}

// boost::posix_time::time_duration, and the classes derived from it
template <
    class Duration, if_special<Duration> = 0,
    class = decltype(std::declval<const Duration&>().total_microseconds())>
auto until(const Duration& duration)
{
    if (duration.is_pos_infinity())
        return until((nanoseconds::max)());
    return until(
        duration.is_special() ? nanoseconds::zero()
                              : saturated(std::chrono::microseconds(
                                    duration.total_microseconds())));
}

template <class T, class = void>
struct is_deadline : std::false_type
{
};

template <class T>
struct is_deadline<T, std::void_t<decltype(until(std::declval<const T&>()))>>
    : std::true_type
{
};

template <class T>
using if_deadline = std::enable_if_t<is_deadline<T>::value, int>;

template <class T>
using if_no_deadline = std::enable_if_t<!is_deadline<T>::value, int>;

} // namespace detail
} // namespace boost_ipq

#endif
