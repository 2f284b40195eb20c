// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_FILE_SLEEP_IPP
#define BOOST_IPQ_IMPL_HANDLE_FILE_SLEEP_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/file_sleep.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL bool
file_sleep::watch(const std::shared_ptr<const set_members>& all)
{
    if (m_watched.lock() == all)
        return !m_refused;
    std::vector<int> numbers;
    numbers.reserve(all->size());
    m_posts.resize(all->size());
    m_refused = !m_events.open();
    m_open.store(!m_refused, std::memory_order_release);
    for (std::size_t i = 0; i < all->size() && !m_refused; ++i)
    {
        const int file = (*all)[i]->what->watched_file();
        numbers.push_back(file < 0 ? -1 : m_events.watch(file));
        m_refused = numbers.back() < 0;
    }
    for (const int before : m_numbers)
        if (std::find(numbers.begin(), numbers.end(), before) == numbers.end())
            m_events.forget(before);
    m_numbers.swap(numbers);
    m_watched = all;
    m_members = all.get();
    return !m_refused;
}

BOOST_IPQ_DECL void file_sleep::join()
{
    const set_members& all = *m_members;
    for (std::size_t i = 0; i < all.size(); ++i)
        m_posts[i] = all[i]->what->awaited().sets().join(one_watching_set);
    // One fence for all queues.
    if (!platform::asymmetric_fence_heavy())
        for (const auto& each : all)
            each->what->awaited().heavy_fence();
}

BOOST_IPQ_DECL std::size_t
file_sleep::commit(std::chrono::nanoseconds duration) noexcept
{
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    for (std::chrono::nanoseconds rest = duration;
         rest > std::chrono::nanoseconds::zero();
         rest = duration - (clock::now() - begin))
    {
        const int number = m_events.wait(rest);
        if (number < 0 || any_posted())
            return member_of(number);
        if (m_events.nap(
                (std::min<std::chrono::nanoseconds>)(rest, foreign_touch_nap)))
            break;
    }
    return m_members->size();
}

BOOST_IPQ_DECL bool file_sleep::any_posted() const noexcept
{
    const set_members& all = *m_members;
    for (std::size_t i = 0; i < all.size(); ++i)
        // acquire: pairs with set_word::wake()
        if (all[i]->what->awaited().sets().posts().load(
                std::memory_order_acquire) != m_posts[i])
            return true;
    return false;
}

BOOST_IPQ_DECL void file_sleep::leave() noexcept
{
    const set_members& all = *m_members;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i]->what->awaited().sets().leave(m_posts[i], one_watching_set);
}

BOOST_IPQ_DECL std::size_t file_sleep::member_of(int number) const noexcept
{
    return static_cast<std::size_t>(
        std::find(m_numbers.begin(), m_numbers.end(), number) -
        m_numbers.begin());
}

} // namespace detail
} // namespace boost_ipq

#endif
