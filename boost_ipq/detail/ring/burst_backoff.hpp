// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_BURST_BACKOFF_HPP
#define BOOST_IPQ_DETAIL_RING_BURST_BACKOFF_HPP

#include <boost_ipq/detail/platform/cpu.hpp>
#include <algorithm>
#include <atomic>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A short wait at the end of a burst.
//
// Who has just taken several messages and finds no more may have caught up with
// a publisher that goes on writing; who has just filled the ring, with a
// subscriber that goes on reading. To look again at once takes the cache line
// away from the other side for every single message, which costs both of them
// more than the work does. So the second look is made a little later, and when
// it shows that the other side is at work, what is there waits until there is
// more of it.
//
// A burst of one is not slowed, unless many follow each other at once: a
// question and its answer take what they took. The first wait takes a pause for
// each message of this burst and those that came at once before it, less than a
// microsecond; the second a few microseconds.
class burst_backoff
{
public:
    burst_backoff() noexcept = default;
    burst_backoff(const burst_backoff&) noexcept {}
    burst_backoff& operator=(const burst_backoff&) noexcept { return *this; }

    // After a look in vain. `count`: of all messages that passed so far;
    // `look` again. Returns: what that found.
    template <class Look>
    BOOST_IPQ_DETAIL_NOINLINE bool wait(std::uint32_t count, Look look) noexcept
    {
        // Relaxed: threads that share it wait too short or too long at worst.
        const std::uint32_t burst =
            count - m_count.load(std::memory_order_relaxed);
        const std::uint32_t vain = m_vain.load(std::memory_order_relaxed);
        m_vain.store(burst == 0 ? vain + 1 : 1, std::memory_order_relaxed);
        if (burst == 0)
            return false;
        m_count.store(count, std::memory_order_relaxed);
        if (burst == 1 && vain > few)
        {
            m_streak.store(0, std::memory_order_relaxed);
            return false;
        }
        const std::uint32_t streak = (std::min)(
            m_streak.load(std::memory_order_relaxed) +
                (std::min)(burst, most_streak),
            most_streak);
        m_streak.store(streak, std::memory_order_relaxed);
        if (burst == 1 && streak < many)
            return false;
        platform::pause(burst == 1 ? pauses_after_one : streak);
        if (!look())
            return false;
        platform::pause(streak * more_pauses);
        return true;
    }

private:
    static constexpr std::uint32_t few = 1;          // looks in vain
    static constexpr std::uint32_t most_streak = 16; // messages
    static constexpr std::uint32_t many = 8;         // of these, one by one
    static constexpr std::uint32_t pauses_after_one = 4;
    static constexpr std::uint32_t more_pauses = 6; // for each message

    std::atomic<std::uint32_t> m_count{0};
    std::atomic<std::uint32_t> m_vain{0};   // looks since the last message
    std::atomic<std::uint32_t> m_streak{0}; // messages that came at once
};

} // namespace detail
} // namespace boost_ipq

#endif
