// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_BURST_BACKOFF_HPP
#define BOOST_IPQ_DETAIL_RING_BURST_BACKOFF_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A short wait at the end of a burst.
//
// A subscriber that has taken several messages and finds no more may have
// caught up with a publisher that is still writing. A publisher that has filled
// the ring may be ahead of a subscriber that is still reading. If it looks
// again at once, it takes the cache line away from the other side for every
// single message, which costs both sides more than the work itself. So it looks
// again a little later. If the other side has moved by then, it waits once
// more, so that there are several messages to handle.
//
// A burst of one message does not wait, unless many such bursts follow each
// other closely: a request and its answer are not slowed down. The first wait
// takes one pause for each message of this burst and of the bursts just before
// it, less than a microsecond. The second takes a few microseconds.
class burst_backoff
{
public:
    burst_backoff() noexcept = default;
    burst_backoff(const burst_backoff&) noexcept {}
    burst_backoff& operator=(const burst_backoff&) noexcept { return *this; }

    // Called after a look that found nothing. `at` is a position in a buffer of
    // `size` bytes, or of any size if that is 0. `look` looks again; returns
    // its result. The second wait takes `per_message` pauses for each message
    // of the streak.
    template <class Look>
    BOOST_IPQ_DETAIL_NOINLINE bool wait(
        position at, std::size_t size, Look look,
        std::uint32_t per_message = pauses_per_message) noexcept
    {
        const std::uint32_t pauses =
            platform::waits_after_bursts ? pauses_after(at, size) : 0;
        if (pauses == 0)
            return false;
        platform::pause(pauses);
        if (!look())
            return false;
        platform::pause(m_streak.load(std::memory_order_relaxed) * per_message);
        return true;
    }

private:
    // Relaxed throughout: at worst, threads that share the object wait too
    // briefly or too long.
    std::uint32_t pauses_after(position at, std::size_t size) noexcept
    {
        const position last(m_last.load(std::memory_order_relaxed));
        const std::uint32_t burst = at.count() - last.count();
        const std::uint32_t looks = m_empty.load(std::memory_order_relaxed);
        m_empty.store(burst == 0 ? looks + 1 : 1, std::memory_order_relaxed);
        if (burst == 0)
            return 0;
        m_last.store(at.word(), std::memory_order_relaxed);
        if (burst == 1 && looks > burst_looks)
        {
            m_streak.store(0, std::memory_order_relaxed);
            return 0;
        }
        const std::uint32_t streak = (std::min)(
            m_streak.load(std::memory_order_relaxed) +
                (std::min)(burst, max_streak),
            longest_streak(burst, last.offset(), at.offset(), size));
        m_streak.store(streak, std::memory_order_relaxed);
        if (burst == 1)
            return streak < min_streak ? 0 : pauses_after_one;
        return streak;
    }

    // The longest streak: as many messages like those of this burst as a part
    // of the buffer holds, if the burst took less than a lap. Of large messages
    // a buffer holds so few that the other side would soon have to wait for
    // this one.
    static std::uint32_t longest_streak(
        std::uint32_t burst, std::size_t from, std::size_t to,
        std::size_t size) noexcept
    {
        if (size == 0)
            return max_streak;
        // A damaged position may have any offset.
        const std::size_t bytes = to > from          ? to - from
                                  : from - to < size ? size - (from - to)
                                                     : size;
        const std::size_t most = burst * (size / streak_share) / bytes;
        return static_cast<std::uint32_t>(
            (std::min<std::size_t>)(most, max_streak));
    }

    atomic_word m_last{0};             // position
    atomic<std::uint32_t> m_empty{0};  // looks since the last message
    atomic<std::uint32_t> m_streak{0}; // messages that followed closely
};

} // namespace detail
} // namespace boost_ipq

#endif
