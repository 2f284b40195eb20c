// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_WAIT_LIMIT_HPP
#define BOOST_IPQ_DETAIL_WAIT_WAIT_LIMIT_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <algorithm>

namespace boost_ipq {
namespace detail {

// When a wait ends without success.
class wait_limit
{
public:
    // Has the deadline passed, or was a stop requested?
    virtual bool reached() const = 0;

    // How long the thread may sleep before it asks again.
    virtual nanoseconds remaining() const = 0;

protected:
    ~wait_limit() = default;
};

template <class Deadline, class Stop>
class wait_limit_of final : public wait_limit
{
public:
    wait_limit_of(const Deadline& deadline, const Stop& stop)
        : m_deadline(deadline),
          m_stop(stop)
    {
    }

    bool reached() const override
    {
        return m_stop.stop_requested() || m_deadline.expired();
    }

    nanoseconds remaining() const override
    {
        const nanoseconds rest = m_deadline.remaining();
        return is_polled<Stop>
                   ? (std::min)(rest, nanoseconds(stop_poll_interval))
                   : rest;
    }

    const Stop& stop() const noexcept { return m_stop; }

private:
    Deadline m_deadline;
    const Stop& m_stop;
};

// Waits until it succeeds, or is canceled.
inline wait_limit_of<no_deadline, never_stop> forever()
{
    return {no_deadline(), no_stop};
}

// A time point or a duration.
template <class Time>
auto until(const Time& time)
{
    const auto deadline = make_deadline(time);
    return wait_limit_of<std::remove_const_t<decltype(deadline)>, never_stop>(
        deadline, no_stop);
}

// `stop` must outlive the result.
template <class Stop>
wait_limit_of<no_deadline, Stop> until_stopped(const Stop& stop)
{
    return {no_deadline(), stop};
}

} // namespace detail
} // namespace boost_ipq

#endif
