// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_SET_SLEEP_HPP
#define BOOST_IPQ_DETAIL_HANDLE_SET_SLEEP_HPP

// How a thread sleeps for several handles at once.

#include <boost_ipq/detail/handle/waitable.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace boost_ipq {
namespace detail {

// How many handles a thread can sleep for, and on what.
enum class set_mode
{
    best,     // files for more than a few, else the best of the others
    files,    // of any number of queues: see file_sleep.hpp
    words,    // of up to 127 queues, and a word of the set (futex_waitv)
    word,     // of one queue (futex)
    semaphore // of one queue, as one of its sleepers
};

// The best of those for a limited number that this system offers.
set_mode best_limited_mode() noexcept;

constexpr std::size_t handles_per_thread(set_mode mode) noexcept
{
    // The set has a word, too.
    return mode == set_mode::words && platform::futex_list::capacity != 0
               ? platform::futex_list::capacity - 1
               : 1;
}

// A handle in a set.
struct set_member
{
    std::unique_ptr<waitable> what;
    const void* handle;
    std::size_t key;
};

using set_members = std::vector<std::shared_ptr<set_member>>;

// A word of the set itself, which changes when its sleepers are to look again.
class set_control
{
public:
    std::uint32_t now() const noexcept
    {
        // seq_cst: a sleeper reads it before it looks
        return m_changes.load(std::memory_order_seq_cst);
    }

    // Wakes all sleepers.
    void change() noexcept;

    // As change(), for signal handlers. Without a futex, the sleepers wake
    // within max_sleep.
    void change_in_handler() noexcept
    {
        m_changes.fetch_add(1, std::memory_order_seq_cst);
        platform::wake_all(m_changes);
    }

    // Sleeps unless it has changed; may return early.
    void wait(std::uint32_t seen, std::chrono::nanoseconds duration);

    const std::atomic<std::uint32_t>& word() const noexcept
    {
        return m_changes;
    }

private:
    std::atomic<std::uint32_t> m_changes{0};
    std::mutex m_mutex{}; // these two where there is no futex
    std::condition_variable m_changed{};
};

class set_sleep
{
public:
    explicit set_sleep(set_mode mode) noexcept : m_mode(mode) {}

    // Sleeps for the members from `first` to `last`, at most handles_per_thread
    // of them, until one of them may have become ready, or in mode `words` the
    // control changes, or for that time. `look` tells whether a member is
    // ready. Returns the member that was woken, if that is known, else `last`.
    template <class Look>
    std::size_t sleep(
        const set_members& members, std::size_t first, std::size_t last,
        const set_control& control, std::uint32_t seen,
        std::chrono::nanoseconds duration, Look look)
    {
        if (m_mode == set_mode::semaphore)
        {
            event_count::prepared_wait wait(members[first]->what->awaited());
            if (!look())
                wait.commit(duration);
            return last;
        }
        join(members, first, last);
        struct leave_at_end
        {
            set_sleep& self;
            const set_members& members;
            std::size_t first, last;
            ~leave_at_end() { self.leave(members, first, last); }
        };
        const leave_at_end guard{*this, members, first, last};
        return look() ? last
                      : commit(members, first, last, control, seen, duration);
    }

private:
    void join(const set_members& members, std::size_t first, std::size_t last);
    std::size_t commit(
        const set_members& members, std::size_t first, std::size_t last,
        const set_control& control, std::uint32_t seen,
        std::chrono::nanoseconds duration) noexcept;
    void leave(
        const set_members& members, std::size_t first,
        std::size_t last) noexcept;

    const set_mode m_mode;
    std::vector<std::uint32_t> m_posts{}; // of each queue, when it was joined
    platform::futex_list m_words{};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/set_sleep.ipp>
#endif

#endif
