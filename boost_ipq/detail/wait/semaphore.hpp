// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_SEMAPHORE_HPP

#include <chrono>

namespace boost_ipq {
namespace detail {

// What an event count sleeps on. Used only around a sleep.
class semaphore
{
public:
    virtual ~semaphore() = default;

    // Waits for a post and takes it. False: none came in that time.
    virtual bool wait_for(std::chrono::nanoseconds duration) = 0;
    virtual void post() = 0;

    // Called before a thread looks at the ring for the last time.
    virtual void prepare() noexcept {}

    // Does one post wake all threads that have prepared before it?
    virtual bool wakes_all() const noexcept { return false; }

    // May a signal handler call post()?
    virtual bool is_signal_safe() const noexcept { return true; }
};

} // namespace detail
} // namespace boost_ipq

#endif
