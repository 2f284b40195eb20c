// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_WAIT_SET_WORD_IPP
#define BOOST_IPQ_IMPL_WAIT_SET_WORD_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/wait/set_word.hpp>
#include <cstdint>

namespace boost_ipq {
namespace detail {

constexpr std::uint64_t one_set_post = std::uint64_t(1) << 32;

constexpr std::uint32_t set_posts_in(std::uint64_t word) noexcept
{
    return static_cast<std::uint32_t>(word >> 32);
}

constexpr std::uint32_t sets_in(std::uint64_t word) noexcept
{
    return static_cast<std::uint32_t>(word);
}

BOOST_IPQ_DECL std::uint32_t set_word::join() noexcept
{
    auto word = m_line.sets.load(std::memory_order_relaxed);
    // A damaged number must not spill over into the posts. acq_rel: what this
    // set did before it joined comes before its next look.
    while (!m_line.sets.compare_exchange_weak(
        word,
        sets_in(word) < max_sleepers
            ? word + 1
            : (std::uint64_t(set_posts_in(word)) << 32) + 1,
        std::memory_order_acq_rel, std::memory_order_relaxed))
    {
    }
    // seq_cst: pairs with unmark_and_wake(), which sees the number if it
    // removes this mark; the heavy fence follows.
    m_line.count.fetch_or(sets_wait, std::memory_order_seq_cst);
    return set_posts_in(word);
}

BOOST_IPQ_DECL void set_word::leave(std::uint32_t posts) noexcept
{
    auto word = m_line.sets.load(std::memory_order_relaxed);
    while (set_posts_in(word) == posts && sets_in(word) != 0)
        // Relaxed: it only counts.
        if (m_line.sets.compare_exchange_weak(
                word, word - 1, std::memory_order_relaxed))
            return;
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL void
set_word::unmark_and_wake() noexcept
{
    // seq_cst: see join()
    m_line.count.fetch_and(~sets_wait, std::memory_order_seq_cst);
    wake();
}

BOOST_IPQ_DECL void set_word::wake() noexcept
{
    auto word = m_line.sets.load(std::memory_order_acquire);
    do
        if (sets_in(word) == 0)
            return;
    // release: what this thread changed in the ring comes before its post
    while (!m_line.sets.compare_exchange_weak(
        word, (word & ~(one_set_post - 1)) + one_set_post,
        std::memory_order_acq_rel, std::memory_order_acquire));
    platform::wake_all(posts());
}

BOOST_IPQ_DECL const atomic<std::uint32_t>& set_word::posts() const noexcept
{
    return *reinterpret_cast<const atomic<std::uint32_t>*>(
        platform::upper_half(&m_line.sets));
}

} // namespace detail
} // namespace boost_ipq

#endif
