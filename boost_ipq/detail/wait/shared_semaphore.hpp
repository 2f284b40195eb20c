// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_SHARED_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_SHARED_SEMAPHORE_HPP

#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

// A semaphore for several processes: a named semaphore of Boost.Interprocess,
// or one of the system.
class shared_semaphore final : public semaphore
{
public:
    // `file`: the queue's lock file.
    shared_semaphore(
        const std::string& name, const std::string& file,
        std::atomic<std::uint32_t>& posts)
        : m_semaphore(platform::open_semaphore(name, file)),
          m_wait(m_semaphore, name, posts)
    {
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        return m_wait.wait_for(duration);
    }

    void post() override { m_wait.post(); }

private:
    platform::system_semaphore m_semaphore;
    platform::semaphore_wait m_wait;
};

} // namespace detail
} // namespace boost_ipq

#endif
