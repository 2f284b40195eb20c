// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_WAIT_SET_STATE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_WAIT_SET_STATE_HPP

// The implementation of a wait set: its members, the thread that waits, and the
// threads that help it.
//
// If one thread can sleep for all members, the thread that waits does so; on
// Linux it can, unless there is no inotify instance left. Else
// it sleeps on the set's control, and helpers sleep for groups of members. A
// helper that finds a member ready changes the control, and rests until a
// thread waits again. The thread of the descriptor does the same as one that
// waits, and rests while the descriptor is readable.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/file_sleep.hpp>
#include <boost_ipq/detail/handle/set_sleep.hpp>
#include <boost_ipq/detail/handle/waitable.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/ready_descriptor.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace boost_ipq {
namespace detail {

class wait_set_state
{
public:
    explicit wait_set_state(set_mode mode);
    wait_set_state(const wait_set_state&) = delete;
    wait_set_state& operator=(const wait_set_state&) = delete;
    ~wait_set_state();

    // A forked child that has a copy cannot end its threads: it leaks them.
    bool is_of_this_process() const noexcept;

    void
    add(std::unique_ptr<waitable> what, const void* handle, std::size_t key);
    bool remove(const void* handle);

    // Returns a key, or 0: the limit was reached, or the set is stopped.
    std::size_t wait(const wait_limit& limit);

    // Async-signal-safe.
    void stop() noexcept;
    bool stopped() const noexcept
    {
        return m_stopped.load(std::memory_order_seq_cst);
    }

    // Makes the waiting thread ask its limit. Called by other threads.
    void interrupt() noexcept
    {
        m_control.change();
        wake_watchers();
    }

    int descriptor();

private:
    // A thread that sleeps for members, and what it knows of them.
    struct sleeper
    {
        explicit sleeper(set_mode mode) noexcept : how(mode) {}

        set_sleep how;
        file_sleep files{};
        nanoseconds held_up_sleep = min_held_up_sleep;
        std::chrono::steady_clock::time_point idle_since{};
    };

    struct helper
    {
        explicit helper(set_mode mode) noexcept : self(mode) {}

        sleeper self;
        std::thread thread{};
    };

    std::shared_ptr<const set_members> members() const;
    void replace(std::shared_ptr<const set_members> next);
    void wake_sleepers(const set_members& all) noexcept;

    std::size_t take_ready();
    bool is_ready(const set_members& all, std::size_t first, std::size_t last);
    static bool held_up(
        const set_members& all, std::size_t first, std::size_t last) noexcept;

    std::size_t spin();
    bool sleep(sleeper& self, nanoseconds longest);
    bool sleep_for(
        sleeper& self, const set_members& all, std::size_t first,
        std::size_t last, std::uint32_t seen, nanoseconds longest);
    nanoseconds sleep_time(
        sleeper& self, const set_members& all, std::size_t first,
        std::size_t last, nanoseconds longest) noexcept;

    void arm_helpers(std::size_t groups);
    void help(helper& self, std::size_t group);
    bool help_once(helper& self, std::size_t group);
    void end_threads() noexcept;

    void none_ready() noexcept;
    void watch();

    void wake_watchers() noexcept
    {
        m_waiting.files.wake();
        m_watching.files.wake();
    }

    template <class Sleep>
    bool slept(
        sleeper& self, const set_members& all, std::size_t first,
        std::size_t last, nanoseconds longest, Sleep sleep);

    const bool m_watches;    // files of members
    const set_mode m_mode;   // if it does not
    const std::size_t m_few; // up to that many, it does not
    const int m_process;
    std::mutex m_changes_mutex{}; // of add() and remove()
    mutable std::mutex m_mutex{}; // of the members and their readiness
    std::shared_ptr<const set_members> m_members;
    std::size_t m_next = 0; // the member whose turn it is
    std::atomic<bool> m_stopped{false};
    set_control m_control{};
    sleeper m_waiting; // the thread that waits
    std::uint32_t m_spins = max_spins;

    std::mutex m_threads_mutex{}; // of the rest
    std::condition_variable m_changed{};
    bool m_ending = false;
    std::uint64_t m_armed = 0; // how often the helpers were armed
    std::deque<helper> m_helpers{};
    platform::ready_descriptor m_descriptor{};
    bool m_readable = false;
    std::thread m_watcher{};
    sleeper m_watching;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/wait_set_state.ipp>
#endif

#endif
