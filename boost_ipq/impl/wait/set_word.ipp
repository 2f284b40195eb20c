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

// How many of a kind.
constexpr std::uint32_t sets_of(std::uint64_t word, std::uint32_t kind) noexcept
{
    return (sets_in(word) / kind) % one_watching_set;
}

BOOST_IPQ_DECL std::uint32_t set_word::join(std::uint32_t kind) noexcept
{
    auto word = m_line.sets.load(std::memory_order_relaxed);
    // A damaged number must not spill over into the posts. relaxed: ordered by
    // the mark, which follows
    while (!m_line.sets.compare_exchange_weak(
        word,
        sets_of(word, kind) < max_sleepers ? word + kind
                                           : word - sets_in(word) + kind,
        std::memory_order_relaxed))
    {
    }
    // seq_cst: pairs with unmark(), whose thread sees the number if it removes
    // this mark; the heavy fence follows.
    m_line.count.fetch_or(sets_wait, std::memory_order_seq_cst);
    return set_posts_in(word);
}

BOOST_IPQ_DECL void
set_word::leave(std::uint32_t posts, std::uint32_t kind) noexcept
{
    auto word = m_line.sets.load(std::memory_order_relaxed);
    while (set_posts_in(word) == posts && sets_of(word, kind) != 0)
        // Relaxed: it only counts.
        if (m_line.sets.compare_exchange_weak(
                word, word - kind, std::memory_order_relaxed))
            return;
}

BOOST_IPQ_DECL void set_word::unmark() noexcept
{
    // seq_cst: see join()
    m_line.count.fetch_and(~sets_wait, std::memory_order_seq_cst);
}

BOOST_IPQ_DECL bool set_word::wake() noexcept
{
    // relaxed: this thread has removed the mark of each set that it must wake,
    // so it sees their number, and the next mark of such a set sees what this
    // thread changed in the ring
    auto word = m_line.sets.load(std::memory_order_relaxed);
    do
        if (sets_in(word) == 0)
            return false;
    while (!m_line.sets.compare_exchange_weak(
        word, word - sets_in(word) + one_set_post, std::memory_order_relaxed));
    if (sets_of(word, one_sleeping_set) != 0)
        platform::wake_all(posts());
    return sets_of(word, one_watching_set) != 0;
}

BOOST_IPQ_DECL const atomic<std::uint32_t>& set_word::posts() const noexcept
{
    return *reinterpret_cast<const atomic<std::uint32_t>*>(
        platform::upper_half(&m_line.sets));
}

} // namespace detail
} // namespace boost_ipq

#endif
