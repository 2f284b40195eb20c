// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_FORK_REGISTRY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FORK_REGISTRY_HPP

// A forked child shares its parent's open file descriptions and so would keep
// the kernel locks of a parent that dies. Objects that hold such a lock
// register here. In the child they give it up before anything else runs.

#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <mutex>

namespace boost_ipq {
namespace detail {
namespace platform {

// Calls these functions before each fork, and after it in the parent and in the
// child. Does nothing where processes do not fork. Defined for each system.
void at_fork(void (*before)(), void (*parent)(), void (*child)()) noexcept;

class fork_listener
{
public:
    fork_listener(const fork_listener&) = delete;
    fork_listener& operator=(const fork_listener&) = delete;

    // Runs in the parent before each fork.
    virtual void before_fork() noexcept {}

    // Runs in the child, which has only this thread: only async-signal-safe
    // calls are allowed.
    virtual void forked() noexcept = 0;

protected:
    fork_listener() = default;
    virtual ~fork_listener() = default;

private:
    friend class fork_registry;
    fork_listener* m_next = nullptr;
    fork_listener* m_previous = nullptr;
};

class fork_registry
{
public:
    // Never destroyed: handles may be static objects.
    static fork_registry& instance()
    {
        static fork_registry* const registry = new fork_registry;
        return *registry;
    }

    // `opening` runs with forks held off, so no child inherits a descriptor
    // that is not registered yet.
    template <class Function>
    auto add(fork_listener& listener, Function opening)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        auto result = opening();
        listener.m_next = m_first;
        listener.m_previous = nullptr;
        if (m_first)
            m_first->m_previous = &listener;
        m_first = &listener;
        return result;
    }

    template <class Function>
    void remove(fork_listener& listener, Function closing) noexcept
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        closing();
        (listener.m_previous ? listener.m_previous->m_next : m_first) =
            listener.m_next;
        if (listener.m_next)
            listener.m_next->m_previous = listener.m_previous;
    }

    // Runs in one thread at a time, with forks held off.
    template <class Function>
    auto guarded(Function function)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        return function();
    }

private:
    fork_registry()
    {
        at_fork(
            [] {
                instance().m_mutex.lock();
                for (auto* i = instance().m_first; i; i = i->m_next)
                    i->before_fork();
            },
            [] { instance().m_mutex.unlock(); },
            [] {
                const no_thread_cancellation guard;
                for (auto* i = instance().m_first; i; i = i->m_next)
                    i->forked();
                instance().m_mutex.unlock();
            });
    }

    std::mutex m_mutex{};
    fork_listener* m_first = nullptr;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
