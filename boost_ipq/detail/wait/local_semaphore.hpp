// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_LOCAL_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_LOCAL_SEMAPHORE_HPP

#include <boost_ipq/detail/wait/semaphore.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace boost_ipq {
namespace detail {

// A semaphore for the threads of one process.
class local_semaphore final : public semaphore
{
public:
    bool wait_for(std::chrono::nanoseconds duration) override
    {
        std::unique_lock<std::mutex> guard(m_mutex);
        if (!m_posted.wait_for(
                guard, duration, [this] { return m_count != 0; }))
            return false;
        --m_count;
        return true;
    }

    void post() override
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        ++m_count;
        m_posted.notify_one();
    }

    bool is_signal_safe() const noexcept override { return false; }

private:
    std::mutex m_mutex{};
    std::condition_variable m_posted{};
    std::uint64_t m_count = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
