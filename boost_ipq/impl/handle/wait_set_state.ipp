// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_WAIT_SET_STATE_IPP
#define BOOST_IPQ_IMPL_HANDLE_WAIT_SET_STATE_IPP

#include <boost_ipq/detail/handle/wait_set_state.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/no_signals.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/error.hpp>
#include <algorithm>
#include <cerrno>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL wait_set_state::wait_set_state(set_mode mode)
    : m_watches(mode == set_mode::best || mode == set_mode::files),
      m_mode(m_watches ? best_limited_mode() : mode),
      m_few(
          mode == set_mode::best && m_mode == set_mode::words ? few_members
                                                              : 0),
      m_process(platform::process_id()),
      m_members(std::make_shared<const set_members>()),
      m_waiting(m_mode),
      m_watching(m_mode)
{
}

BOOST_IPQ_DECL wait_set_state::~wait_set_state()
{
    end_threads();
}

BOOST_IPQ_DECL bool wait_set_state::is_of_this_process() const noexcept
{
    return m_process == platform::process_id();
}

BOOST_IPQ_DECL void wait_set_state::end_threads() noexcept
{
    const platform::no_thread_cancellation no_cancellation;
    {
        const std::lock_guard<std::mutex> guard(m_threads_mutex);
        m_ending = true;
        m_changed.notify_all();
    }
    interrupt();
    wake_sleepers(*members());
    for (helper& each : m_helpers)
        each.thread.join();
    if (m_watcher.joinable())
        m_watcher.join();
}

// Members ------------------------------------------------------------------

BOOST_IPQ_DECL std::shared_ptr<const set_members>
wait_set_state::members() const
{
    const std::lock_guard<std::mutex> guard(m_mutex);
    return m_members;
}

BOOST_IPQ_DECL void wait_set_state::add(
    std::unique_ptr<waitable> what, const void* handle, std::size_t key)
{
    if (key == 0)
        throw_error(errc::invalid_argument, "wait_set: keys begin at 1");
    const std::lock_guard<std::mutex> guard(m_changes_mutex);
    auto next = std::make_shared<set_members>(*members());
    next->erase(
        std::remove_if(
            next->begin(), next->end(),
            [&](const auto& each) { return each->handle == handle; }),
        next->end());
    next->push_back(
        std::make_shared<set_member>(set_member{std::move(what), handle, key}));
    replace(std::move(next));
}

BOOST_IPQ_DECL bool wait_set_state::remove(const void* handle)
{
    const std::lock_guard<std::mutex> guard(m_changes_mutex);
    const auto before = members();
    auto next = std::make_shared<set_members>(*before);
    next->erase(
        std::remove_if(
            next->begin(), next->end(),
            [&](const auto& each) { return each->handle == handle; }),
        next->end());
    if (next->size() == before->size())
        return false;
    replace(std::move(next));
    return true;
}

// Sleepers begin again with the new members. The old ones are destroyed without
// the mutex: the last reference to a queue may be among them.
BOOST_IPQ_DECL void
wait_set_state::replace(std::shared_ptr<const set_members> next)
{
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_members.swap(next);
    }
    interrupt();
    wake_sleepers(*next);
}

// Helpers that sleep for one queue do not see the control.
BOOST_IPQ_DECL void
wait_set_state::wake_sleepers(const set_members& all) noexcept
{
    if (m_mode == set_mode::words)
        return;
    for (const auto& each : all)
        if (m_mode == set_mode::word)
            each->what->awaited().wake_sets();
        else
            each->what->awaited().wake_all();
}

// Ready members take turns.
BOOST_IPQ_DECL std::size_t wait_set_state::take_ready()
{
    const std::lock_guard<std::mutex> guard(m_mutex);
    const set_members& all = *m_members;
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        const std::size_t at = (m_next + i) % all.size();
        if (!all[at]->what->ready())
            continue;
        all[at]->what->reported();
        m_next = at + 1;
        return all[at]->key;
    }
    return 0;
}

BOOST_IPQ_DECL bool wait_set_state::is_ready(
    const set_members& all, std::size_t first, std::size_t last)
{
    const std::lock_guard<std::mutex> guard(m_mutex);
    for (std::size_t i = first; i < last; ++i)
        if (all[i]->what->ready())
            return true;
    return false;
}

BOOST_IPQ_DECL bool wait_set_state::held_up(
    const set_members& all, std::size_t first, std::size_t last) noexcept
{
    for (std::size_t i = first; i < last; ++i)
        if (all[i]->what->held_up())
            return true;
    return false;
}

// Waiting ------------------------------------------------------------------

BOOST_IPQ_DECL void wait_set_state::stop() noexcept
{
    const int before = errno; // of the code that a signal interrupts
    // seq_cst: a sleeper reads the control, then this flag, then sleeps on the
    // control's value
    m_stopped.store(true, std::memory_order_seq_cst);
    m_control.change_in_handler();
    wake_watchers();
    m_descriptor.set();
    errno = before;
}

BOOST_IPQ_DECL std::size_t wait_set_state::wait(const wait_limit& limit)
{
    const platform::no_thread_cancellation no_cancellation;
    bool woken = true;
    for (;;)
    {
        std::size_t key = stopped() ? 0 : take_ready();
        if (key != 0)
            return key;
        none_ready();
        if (stopped() || limit.reached())
            return 0;
        if (woken && (key = spin()) != 0)
            return key;
        const auto begin = std::chrono::steady_clock::now();
        woken = sleep(m_waiting, limit.remaining());
        const bool brief =
            std::chrono::steady_clock::now() - begin < short_sleep;
        m_spins = woken && brief ? (std::min)(m_spins * 2, max_spins)
                                 : (std::max)(m_spins / 2, min_spins);
    }
}

// A wake-up takes much longer than a look.
BOOST_IPQ_DECL std::size_t wait_set_state::spin()
{
    // Not longer than that: a thread that removes a member may wait for it.
    const std::size_t count = members()->size();
    const std::size_t looks = m_spins / (count + 1);
    const auto end = std::chrono::steady_clock::now() + max_spin_time;
    for (std::size_t i = 0; i < looks && !stopped(); ++i)
    {
        platform::pause();
        if (const std::size_t key = take_ready())
            return key;
        if (i % spins_before_yield == spins_before_yield - 1)
            std::this_thread::yield();
        if (std::chrono::steady_clock::now() >= end)
            break; // a look may wait for a lock
    }
    return 0;
}

// Returns whether it was woken.
BOOST_IPQ_DECL bool wait_set_state::sleep(sleeper& self, nanoseconds longest)
{
    const std::uint32_t seen = m_control.now();
    const auto all = members();
    if (stopped())
        return true;
    const std::size_t count = all->size(), most = handles_per_thread(m_mode);
    if (m_watches && count > m_few && self.files.watch(all))
        return slept(self, *all, 0, count, longest, [&](nanoseconds duration) {
            return self.files.sleep(duration, [&] {
                return m_control.now() != seen || is_ready(*all, 0, count);
            });
        });
    if (m_mode == set_mode::words && count <= most)
        return sleep_for(self, *all, 0, count, seen, longest);
    arm_helpers((count + most - 1) / most);
    if (is_ready(*all, 0, count))
        return true;
    // Helpers ask the kernel about dead processes.
    m_control.wait(seen, (std::min)(longest, nanoseconds(max_sleep)));
    return m_control.now() != seen;
}

BOOST_IPQ_DECL bool wait_set_state::sleep_for(
    sleeper& self, const set_members& all, std::size_t first, std::size_t last,
    std::uint32_t seen, nanoseconds longest)
{
    return slept(self, all, first, last, longest, [&](nanoseconds duration) {
        return self.how.sleep(all, first, last, m_control, seen, duration, [&] {
            return is_ready(all, first, last);
        });
    });
}

// Returns whether it was woken. sleep(duration) returns by which member.
template <class Sleep>
bool wait_set_state::slept(
    sleeper& self, const set_members& all, std::size_t first, std::size_t last,
    nanoseconds longest, Sleep sleep)
{
    using clock = std::chrono::steady_clock;
    const nanoseconds duration = sleep_time(self, all, first, last, longest);
    const auto until = clock::now() + duration;
    const std::size_t woken = sleep(duration);
    if (woken != last && &self == &m_waiting)
    {
        // Its turn: it is not searched for.
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_next = woken;
    }
    const auto now = clock::now();
    // Also while others are busy: a quiet member has no other sleeper.
    if (now - self.idle_since >= max_sleep)
    {
        self.idle_since = now;
        for (std::size_t i = first; i < last; ++i)
            all[i]->what->idle();
    }
    return now < until;
}

BOOST_IPQ_DECL nanoseconds wait_set_state::sleep_time(
    sleeper& self, const set_members& all, std::size_t first, std::size_t last,
    nanoseconds longest) noexcept
{
    if (!held_up(all, first, last))
    {
        self.held_up_sleep = min_held_up_sleep;
        return (std::min)(longest, nanoseconds(max_sleep));
    }
    const nanoseconds result = (std::min)(longest, self.held_up_sleep);
    self.held_up_sleep =
        (std::min)(2 * self.held_up_sleep, nanoseconds(max_sleep));
    return result;
}

// Helpers ------------------------------------------------------------------

// Calls `function` in a thread of the set. If there is no memory, or no further
// thread, it looks again later.
template <class Function>
void nap_unless(Function function) noexcept
{
    try
    {
        function();
    }
    catch (...)
    {
        std::this_thread::sleep_for(max_sleep);
    }
}

BOOST_IPQ_DECL void wait_set_state::arm_helpers(std::size_t groups)
{
    const std::lock_guard<std::mutex> guard(m_threads_mutex);
    ++m_armed;
    while (m_helpers.size() < groups)
    {
        m_helpers.emplace_back(m_mode);
        const platform::no_signals blocked;
        try
        {
            m_helpers.back().thread = std::thread(
                [this, &self = m_helpers.back(), group = m_helpers.size() - 1] {
                    help(self, group);
                });
        }
        catch (...)
        {
            m_helpers.pop_back();
            throw_error(
                boost::system::errc::make_error_code(
                    boost::system::errc::resource_unavailable_try_again),
                "wait_set: starting a thread");
        }
    }
    m_changed.notify_all();
}

BOOST_IPQ_DECL void wait_set_state::help(helper& self, std::size_t group)
{
    std::uint64_t armed = 0;
    for (std::unique_lock<std::mutex> lock(m_threads_mutex); !m_ending;)
    {
        if (armed == m_armed)
        {
            m_changed.wait(lock);
            continue;
        }
        armed = m_armed;
        do
        {
            lock.unlock();
            bool again = true;
            nap_unless([&] { again = help_once(self, group); });
            lock.lock();
            if (!again)
                break;
        } while (!m_ending);
    }
}

// Returns whether to sleep again.
BOOST_IPQ_DECL bool wait_set_state::help_once(helper& self, std::size_t group)
{
    const std::uint32_t seen = m_control.now();
    const auto all = members();
    const std::size_t most = handles_per_thread(m_mode);
    const std::size_t first = group * most;
    if (first >= all->size())
        return false; // members were removed
    const std::size_t last = (std::min)(first + most, all->size());
    if (!is_ready(*all, first, last))
    {
        sleep_for(self.self, *all, first, last, seen, nanoseconds(max_sleep));
        return true;
    }
    interrupt();
    return false;
}

// The descriptor -----------------------------------------------------------

// The thread that waits has found no member ready.
BOOST_IPQ_DECL void wait_set_state::none_ready() noexcept
{
    if (!m_descriptor.is_open())
        return;
    const std::lock_guard<std::mutex> guard(m_threads_mutex);
    if (!std::exchange(m_readable, false) && !stopped())
        return;
    m_descriptor.clear();
    m_changed.notify_all();
}

BOOST_IPQ_DECL int wait_set_state::descriptor()
{
    const std::lock_guard<std::mutex> guard(m_threads_mutex);
    if (m_watcher.joinable())
        return m_descriptor.get();
    boost::system::error_code ec;
    if (!m_descriptor.is_open())
        m_descriptor.open(ec);
    if (ec)
        throw_error(ec, "wait_set: making a descriptor");
    const platform::no_signals blocked;
    try
    {
        m_watcher = std::thread([this] { watch(); });
    }
    catch (...)
    {
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::resource_unavailable_try_again),
            "wait_set: starting a thread");
    }
    if (stopped())
        m_descriptor.set();
    return m_descriptor.get();
}

BOOST_IPQ_DECL void wait_set_state::watch()
{
    for (std::unique_lock<std::mutex> lock(m_threads_mutex); !m_ending;)
    {
        // Rests; a stop ends it for good.
        if (m_readable || stopped())
        {
            m_changed.wait(lock);
            continue;
        }
        lock.unlock();
        bool ready = false;
        nap_unless([&] {
            const auto all = members();
            ready = is_ready(*all, 0, all->size());
            if (!ready)
                sleep(m_watching, nanoseconds(max_sleep));
        });
        lock.lock();
        if (ready)
        {
            m_readable = true;
            m_descriptor.set();
        }
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
