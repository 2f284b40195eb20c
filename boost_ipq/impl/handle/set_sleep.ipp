// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_SET_SLEEP_IPP
#define BOOST_IPQ_IMPL_HANDLE_SET_SLEEP_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/set_sleep.hpp>
#include <algorithm>
#include <thread>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL set_mode best_limited_mode() noexcept
{
    if (platform::futex_list::works())
        return set_mode::words;
    return platform::has_shared_futex ? set_mode::word : set_mode::semaphore;
}

BOOST_IPQ_DECL void set_control::change() noexcept
{
    if constexpr (platform::has_shared_futex)
        return change_in_handler();
    const std::lock_guard<std::mutex> guard(m_mutex);
    m_changes.fetch_add(1, std::memory_order_seq_cst);
    m_changed.notify_all();
}

BOOST_IPQ_DECL void
set_control::wait(std::uint32_t seen, std::chrono::nanoseconds duration)
{
    if constexpr (platform::has_shared_futex)
    {
        if (!platform::wait_on(m_changes, seen, duration))
            std::this_thread::sleep_for(
                (std::min<std::chrono::nanoseconds>)(duration, futex_nap));
        return;
    }
    std::unique_lock<std::mutex> guard(m_mutex);
    m_changed.wait_for(guard, duration, [&] { return now() != seen; });
}

BOOST_IPQ_DECL void
set_sleep::join(const set_members& members, std::size_t first, std::size_t last)
{
    m_posts.resize(last - first); // before a set is counted: it may throw
    for (std::size_t i = first; i < last; ++i)
        m_posts[i - first] =
            members[i]->what->awaited().sets().join(one_sleeping_set);
    // One fence for all queues.
    if (!platform::asymmetric_fence_heavy())
        for (std::size_t i = first; i < last; ++i)
            members[i]->what->awaited().heavy_fence();
}

BOOST_IPQ_DECL std::size_t set_sleep::commit(
    const set_members& members, std::size_t first, std::size_t last,
    const set_control& control, std::uint32_t seen,
    std::chrono::nanoseconds duration) noexcept
{
    if (m_mode == set_mode::word)
    {
        const auto& posts = members[first]->what->awaited().sets().posts();
        if (!platform::wait_on(posts, m_posts[0], duration))
            std::this_thread::sleep_for(
                (std::min<std::chrono::nanoseconds>)(duration, futex_nap));
        return first;
    }
    m_words.clear();
    m_words.add(control.word(), seen);
    for (std::size_t i = first; i < last; ++i)
        m_words.add(
            members[i]->what->awaited().sets().posts(), m_posts[i - first]);
    const std::size_t index = m_words.wait(duration); // 0: the control
    return index == 0 ? last : first + index - 1;
}

BOOST_IPQ_DECL void set_sleep::leave(
    const set_members& members, std::size_t first, std::size_t last) noexcept
{
    for (std::size_t i = first; i < last; ++i)
        members[i]->what->awaited().sets().leave(
            m_posts[i - first], one_sleeping_set);
}

} // namespace detail
} // namespace boost_ipq

#endif
