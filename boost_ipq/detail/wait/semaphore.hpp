// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_SEMAPHORE_HPP

// What a sleeper waits for and a waker posts: a semaphore between processes, or
// one inside this process. Used around a sleep only.

#include <boost_ipq/detail/platform/system.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace boost_ipq {
namespace detail {

class semaphore
{
public:
    virtual ~semaphore() = default;

    // Waits for a token; false: none came in that time.
    virtual bool wait_for(std::chrono::nanoseconds duration) = 0;
    virtual void post() = 0;
};

class shared_semaphore final : public semaphore
{
public:
    shared_semaphore(const std::string& name, std::atomic<std::uint32_t>& posts)
        : m_semaphore(boost::interprocess::open_only, name.c_str()),
          m_wait(m_semaphore, name, posts)
    {
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        return m_wait.wait_for(duration);
    }

    void post() override { m_wait.post(); }

private:
    boost::interprocess::named_semaphore m_semaphore;
    platform::semaphore_wait m_wait;
};

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

private:
    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::uint64_t m_count = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
