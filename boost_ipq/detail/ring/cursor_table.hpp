// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_TABLE_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_TABLE_HPP

// The read positions of a broadcast: one cursor for each subscriber, and what
// publishers know about the records that are still there. See doc/layout.md.
//
// A cursor is one word, so that position and flags change in one step:
//
//      63             32 31            3    2      1      0
//     +-----------------+---------------+-------+-------+------+
//     | messages so far | offset / 8    | which |reading| live |
//     +-----------------+---------------+-------+-------+------+
//
// A zero word is a free cursor. `reading`: the subscriber reads records from
// there on in place, and no other process moves the cursor. `which` selects the
// count of dropped messages that is valid: a process that drops messages writes
// the other count first, then moves the cursor and selects that count by one
// compare-and-swap. So a death in between neither loses nor doubles a count.
//
// The table changes only with the publishers' lock held, except that a
// subscriber moves and frees its own cursor. Only the owner of that lock writes
// the counts of dropped messages: what a subscriber skips itself is counted
// apart.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

class cursor_word
{
public:
    constexpr explicit cursor_word(std::uint64_t word = 0) noexcept
        : m_word(word)
    {
    }

    constexpr cursor_word(position at, std::uint64_t flags) noexcept
        : m_word(std::uint64_t(at.count()) << 32 | at.offset() | flags)
    {
    }

    static constexpr std::uint64_t live = 1, reading = 2, which = 4;

    constexpr std::uint64_t word() const noexcept { return m_word; }
    constexpr bool is_live() const noexcept { return (m_word & live) != 0; }
    constexpr bool is_reading() const noexcept
    {
        return (m_word & reading) != 0;
    }

    // Index of the valid count of dropped messages.
    constexpr unsigned selected() const noexcept
    {
        return (m_word & which) != 0 ? 1 : 0;
    }

    constexpr position at() const noexcept
    {
        return position(
            static_cast<std::uint32_t>(m_word >> 32), m_word & 0xfffffff8u);
    }

    // A different position with the same flags.
    constexpr cursor_word moved(position to) const noexcept
    {
        return cursor_word(to, m_word & (live | reading | which));
    }

    friend constexpr bool operator==(cursor_word a, cursor_word b) noexcept
    {
        return a.m_word == b.m_word;
    }

    friend constexpr bool operator!=(cursor_word a, cursor_word b) noexcept
    {
        return a.m_word != b.m_word;
    }

private:
    std::uint64_t m_word;
};

struct alignas(cache_line) cursor
{
    atomic_word word{};
    atomic_word dropped[2]{};
    atomic<std::uint32_t> owner{}; // an incarnation
    std::uint32_t reserved{};
    atomic_word skipped{}; // messages that the subscriber was too slow for

    // acquire: what its subscriber has read was read before it moved; pairs
    // with the subscriber's moves
    cursor_word load() const noexcept
    {
        return cursor_word(word.load(std::memory_order_acquire));
    }

    // acq_rel: as load(); and the count of dropped messages is stored before.
    // On failure `seen` is the word that was found.
    bool replace(cursor_word& seen, cursor_word by) noexcept
    {
        std::uint64_t found = seen.word();
        const bool done = word.compare_exchange_strong(
            found, by.word(), std::memory_order_acq_rel,
            std::memory_order_acquire);
        seen = cursor_word(found);
        return done;
    }

    // Messages that the subscriber did not get, when the cursor had that word.
    std::uint64_t missed(cursor_word now) const noexcept
    {
        // acquire: the next load of the word is not older
        const std::uint64_t result =
            dropped[now.selected()].load(std::memory_order_acquire);
        // relaxed: written by the same process
        return result + skipped.load(std::memory_order_relaxed);
    }
};

struct cursor_table
{
    cursor cursors[cursor_count]{};

    // What follows is written only with the publishers' lock held.

    // Beginnings of records, oldest first from `mark_count` on, each at least
    // half a chunk behind the previous one. Some may be overwritten since.
    alignas(cache_line) atomic_word marks[mark_slots]{};
    atomic<std::uint32_t> mark_count{}; // marks made so far
    atomic<std::uint32_t> end{};        // no cursor from there on was taken
    atomic<std::uint32_t> slowest{};    // a cursor that holds publishers up
    std::uint32_t reserved{};
    atomic_word last_reserved{}; // position of the newest reservation
};

static_assert(sizeof(cursor) == 128, "see doc/layout.md");
static_assert(offsetof(cursor, dropped) == 8, "see doc/layout.md");
static_assert(offsetof(cursor, owner) == 24, "see doc/layout.md");
static_assert(offsetof(cursor, skipped) == 32, "see doc/layout.md");
static_assert(offsetof(cursor_table, marks) == 1024 * 128, "see doc/layout.md");
static_assert(
    offsetof(cursor_table, mark_count) == 1024 * 128 + 256,
    "see doc/layout.md");
static_assert(
    offsetof(cursor_table, last_reserved) == 1024 * 128 + 272,
    "see doc/layout.md");
static_assert(sizeof(cursor_table) == 1024 * 128 + 384, "see doc/layout.md");

// Bytes from `at` to `head`, which is at most a lap ahead.
inline std::size_t
distance(const ring_view& ring, position at, position head) noexcept
{
    return head.offset() >= at.offset()
               ? head.offset() - at.offset()
               : head.offset() + ring.size - at.offset();
}

// Can `at` be a position of the records from `free` to `head`?
inline bool is_between(
    const ring_view& ring, position at, position free, position head) noexcept
{
    return ring.holds(at) &&
           distance(ring, at, head) <= distance(ring, free, head) &&
           static_cast<std::int32_t>(at.count() - free.count()) >= 0 &&
           static_cast<std::int32_t>(head.count() - at.count()) >= 0;
}

// As is_between(), for a mark, which may be old: one in front of padding that
// is free already has the count of `free`, and an offset that may be between
// them again. Behind padding inside the buffer, which follows a record that was
// committed shorter, a mark is not recognized: one less is used.
inline bool is_mark_between(
    const ring_view& ring, position at, position free, position head) noexcept
{
    return is_between(ring, at, free, head) &&
           (at == free || at.offset() == 0 || at.count() != free.count());
}

// Bytes of room that publishers make at once, unless a record needs more.
inline std::size_t chunk_of(const ring_view& ring) noexcept
{
    return ring.capacity / chunks;
}

inline std::uint32_t cursors_in_use(const cursor_table& table) noexcept
{
    // Relaxed: a cursor that is taken meanwhile is at `head`. A reader of its
    // word that finds it live sees what was stored before.
    return (std::min<
            std::
                uint32_t>)(table.end.load(std::memory_order_relaxed), cursor_count);
}

// Frees a cursor whose subscriber is dead, or has left. Word first: a cursor
// with a zero word and a dead owner can be taken, too.
inline void free_cursor(cursor& which) noexcept
{
    // release, twice: pairs with load(), and with join()
    which.word.store(0, std::memory_order_release);
    which.owner.store(0, std::memory_order_release);
}

// The start of records that are still there: calls function(position) for the
// marks from `free` to `head`, newest first, until it returns true.
template <class Function>
void for_each_mark(
    const ring_view& ring, position free, position head, Function function)
{
    const cursor_table& table = *ring.cursors;
    const std::uint32_t count =
        table.mark_count.load(std::memory_order_relaxed);
    position newer = head;
    for (std::uint32_t i = 1; i <= mark_slots; ++i)
    {
        const position at(table.marks[(count - i) % mark_slots].load(
            std::memory_order_relaxed));
        // An old mark at offset 0, in front of padding that is free already,
        // would be seen there again behind newer ones.
        if (!is_mark_between(ring, at, free, head) ||
            (at != newer &&
             distance(ring, at, head) <= distance(ring, newer, head)) ||
            function(at))
            return;
        newer = at;
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
