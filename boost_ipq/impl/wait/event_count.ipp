// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_WAIT_EVENT_COUNT_IPP
#define BOOST_IPQ_IMPL_WAIT_EVENT_COUNT_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL void event_count::join(
    atomic<std::uint32_t>& asleep, atomic<std::uint32_t>& sets_asleep) noexcept
{
    // release: pairs with count_set()
    m_sets_asleep.store(&sets_asleep, std::memory_order_release);
    // release: pairs with asleep()
    m_asleep.store(&asleep, std::memory_order_release);
    m_registered.store(
        platform::register_for_asymmetric_fence(), std::memory_order_relaxed);
    if (!m_registered.load(std::memory_order_relaxed) ||
        !platform::asymmetric_fence_heavy())
        // From now on, wakers execute a full fence. relaxed: a waker that does
        // not see it yet may miss a sleeper, which then wakes by itself.
        m_attention.fetch_or(fence_needed, std::memory_order_relaxed);
}

BOOST_IPQ_DECL void event_count::heavy_fence() noexcept
{
    if (m_registered.load(std::memory_order_relaxed))
    {
        if (platform::asymmetric_fence_heavy())
            return;
        // Refused now: the process has entered a sandbox since it joined. A
        // waker that has just read the word without this bit may miss this
        // sleeper, which then wakes by itself; later wakers do not.
        m_registered.store(false, std::memory_order_relaxed);
        m_attention.fetch_or(fence_needed, std::memory_order_relaxed);
    }
    // Wakers execute the full fence, too.
    platform::full_fence();
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL void
event_count::wake(std::size_t most) noexcept
{
    if (m_semaphore->wakes_all())
        return wake_all();
    wake_marked_sets();
    for (; most != 0 && take_one_off(); --most)
        post();
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL void event_count::wake_all() noexcept
{
    platform::full_fence();
    wake_marked_sets();
    auto sleeping = sleepers_in(
        m_sleepers.count.fetch_and(sets_wait, std::memory_order_relaxed));
    // A damaged count must not cause posts for hours.
    const std::uint32_t most = m_semaphore->wakes_all() ? 1 : max_sleepers;
    for (sleeping = (std::min)(sleeping, most); sleeping != 0; --sleeping)
        post();
}

BOOST_IPQ_DECL void
event_count::forget(std::uint32_t dead, std::uint32_t dead_sets) noexcept
{
    if (dead_sets != 0)
        wake_sets();
    // A damaged slot must not keep this thread busy for hours.
    for (dead = (std::min)(dead, max_sleepers); dead != 0 && take_one_off();
         --dead)
    {
    }
}

BOOST_IPQ_DECL void event_count::prepare() noexcept
{
    // Pairs with the store of the incarnation after join(): this thread has
    // seen that incarnation, so asleep() belongs to its slot.
    platform::full_fence();
    m_semaphore->prepare();
    // The slot's part first: if the sleeper dies between the two, it is later
    // taken off the count although it was not on it. A count that is too low is
    // harmless, because every sleep is bounded; one that is too high would
    // stay.
    asleep().fetch_add(1, std::memory_order_relaxed);
    // relaxed: ordered by the asymmetric fence
    m_sleepers.count.fetch_add(1, std::memory_order_relaxed);
    heavy_fence();
}

BOOST_IPQ_DECL void event_count::finish(bool counted) noexcept
{
    if (counted)
        cancel();
    asleep().fetch_sub(1, std::memory_order_relaxed);
}

BOOST_IPQ_DECL void event_count::wake_sets() noexcept
{
    if (sets().wake() && m_file != nullptr)
        m_file->touch();
}

BOOST_IPQ_DECL void event_count::count_set(std::uint32_t change) noexcept
{
    // acquire: pairs with join()
    m_sets_asleep.load(std::memory_order_acquire)
        ->fetch_add(change, std::memory_order_relaxed);
}

BOOST_IPQ_DECL void event_count::cancel() noexcept
{
    // A waker may have taken this thread off the count already. Then its post
    // has come or will come, with two exceptions. Another sleeper may take the
    // post; it then stays on the count in place of this thread. Or the waker
    // has just died: then this thread goes on soon, also on a busy machine,
    // where each pause takes longer.
    if (take_one_off())
        return;
    const auto end = std::chrono::steady_clock::now() + cancel_wait;
    for (int i = 0; i < cancel_wait_attempts &&
                    !m_semaphore->wait_for(cancel_wait_pause) &&
                    !take_one_off() && std::chrono::steady_clock::now() < end;
         ++i)
    {
    }
}

BOOST_IPQ_DECL bool event_count::take_one_off() noexcept
{
    auto count = m_sleepers.count.load(std::memory_order_relaxed);
    while (sleepers_in(count) != 0)
        if (m_sleepers.count.compare_exchange_weak(
                count, count - 1, std::memory_order_relaxed))
            return true;
    return false;
}

BOOST_IPQ_DECL void event_count::post() noexcept
{
    try
    {
        m_semaphore->post();
    }
    catch (...)
    {
        // An overflow: there are more posts than sleepers.
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
