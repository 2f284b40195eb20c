// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_WAIT_SET_WORD_HPP
#define BOOST_IPQ_DETAIL_WAIT_SET_WORD_HPP

// The wait sets that wait for what a sleeper line is for. A set cannot sleep on
// the semaphore: it sleeps on many queues at once, on a word of each.
//
//   set:    posts = join(): number + 1, mark;  heavy fence;  look at the ring;
//           sleep while the posts are the same;
//           leave(posts): number - 1, unless the posts have changed
//   waker:  change the ring;  light fence;  is there a mark?
//           unmark;  number = 0 and posts + 1, in one step;  wake all
//
// A set may also watch the lock file of the queue, instead of sleeping on the
// posts: such sets are counted apart, and the waker touches the file.
//
// Number and posts are one word, so a set knows whether a waker took it off.
// The mark is a bit of the count of sleepers, which wakers read anyway. A waker
// removes the mark first: a set that joins later sets it again, and one that
// joined before is counted. The mark may stay when the last set has left; the
// next waker removes it, and makes no system call.
//
// A waker may die between its steps; that is why every sleep is bounded. A set
// that dies stays counted until the next waker, or until its death is noticed.

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// The two kinds of sets in the number.
constexpr std::uint32_t one_sleeping_set = 1;
constexpr std::uint32_t one_watching_set = 1u << 16;

class set_word
{
public:
    explicit set_word(sleeper_line& line) noexcept : m_line(line) {}

    // Returns the posts to sleep on.
    std::uint32_t join(std::uint32_t kind) noexcept;
    void leave(std::uint32_t posts, std::uint32_t kind) noexcept;

    bool is_marked() const noexcept
    {
        // relaxed: ordered by the asymmetric fence
        return (m_line.count.load(std::memory_order_relaxed) & sets_wait) != 0;
    }

    // Removes the mark. wake() follows.
    void unmark() noexcept;

    // Wakes all sets that sleep. Returns whether there are sets that watch.
    bool wake() noexcept;

    // The half of the word that holds the posts.
    const atomic<std::uint32_t>& posts() const noexcept;

private:
    sleeper_line& m_line;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/wait/set_word.ipp>
#endif

#endif
