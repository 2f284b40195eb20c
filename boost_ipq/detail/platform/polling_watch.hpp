// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POLLING_WATCH_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POLLING_WATCH_HPP

// A substitute for events of the file system: returns now and then, later each
// time.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

class directory_watch
{
public:
    directory_watch(const std::string&, std::chrono::nanoseconds nap)
        : m_longest(nap)
    {
    }

    void wait(std::chrono::nanoseconds duration)
    {
        std::unique_lock<std::mutex> guard(m_mutex);
        m_woken.wait_for(
            guard, (std::min)(duration, m_nap), [this] { return m_wake; });
        m_nap = (std::min)(2 * m_nap, m_longest);
    }

    // Called by another thread.
    void wake() noexcept
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        m_wake = true;
        m_woken.notify_all();
    }

private:
    const std::chrono::nanoseconds m_longest;
    std::chrono::nanoseconds m_nap = std::chrono::microseconds(100);
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_wake = false;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
