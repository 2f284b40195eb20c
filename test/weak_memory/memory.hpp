// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_MEMORY_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_MEMORY_HPP

// An operational model of memory that is weakly ordered: release, acquire and
// relaxed accesses, full fences, and plain accesses whose races are found.
//
// Each word keeps every value that was ever stored to it, in order. A thread's
// view says, for each word, which of these values it must have seen at least; a
// load may return any value from there on. A store with release order attaches
// the thread's view to the value, and a load with acquire order that returns
// the value adds it to the view of its thread. So a value can be seen before
// what was stored earlier, unless the orders forbid it.
//
// A view also says how much of each other thread's work happened before. A
// plain access races if the last plain or conflicting access to its word did
// not.
//
// That is the model of the language. On a multi-copy atomic machine (x86, ARM),
// a store reaches all other threads at once. Then a load may return an old
// value only because it was executed early, and no load is executed before an
// earlier one with acquire order. So the value must have been the newest one at
// some time since then.
//
// Loads do not return values that are stored later (load buffering); the model
// in test/model/genmc/ covers that.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weak {

constexpr std::size_t max_words = 152;
constexpr std::size_t max_threads = 8;

using stamp = std::uint16_t;
using order = std::memory_order;

inline bool acquires(order o) noexcept
{
    return o == std::memory_order_acquire || o == std::memory_order_acq_rel ||
           o == std::memory_order_seq_cst;
}

inline bool releases(order o) noexcept
{
    return o == std::memory_order_release || o == std::memory_order_acq_rel ||
           o == std::memory_order_seq_cst;
}

struct view
{
    stamp seen[max_words] = {};       // of each word: the oldest value to see
    stamp happened[max_threads] = {}; // of each thread: its work until then

    void join_seen(const view& other) noexcept
    {
        for (std::size_t i = 0; i < max_words; ++i)
            seen[i] = other.seen[i] > seen[i] ? other.seen[i] : seen[i];
    }

    void join(const view& other) noexcept
    {
        join_seen(other);
        for (std::size_t i = 0; i < max_threads; ++i)
            if (other.happened[i] > happened[i])
                happened[i] = other.happened[i];
    }
};

// What one thread has seen.
struct observer
{
    view now;      // what its next accesses depend on
    view acquired; // what it would have seen if all its loads were acquire
    view released; // what its relaxed stores attach: as of its last fence
    std::size_t in_order = 0; // time of the last load that later ones follow
    unsigned stale_loads = 0; // in a row
};

// A value of a word.
struct stored
{
    std::uint64_t value;
    view attached;
    std::size_t writer; // max_threads: before the threads began
    stamp when;         // in the writer's work
    bool plain;
    std::size_t time; // of the store, among all stores
};

struct word
{
    std::uintptr_t address = 0;
    std::size_t number = 0;
    std::vector<stored> history;
    stamp read_at[max_threads] = {}; // last plain or ordinary load
    stamp newest_ordered = 0;        // of the seq_cst stores
};

// Random numbers that are the same with every compiler.
class dice
{
public:
    void seed(std::uint64_t value) noexcept
    {
        m_state = value * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
        next();
    }

    std::uint64_t next() noexcept
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state * 0x2545f4914f6cdd1du >> 16;
    }

    std::size_t below(std::size_t limit) noexcept
    {
        return static_cast<std::size_t>(next() % limit);
    }

    bool one_in(std::size_t number) noexcept { return below(number) == 0; }

private:
    std::uint64_t m_state = 1;
};

class memory
{
public:
    dice random;
    observer observers[max_threads];
    std::size_t current = 0; // the thread that works
    std::size_t stale_percent = 0;
    bool multi_copy_atomic = false; // see above
    std::string error;              // the first; empty: none

    void reset() noexcept
    {
        for (std::size_t i = 0; i < m_used; ++i)
            m_words[i].history.clear();
        m_used = 0;
        for (auto& slot : m_index)
            slot = 0;
        for (auto& each : observers)
            each = observer();
        m_fenced = view();
        m_time = 0;
        error.clear();
    }

    void fail(const std::string& what)
    {
        if (error.empty())
            error = what;
    }

    // `racy`: a load whose caller validates the value.
    std::uint64_t
    load(const void* where, std::uint64_t initial, order o, bool racy)
    {
        word& w = at(where, initial);
        observer& me = observers[current];
        std::size_t oldest = me.now.seen[w.number];
        if (o == std::memory_order_seq_cst && w.newest_ordered > oldest)
            oldest = w.newest_ordered;
        if (multi_copy_atomic)
            oldest = newest_at(w, me.in_order, oldest);
        const std::size_t chosen = choose(me, oldest, w.history.size() - 1);
        const stored& value = w.history[chosen];
        if (!racy)
        {
            if (w.history.back().plain && !happened(w.history.back()))
                race(w, "a load that does not follow the bytes stored there");
            w.read_at[current] = ++me.now.happened[current];
        }
        see(me, w, chosen, o);
        return value.value;
    }

    void store(void* where, std::uint64_t initial, std::uint64_t value, order o)
    {
        word& w = at(where, initial);
        observer& me = observers[current];
        check_store(w, "a store");
        ++me.now.happened[current];
        append(w, value, o, nullptr, false);
    }

    // `change(old, new)` returns whether it stores.
    template <class Change>
    std::uint64_t update(
        void* where, std::uint64_t initial, Change change, order o,
        order failure, bool& done)
    {
        word& w = at(where, initial);
        observer& me = observers[current];
        const std::size_t last = w.history.size() - 1;
        if (w.history[last].plain && !happened(w.history[last]))
            race(w, "an update that does not follow the bytes stored there");
        const std::uint64_t before = w.history[last].value;
        std::uint64_t after = before;
        done = change(before, after);
        see(me, w, last, done ? o : failure);
        w.read_at[current] = ++me.now.happened[current];
        if (done)
        {
            check_store(w, "an update");
            ++me.now.happened[current];
            append(w, after, o, &w.history[last].attached, false);
        }
        return before;
    }

    void plain_store(void* where, std::uint64_t initial, std::uint64_t value)
    {
        word& w = at(where, initial);
        if (!happened(w.history.back()))
            race(w, "bytes stored over a value that was not seen");
        check_readers(w, "bytes stored");
        ++observers[current].now.happened[current];
        append(w, value, std::memory_order_relaxed, nullptr, true);
    }

    std::uint64_t plain_load(const void* where, std::uint64_t initial)
    {
        word& w = at(where, initial);
        observer& me = observers[current];
        if (!happened(w.history.back()))
            race(w, "bytes loaded that were not seen stored");
        w.read_at[current] = ++me.now.happened[current];
        return w.history.back().value;
    }

    // A full fence of the current thread. It orders what is seen; by itself it
    // lets nothing happen before.
    void full_fence() { fence_of(observers[current]); }

    // A full fence of every thread, at this moment.
    void fence_everywhere(std::size_t threads)
    {
        for (std::size_t round = 0; round < 2; ++round)
            for (std::size_t i = 0; i < threads; ++i)
                fence_of(observers[i]);
    }

    // What thread `other` did happened before what the current one does now:
    // the kernel or a mutex has told it.
    void follow(std::size_t other)
    {
        observers[current].now.join(observers[other].now);
        observers[current].acquired.join(observers[other].now);
    }

    void follow(const view& other)
    {
        observers[current].now.join(other);
        observers[current].acquired.join(other);
    }

    // The newest value, whether it was seen or not.
    std::uint64_t newest(const void* where, std::uint64_t initial)
    {
        return at(where, initial).history.back().value;
    }

private:
    word& at(const void* where, std::uint64_t initial)
    {
        const auto address = reinterpret_cast<std::uintptr_t>(where);
        std::size_t i = address / 4 * 0x9e3779b1u % index_size;
        for (; m_index[i] != 0; i = (i + 1) % index_size)
            if (m_words[m_index[i] - 1].address == address)
                return m_words[m_index[i] - 1];
        if (m_used == max_words)
        {
            fail("too many words for the model");
            return m_words[0];
        }
        word& w = m_words[m_used];
        w.address = address;
        w.number = m_used;
        w.newest_ordered = 0;
        for (auto& each : w.read_at)
            each = 0;
        w.history.push_back({initial, view(), max_threads, 0, false, 0});
        m_index[i] = static_cast<stamp>(++m_used);
        return w;
    }

    // The number of the newest value at that time, at least `oldest`.
    static std::size_t
    newest_at(const word& w, std::size_t time, std::size_t oldest)
    {
        std::size_t i = w.history.size() - 1;
        while (i > oldest && w.history[i].time > time)
            --i;
        return i;
    }

    std::size_t choose(observer& me, std::size_t oldest, std::size_t last)
    {
        if (oldest >= last)
            return last;
        if (me.stale_loads >= max_stale_loads ||
            random.below(100) >= stale_percent)
        {
            me.stale_loads = 0;
            return last;
        }
        ++me.stale_loads;
        return random.one_in(2) ? oldest
                                : oldest + random.below(last - oldest + 1);
    }

    void see(observer& me, word& w, std::size_t chosen, order o)
    {
        const stored& value = w.history[chosen];
        if (acquires(o))
        {
            me.now.join(value.attached);
            me.in_order = chosen + 1 < w.history.size()
                              ? w.history[chosen + 1].time - 1
                              : m_time;
        }
        me.acquired.join(value.attached);
        if (me.now.seen[w.number] < chosen)
            me.now.seen[w.number] = static_cast<stamp>(chosen);
    }

    void append(
        word& w, std::uint64_t value, order o, const view* updated, bool plain)
    {
        observer& me = observers[current];
        const auto number = static_cast<stamp>(w.history.size());
        me.now.seen[w.number] = number;
        if (number == 0xffff || me.now.happened[current] == 0xffff)
            fail("too many steps for the model");
        stored next{value,   releases(o) ? me.now : me.released,
                    current, me.now.happened[current],
                    plain,   ++m_time};
        next.attached.seen[w.number] = number;
        if (updated != nullptr)
            next.attached.join(*updated);
        if (o == std::memory_order_seq_cst)
            w.newest_ordered = number;
        w.history.push_back(next);
    }

    void fence_of(observer& each)
    {
        each.now.join(each.acquired);
        each.now.join_seen(m_fenced);
        m_fenced.join_seen(each.now);
        each.released = each.now;
        each.in_order = m_time;
    }

    bool happened(const stored& value) const
    {
        return value.writer == max_threads ||
               observers[current].now.happened[value.writer] >= value.when;
    }

    void check_store(const word& w, const char* what)
    {
        if (w.history.back().plain && !happened(w.history.back()))
            race(w, std::string(what) + " over bytes that were not seen");
        check_readers(w, what);
    }

    void check_readers(const word& w, const char* what)
    {
        if (!was_plain(w))
            return;
        for (std::size_t i = 0; i < max_threads; ++i)
            if (i != current &&
                w.read_at[i] > observers[current].now.happened[i])
                race(
                    w, std::string(what) + " over bytes that thread " +
                           std::to_string(i) + " reads");
    }

    void race(const word& w, const std::string& what)
    {
        fail(
            "race in thread " + std::to_string(current) + ": " + what +
            ", word " + std::to_string(w.number));
    }

    static bool was_plain(const word& w) { return w.history.back().plain; }

    static constexpr unsigned max_stale_loads = 40;
    static constexpr std::size_t index_size = 1024;

    word m_words[max_words];
    std::size_t m_used = 0;
    stamp m_index[index_size] = {};
    view m_fenced;          // what full fences have ordered
    std::size_t m_time = 0; // stores so far
};

} // namespace weak

#endif
