// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_FORK_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_FORK_HPP

// Processes do not fork here: the names of posix/fork.hpp, and a lock.

#include <mutex>

namespace boost_ipq {
namespace detail {
namespace platform {

class fork_listener
{
public:
    fork_listener(const fork_listener&) = delete;
    fork_listener& operator=(const fork_listener&) = delete;

    // Never called.
    virtual void forked() noexcept = 0;

protected:
    fork_listener() = default;
    ~fork_listener() = default;
};

class fork_registry
{
public:
    // Never destroyed: handles may be static objects themselves.
    static fork_registry& instance()
    {
        static fork_registry* const registry = new fork_registry;
        return *registry;
    }

    template <class Function>
    auto add(fork_listener&, Function opening)
    {
        return opening();
    }

    template <class Function>
    void remove(fork_listener&, Function closing) noexcept
    {
        closing();
    }

    // One thread of the process at a time.
    template <class Function>
    auto guarded(Function function)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        return function();
    }

private:
    fork_registry() = default;

    std::mutex m_mutex;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
