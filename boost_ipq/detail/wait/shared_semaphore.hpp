// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_SHARED_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_WAIT_SHARED_SEMAPHORE_HPP

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace boost_ipq {
namespace detail {

// A semaphore for several processes: a named semaphore of Boost.Interprocess,
// or one of the system.
//
// It is opened and closed with forks held off. The C library (glibc) locks its
// list of open semaphores meanwhile. A child that is forked then would inherit
// the lock, which no thread of it releases, and hang when it opens or closes a
// semaphore.
class shared_semaphore final : public semaphore
{
public:
    // `file`: the queue's lock file.
    shared_semaphore(
        const std::string& name, const std::string& file,
        std::atomic<std::uint32_t>& posts)
    {
        platform::fork_registry::instance().guarded(
            [&] { m_opened.emplace(name, file, posts); });
    }

    shared_semaphore(const shared_semaphore&) = delete;
    shared_semaphore& operator=(const shared_semaphore&) = delete;

    ~shared_semaphore() override
    {
        platform::fork_registry::instance().guarded([&] { m_opened.reset(); });
    }

    bool wait_for(std::chrono::nanoseconds duration) override
    {
        return m_opened->wait.wait_for(duration);
    }

    void post() override { m_opened->wait.post(); }

private:
    struct opened
    {
        opened(
            const std::string& name, const std::string& file,
            std::atomic<std::uint32_t>& posts)
            : semaphore(platform::open_semaphore(name, file)),
              wait(semaphore, name, posts)
        {
        }

        platform::system_semaphore semaphore;
        platform::semaphore_wait wait;
    };

    std::optional<opened> m_opened{};
};

} // namespace detail
} // namespace boost_ipq

#endif
