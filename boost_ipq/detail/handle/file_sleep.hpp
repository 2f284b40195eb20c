// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_FILE_SLEEP_HPP
#define BOOST_IPQ_DETAIL_HANDLE_FILE_SLEEP_HPP

// How a thread sleeps for any number of handles: wakers touch the lock file of
// the queue, and the kernel tells which. A wake-up takes the same time for one
// queue and for many; with futex_waitv it grows by a quarter of a microsecond
// for each (64 queues: 15 us instead of 4; AMD EPYC, family 26, model 2).
//
// A program that lists or inspects queues reads these files, too. A waker has
// changed the posts of its queue before, so a thread that finds none changed
// sleeps on. It does not look for touches for a moment: else such a program
// could keep it busy.

#include <boost_ipq/detail/handle/set_sleep.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/file_events.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace boost_ipq {
namespace detail {

class file_sleep
{
public:
    // Called before sleep(). Returns false if a member has no file to watch, or
    // the system refuses it.
    bool watch(const std::shared_ptr<const set_members>& all);

    // Sleeps for the members given to watch() until one of them may have become
    // ready, wake() is called, or for that time. Returns the member that was
    // woken, if that is known, else their number.
    template <class Look>
    std::size_t sleep(std::chrono::nanoseconds duration, Look look)
    {
        join();
        struct leave_at_end
        {
            file_sleep& self;
            ~leave_at_end() { self.leave(); }
        };
        const leave_at_end guard{*this};
        return look() ? m_members->size() : commit(duration);
    }

    // Async-signal-safe.
    void wake() noexcept
    {
        // acquire: pairs with watch()
        if (m_open.load(std::memory_order_acquire))
            m_events.wake();
    }

private:
    void join();
    std::size_t commit(std::chrono::nanoseconds duration) noexcept;
    bool any_posted() const noexcept;
    void leave() noexcept;
    std::size_t member_of(int number) const noexcept;

    platform::file_events m_events{};
    std::atomic<bool> m_open{false};
    bool m_refused = false;
    std::weak_ptr<const set_members> m_watched{}; // keeps no queue open
    const set_members* m_members = nullptr;       // as m_watched; the caller's
    std::vector<int> m_numbers{};                 // of their files
    std::vector<std::uint32_t> m_posts{};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/file_sleep.ipp>
#endif

#endif
