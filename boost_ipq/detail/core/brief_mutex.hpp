// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_BRIEF_MUTEX_HPP
#define BOOST_IPQ_DETAIL_CORE_BRIEF_MUTEX_HPP

#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost/config.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

// As fork_mutex, for what is usually held for some dozen instructions by the
// only thread that wants it: lock() and unlock() have one locked instruction
// together, and no call. std::mutex has two, each in a function of the C
// library. Threads that wait yield, then sleep.
class brief_mutex final : private platform::fork_listener
{
public:
    brief_mutex()
    {
        platform::fork_registry::instance().add(*this, [] { return 0; });
    }

    ~brief_mutex() override
    {
        platform::fork_registry::instance().remove(*this, [] {});
    }

    BOOST_FORCEINLINE void lock() noexcept
    {
        // acquire: pairs with unlock()
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                m_locked.exchange(true, std::memory_order_acquire)))
            lock_slowly();
    }

    bool try_lock() noexcept
    {
        return !m_locked.exchange(true, std::memory_order_acquire);
    }

    BOOST_FORCEINLINE void unlock() noexcept
    {
        // release: pairs with lock()
        m_locked.store(false, std::memory_order_release);
    }

private:
    BOOST_IPQ_DETAIL_NOINLINE void lock_slowly() noexcept
    {
        backoff pause;
        do
            pause.wait();
        while (m_locked.load(std::memory_order_relaxed) ||
               m_locked.exchange(true, std::memory_order_acquire));
    }

    void forked() noexcept override
    {
        m_locked.store(false, std::memory_order_relaxed);
    }

    std::atomic<bool> m_locked{false};
};

} // namespace detail
} // namespace boost_ipq

#endif
