// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_FORK_MUTEX_HPP
#define BOOST_IPQ_DETAIL_CORE_FORK_MUTEX_HPP

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <mutex>
#include <new>

namespace boost_ipq {
namespace detail {

// A mutex that is free in a forked child: the thread that held it does not
// exist there.
class fork_mutex final : private platform::fork_listener
{
public:
    fork_mutex()
    {
        platform::fork_registry::instance().add(*this, [] { return 0; });
    }

    ~fork_mutex() override
    {
        platform::fork_registry::instance().remove(*this, [] {});
    }

    void lock() { m_mutex.lock(); }
    bool try_lock() { return m_mutex.try_lock(); }
    void unlock() noexcept { m_mutex.unlock(); }

private:
    void forked() noexcept override { ::new (&m_mutex) std::mutex; }

    std::mutex m_mutex{};
};

} // namespace detail
} // namespace boost_ipq

#endif
