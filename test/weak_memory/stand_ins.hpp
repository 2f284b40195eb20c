// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_STAND_INS_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_STAND_INS_HPP

// What stands in for the processor, the kernel, the clock and the copying of
// bodies when the library's headers run on the simulated machine. Each part
// takes the place of the header whose include guard it defines; all other
// headers are the library's own.

#include "machine.hpp"
#include "sites.hpp"
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#define BOOST_IPQ_DETAIL_PLATFORM_ATOMIC_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FUTEX_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_CORE_BACKOFF_HPP
#define BOOST_IPQ_DETAIL_CORE_BRIEF_MUTEX_HPP
#define BOOST_IPQ_DETAIL_CORE_COPY_BYTES_HPP
#define BOOST_IPQ_DETAIL_CORE_FORK_MUTEX_HPP
#define BOOST_IPQ_DETAIL_CORE_RATE_LIMITER_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_HPP

namespace weak {

// The objects whose words are simulated. Others are private to their thread.
class shared_ranges
{
public:
    static shared_ranges& instance()
    {
        static shared_ranges object;
        return object;
    }

    void clear() noexcept { m_count = 0; }

    void add(const void* begin, std::size_t size) noexcept
    {
        const auto address = reinterpret_cast<std::uintptr_t>(begin);
        m_ranges[m_count++] = {address, address + size};
    }

    bool contain(const void* where) const noexcept
    {
        const auto address = reinterpret_cast<std::uintptr_t>(where);
        for (std::size_t i = 0; i < m_count; ++i)
            if (address >= m_ranges[i].begin && address < m_ranges[i].end)
                return true;
        return false;
    }

    // The number of its range, and the offset in it.
    std::string name(const void* where) const
    {
        const auto address = reinterpret_cast<std::uintptr_t>(where);
        for (std::size_t i = 0; i < m_count; ++i)
            if (address >= m_ranges[i].begin && address < m_ranges[i].end)
                return std::to_string(i) + "+" +
                       std::to_string(address - m_ranges[i].begin);
        return "?";
    }

private:
    struct range
    {
        std::uintptr_t begin, end;
    };

    range m_ranges[16];
    std::size_t m_count = 0;
};

inline bool is_simulated(const void* where) noexcept
{
    return machine::instance().running() &&
           shared_ranges::instance().contain(where);
}

// Prints an access, if the machine prints a run.
inline void
trace(const char* what, const void* where, std::uint64_t value, const place& at)
{
    const auto& all = machine::instance();
    if (all.tracing)
        std::printf(
            "%5llu  thread %zu  %-11s %-8s %#18llx  %s:%d %s\n",
            static_cast<unsigned long long>(all.steps), all.current(), what,
            shared_ranges::instance().name(where).c_str(),
            static_cast<unsigned long long>(value), at.file, at.line,
            at.function);
}

// In place of std::atomic. The last three parameters of each function tell
// where it is called.
template <class T>
class atomic
{
public:
    static constexpr bool is_always_lock_free =
        std::atomic<T>::is_always_lock_free;

    atomic() noexcept = default;
    constexpr atomic(T value) noexcept : m_value(value) {}
    atomic(const atomic&) = delete;
    atomic& operator=(const atomic&) = delete;

#define WEAK_MEMORY_PLACE                                                      \
    const char *file = __builtin_FILE(), int line = __builtin_LINE(),          \
               const char *function = __builtin_FUNCTION()

    T load(
        order o = std::memory_order_seq_cst, WEAK_MEMORY_PLACE) const noexcept
    {
        return load_at({file, line, function}, o, false);
    }

    void store(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        if (!is_simulated(this))
        {
            m_value = value;
            return;
        }
        o = sites::instance().order_at({file, line, function}, "store", o);
        all().step();
        trace("store", this, word_of(value), {file, line, function});
        all().memory.store(this, word_of(m_value), word_of(value), o);
    }

    T exchange(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        return update([value](T) { return value; }, o, {file, line, function});
    }

    T fetch_add(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        return update(
            [value](T old) { return static_cast<T>(old + value); }, o,
            {file, line, function});
    }

    T fetch_sub(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        return update(
            [value](T old) { return static_cast<T>(old - value); }, o,
            {file, line, function});
    }

    T fetch_or(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        return update(
            [value](T old) { return static_cast<T>(old | value); }, o,
            {file, line, function});
    }

    T fetch_and(
        T value, order o = std::memory_order_seq_cst,
        WEAK_MEMORY_PLACE) noexcept
    {
        return update(
            [value](T old) { return static_cast<T>(old & value); }, o,
            {file, line, function});
    }

    bool compare_exchange_strong(
        T& expected, T value, order o, order failure,
        WEAK_MEMORY_PLACE) noexcept
    {
        return exchange_if(expected, value, o, failure, {file, line, function});
    }

    bool compare_exchange_weak(
        T& expected, T value, order o, order failure,
        WEAK_MEMORY_PLACE) noexcept
    {
        return exchange_if(expected, value, o, failure, {file, line, function});
    }

    bool compare_exchange_weak(
        T& expected, T value, order o, WEAK_MEMORY_PLACE) noexcept
    {
        return exchange_if(expected, value, o, o, {file, line, function});
    }

    // `racy`: the word may have become part of a body.
    T load_at(const place& where, order o, bool racy) const noexcept
    {
        if (!is_simulated(this))
            return m_value;
        o = sites::instance().order_at(where, "load", o);
        all().step();
        const std::uint64_t value =
            all().memory.load(this, word_of(m_value), o, racy);
        trace("load", this, value, where);
        return value_of(value);
    }

private:
    static machine& all() noexcept
    {
        return machine::instance();
    }

    static std::uint64_t word_of(T value) noexcept
    {
        std::uint64_t word = 0;
        std::memcpy(&word, &value, sizeof value);
        return word;
    }

    static T value_of(std::uint64_t word) noexcept
    {
        T value;
        std::memcpy(&value, &word, sizeof value);
        return value;
    }

    template <class Change>
    T update(Change change, order o, const place& where) noexcept
    {
        if (!is_simulated(this))
        {
            const T before = m_value;
            m_value = change(before);
            return before;
        }
        o = sites::instance().order_at(where, "update", o);
        all().step();
        bool done;
        const std::uint64_t before = all().memory.update(
            this, word_of(m_value),
            [&](std::uint64_t old, std::uint64_t& after) {
                after = word_of(change(value_of(old)));
                return true;
            },
            o, o, done);
        trace("update", this, before, where);
        return value_of(before);
    }

    bool exchange_if(
        T& expected, T value, order o, order failure,
        const place& where) noexcept
    {
        if (!is_simulated(this))
        {
            if (m_value == expected)
            {
                m_value = value;
                return true;
            }
            expected = m_value;
            return false;
        }
        o = sites::instance().order_at(where, "update", o);
        all().step();
        bool done;
        const T before = value_of(all().memory.update(
            this, word_of(m_value),
            [&](std::uint64_t old, std::uint64_t& after) {
                after = word_of(value);
                return value_of(old) == expected;
            },
            o, failure, done));
        trace(done ? "exchange" : "exchange no", this, word_of(before), where);
        if (!done)
            expected = before;
        return done;
    }

    T m_value{};
};

// Copies between private memory and a body, word by word. A thread may be
// interrupted, or die, between two words.
inline void copy_in(void* body, const void* data, std::size_t size) noexcept
{
    auto& all = machine::instance();
    auto* to = static_cast<char*>(body);
    auto* from = static_cast<const char*>(data);
    for (std::size_t i = 0; i < size; i += 8)
    {
        std::uint64_t value = 0, initial;
        std::memcpy(&value, from + i, size - i < 8 ? size - i : 8);
        std::memcpy(&initial, to + i, 8);
        if (all.random().one_in(3))
            all.step();
        trace("copy in", to + i, value, {"", 0, "copy_in"});
        all.memory.plain_store(to + i, initial, value);
    }
}

inline void copy_out(void* data, const void* body, std::size_t size) noexcept
{
    auto& all = machine::instance();
    auto* to = static_cast<char*>(data);
    auto* from = static_cast<const char*>(body);
    for (std::size_t i = 0; i < size; i += 8)
    {
        std::uint64_t initial;
        std::memcpy(&initial, from + i, 8);
        if (all.random().one_in(3))
            all.step();
        const std::uint64_t value = all.memory.plain_load(from + i, initial);
        trace("copy out", from + i, value, {"", 0, "copy_out"});
        std::memcpy(to + i, &value, size - i < 8 ? size - i : 8);
    }
}

// As copy_out(), but the body may be overwritten meanwhile.
inline void copy_racy(void* data, const void* body, std::size_t size) noexcept
{
    auto& all = machine::instance();
    auto* to = static_cast<char*>(data);
    auto* from = static_cast<const char*>(body);
    // Now and then others do much meanwhile.
    if (all.running() && all.random().one_in(6))
        for (std::size_t i = all.random().below(60); i != 0; --i)
            all.yield();
    for (std::size_t i = 0; i < size; i += 8)
    {
        std::uint64_t value;
        std::memcpy(&value, from + i, 8);
        if (is_simulated(from + i))
        {
            all.step();
            value = all.memory.load(
                from + i, value, std::memory_order_relaxed, true);
        }
        std::memcpy(to + i, &value, size - i < 8 ? size - i : 8);
    }
}

// The kernel's locks of the slots' bytes. A thread that asks about a lock, or
// takes it, follows the one that had it before.
class kernel_locks
{
public:
    static constexpr std::size_t slots = 8;
    static constexpr std::size_t no_thread = max_threads;

    // Slots from `limit` on are locked by processes that do nothing.
    void reset(std::uint32_t limit) noexcept
    {
        m_limit = limit;
        for (auto& each : m_all)
            each = lock();
    }

    bool locked_elsewhere(std::uint32_t slot)
    {
        if (slot >= m_limit)
            return true;
        machine::instance().step();
        lock& it = m_all[slot];
        release_if_dead(it);
        machine::instance().memory.follow(it.released);
        return it.owner != no_thread && it.owner != current();
    }

    bool try_lock(std::uint32_t slot)
    {
        if (locked_elsewhere(slot))
            return false;
        m_all[slot].owner = current();
        m_all[slot].released.join(
            machine::instance().memory.observers[current()].now);
        return true;
    }

    void unlock(std::uint32_t slot)
    {
        machine::instance().step();
        release(m_all[slot]);
    }

private:
    struct lock
    {
        std::size_t owner = no_thread;
        view released; // what its owners had seen when they took or lost it
    };

    static std::size_t current() { return machine::instance().current(); }

    static void release(lock& it)
    {
        it.released.join(machine::instance().memory.observers[it.owner].now);
        it.owner = no_thread;
    }

    static void release_if_dead(lock& it)
    {
        if (it.owner != no_thread && machine::instance().is_dead(it.owner))
            release(it);
    }

    lock m_all[slots];
    std::uint32_t m_limit = 0;
};

// A lock of the kernel that threads wait for, such as the structure lock.
class kernel_mutex
{
public:
    void reset() noexcept
    {
        m_owner = max_threads;
        m_released = view();
    }

    void lock()
    {
        auto& all = machine::instance();
        all.step();
        while (m_owner != max_threads && !all.is_dead(m_owner))
            all.yield();
        if (m_owner != max_threads)
            all.memory.follow(m_owner);
        all.memory.follow(m_released);
        m_owner = all.current();
    }

    void unlock()
    {
        auto& all = machine::instance();
        all.step();
        m_released = all.memory.observers[all.current()].now;
        m_owner = max_threads;
    }

private:
    std::size_t m_owner = max_threads;
    view m_released;
};

} // namespace weak

namespace boost_ipq {
namespace detail {

template <class T>
using atomic = weak::atomic<T>;

namespace platform {

inline void full_fence(WEAK_MEMORY_PLACE) noexcept
{
    auto& all = weak::machine::instance();
    if (all.running() &&
        weak::sites::instance().order_at(
            {file, line, function}, "fence", std::memory_order_seq_cst) ==
            std::memory_order_seq_cst)
        all.memory.full_fence();
}

// Only the compiler reorders around it, and here there is none.
inline void asymmetric_fence_light() noexcept {}

inline bool& has_membarrier() noexcept
{
    static bool value = true;
    return value;
}

inline bool register_for_asymmetric_fence() noexcept
{
    return has_membarrier();
}

inline bool asymmetric_fence_heavy(WEAK_MEMORY_PLACE) noexcept
{
    auto& all = weak::machine::instance();
    if (!has_membarrier())
        return false;
    if (all.running() &&
        weak::sites::instance().order_at(
            {file, line, function}, "membarrier", std::memory_order_seq_cst) ==
            std::memory_order_seq_cst)
    {
        all.step();
        all.fence_everywhere();
    }
    return true;
}

inline std::uint64_t
load_hint(const atomic<std::uint64_t>& word, WEAK_MEMORY_PLACE) noexcept
{
    return word.load_at(
        {file, line, function}, std::memory_order_acquire, true);
}

// The words may be written meanwhile.
inline void copy_hint(void* to, const void* from, std::size_t size) noexcept
{
    weak::copy_racy(to, from, size);
}

constexpr bool looking_locks = false;

inline std::uint32_t process_id() noexcept
{
    return static_cast<std::uint32_t>(weak::machine::instance().current());
}

// The kernel compares the newest value.
inline bool wait_on(
    const atomic<std::uint32_t>& word, std::uint32_t value,
    std::chrono::nanoseconds) noexcept
{
    auto& all = weak::machine::instance();
    all.step();
    if (all.memory.newest(&word, value) == value)
        all.sleep(&word);
    return true;
}

inline void wake_one(const atomic<std::uint32_t>& word) noexcept
{
    weak::machine::instance().step();
    weak::machine::instance().wake_one(&word);
}

inline void wake_all(const atomic<std::uint32_t>& word) noexcept
{
    weak::machine::instance().step();
    weak::machine::instance().wake_all(&word);
}

// Wait sets sleep on the whole word.
inline const void* upper_half(const void* word) noexcept
{
    return word;
}

} // namespace platform

using weak::copy_in;
using weak::copy_out;

// Against other threads of the same handle, of which there are none.
class fork_mutex
{
public:
    void lock() noexcept {}
    bool try_lock() noexcept { return true; }
    void unlock() noexcept {}
};

using brief_mutex = fork_mutex;

class backoff
{
public:
    void wait() noexcept { weak::machine::instance().yield(); }
    static std::chrono::nanoseconds waited() noexcept { return {}; }
};

// Time is arbitrary: each query may be due, or not, unless time stands still.
class rate_limiter
{
public:
    using clock = std::chrono::steady_clock;

    static inline bool stands_still = false;

    explicit rate_limiter(clock::duration = liveness_interval) noexcept {}

    static bool due() noexcept
    {
        return !stands_still && weak::machine::instance().random().one_in(2);
    }

    static void finished(clock::time_point) noexcept {}
};

class lock_file
{
public:
    explicit lock_file(weak::kernel_locks& kernel) noexcept : m_kernel(kernel)
    {
    }

    static void clear_in_child(atomic<std::uint32_t>&) noexcept {}

    static void touch() noexcept {}

    bool slot_locked_elsewhere(std::uint32_t slot) const noexcept
    {
        return m_kernel.locked_elsewhere(slot);
    }

    bool try_lock_slot(std::uint32_t slot) noexcept
    {
        return m_kernel.try_lock(slot);
    }

    void unlock_slot(std::uint32_t slot) noexcept { m_kernel.unlock(slot); }

private:
    weak::kernel_locks& m_kernel;
};

} // namespace detail
} // namespace boost_ipq

#endif
