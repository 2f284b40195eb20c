// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_LAYOUT_HPP
#define BOOST_IPQ_DETAIL_RING_LAYOUT_HPP

// The memory layout of a ring, and nothing else: doc/layout.md says what each
// word is for. Every change of it changes layout_version.
//
// A record is an 8-byte header, followed by the body:
//
//      63            32 31              4 3   0
//     +----------------+-----------------+-----+ +---------------+
//     | length of body | incarnation     |state| | body, rounded |
//     +----------------+-----------------+-----+ +---------------+
//
// Records follow each other in the ring's buffer. Each body is aligned to the
// queue's message alignment A: the buffer starts 8 bytes before such an
// address, and all records span multiples of A. A record is never split: if it
// does not fit before the end of the buffer, a padding record fills the rest,
// and the record begins at the start of the buffer.
//
// Padding does not count: records use up to `capacity` bytes. The buffer is
// longer, by A for the zero header ("sentinel") after the newest record, at
// which subscribers stop, and by some room for padding. So a message that is
// taken leaves room for a new one of its size.
//
// A position is one word, so that it changes in one step:
//
//      63             32 31                        0
//     +-----------------+---------------------------+
//     | messages so far | offset in units of 8 byte |
//     +-----------------+---------------------------+
//
// The count distinguishes two visits of the same offset, and the difference of
// two positions is the number of messages between them.

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/warnings.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

constexpr std::uint32_t layout_version = 4;

constexpr std::size_t unit = 8; // bytes; also the size of a header
constexpr std::size_t cache_line =
    128; // bytes; processors fetch pairs of lines

enum class record_state : unsigned
{
    none,      // nothing here yet
    reserved,  // a publisher is filling the body
    committed, // ready; before the read position: taken by copy
    claimed,   // a subscriber reads it in place
    returned,  // was claimed and not acknowledged: to be delivered again
    consumed,  // acknowledged
    abandoned, // its publisher abandoned it or died: never delivered
    padding,   // nothing: the rest of the buffer or of a reservation, or
               // shift.hpp
    span       // finished records as one, see spans.hpp
};

constexpr unsigned state_bits = 4;
constexpr std::uint64_t state_mask = (1u << state_bits) - 1;

class record_header
{
public:
    constexpr explicit record_header(std::uint64_t word = 0) noexcept
        : m_word(word)
    {
    }

    constexpr record_header(
        record_state state, incarnation who, std::uint64_t length) noexcept
        : m_word(
              length << 32 | std::uint64_t(who) << state_bits |
              static_cast<std::uint64_t>(state))
    {
    }

    constexpr std::uint64_t word() const noexcept { return m_word; }

    constexpr record_state state() const noexcept
    {
        return static_cast<record_state>(m_word & state_mask);
    }

    constexpr incarnation owner() const noexcept
    {
        return static_cast<std::uint32_t>(m_word) >> state_bits;
    }

    constexpr std::size_t length() const noexcept { return m_word >> 32; }

    // Of a span: its bytes, and the messages in it.
    static constexpr record_header
    span(std::uint64_t bytes, std::uint32_t messages) noexcept
    {
        return record_header(record_state::span, messages, bytes / unit);
    }

    constexpr bool is_span() const noexcept
    {
        return state() == record_state::span;
    }

    constexpr std::size_t span_bytes() const noexcept
    {
        return length() * unit;
    }

    constexpr std::uint32_t span_messages() const noexcept { return owner(); }

    constexpr record_header with(record_state state) const noexcept
    {
        return record_header((m_word & ~state_mask) | std::uint64_t(state));
    }

    constexpr record_header
    with(record_state state, incarnation who) const noexcept
    {
        return record_header(state, who, length());
    }

private:
    std::uint64_t m_word;
};

class position
{
public:
    // Without a value, which must be assigned before it is read.
    position() noexcept = default;

    constexpr explicit position(std::uint64_t word) noexcept : m_word(word) {}

    constexpr position(std::uint32_t count, std::size_t offset) noexcept
        : m_word(std::uint64_t(count) << 32 | offset / unit)
    {
    }

    constexpr std::uint64_t word() const noexcept { return m_word; }

    // In bytes, a multiple of 8.
    constexpr std::size_t offset() const noexcept
    {
        return (m_word & 0xffffffffu) * unit;
    }

    constexpr std::uint32_t count() const noexcept
    {
        return static_cast<std::uint32_t>(m_word >> 32);
    }

    friend constexpr bool operator==(position a, position b) noexcept
    {
        return a.m_word == b.m_word;
    }

    friend constexpr bool operator!=(position a, position b) noexcept
    {
        return a.m_word != b.m_word;
    }

private:
    std::uint64_t m_word;
};

using atomic_word = atomic<std::uint64_t>;

// The number of messages in 64 bits. `half_laps` is the number of times that
// the count of 32 bits has run through half of its range. It is stored after
// the position, so it may be one behind if its writer died in between: the
// number is right in both cases.
constexpr std::uint64_t
messages_so_far(std::uint32_t half_laps, position at) noexcept
{
    const std::uint64_t base = std::uint64_t(half_laps) << 31;
    return base + (at.count() - static_cast<std::uint32_t>(base));
}

// Called after a position was moved, which is the event, by the owner of the
// lock.
BOOST_FORCEINLINE void count_half_laps(
    atomic<std::uint32_t>& half_laps, position from, position to) noexcept
{
    if (BOOST_IPQ_DETAIL_LIKELY(((from.word() ^ to.word()) >> 63) == 0))
        return;
    const std::uint64_t before =
        messages_so_far(half_laps.load(std::memory_order_relaxed), from);
    // release: pairs with the acquire in snapshot, which loads the position
    // later
    half_laps.store(
        static_cast<std::uint32_t>(
            (before + (to.count() - from.count())) >> 31),
        std::memory_order_release);
}

BOOST_IPQ_DETAIL_EFFCXX_OFF

// The words of each side. Only the owner of the side's lock writes them, except
// `waiting` and `returned`.
struct alignas(cache_line) publisher_line
{
    atomic<std::uint32_t> owner;     // the lock: 0 or an incarnation
    atomic<std::uint32_t> half_laps; // see count_half_laps()
    atomic_word head;                // where the next record begins
    atomic_word room;                // offset where the room ends
    atomic_word padding;             // offset where the previous lap ended
    atomic_word prefetched;          // offset where prefetched room ends
    atomic<std::uint32_t> waiting;   // not 0: see asked_to_yield()
    std::uint32_t reserved;
    std::uint64_t bias[2];
    atomic_word shifted; // see shift.hpp
};

struct alignas(cache_line) subscriber_line
{
    atomic<std::uint32_t> owner;
    atomic<std::uint32_t> half_laps;
    atomic_word read; // the oldest record that is not taken
    atomic_word free; // the oldest record whose space is still in use
    atomic<std::uint32_t> returned; // not 0: search for returned records
    std::uint32_t reserved;
    atomic_word span; // where spans.hpp goes on; 0: from `free`
    std::uint64_t reserved_word;
    std::uint64_t bias[2];
    atomic_word deliveries[8]; // see delivery_tally.hpp
};

// A bit of the count of sleepers: there may be wait sets.
constexpr std::uint32_t sets_wait = 1u << 31;

constexpr std::uint32_t sleepers_in(std::uint32_t count) noexcept
{
    return count & ~sets_wait;
}

// The sleepers. Read after every message, written only around a sleep.
struct alignas(cache_line) sleeper_line
{
    atomic<std::uint32_t> count;
    atomic<std::uint32_t> posts; // a word to sleep on, see doc/layout.md
    atomic_word sets;            // wait sets, in the lower half; their posts
};

// Bits of `attention`: what a process must see at its next operation.
constexpr std::uint32_t fence_needed = 1; // wakers must execute the full fence
constexpr std::uint32_t queue_is_removed = 2;

struct alignas(cache_line) ring_control
{
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t alignment; // of bodies, in bytes
    std::uint64_t size;      // of the buffer, in bytes
    std::uint64_t capacity;  // that records may use, in bytes
    atomic<std::uint32_t> attention;
    std::uint32_t header_size; // of records, in bytes
    std::uint64_t epoch;       // as in the mark
    std::uint32_t kind;
    std::uint32_t overflow;
    std::uint32_t max_deliveries;
    std::uint32_t reserved;
    std::uint64_t cursors; // offset from the root; 0: none
    std::uint32_t cursor_count;
    publisher_line publishers;
    subscriber_line subscribers;
    sleeper_line messages; // subscribers that wait for messages
    sleeper_line room;     // publishers that wait for room
};

constexpr std::uint64_t ring_magic = 0x71706974736f6f62; // "boostipq"

// Values of `kind` and `overflow`.
constexpr std::uint32_t kind_broadcast = 1;
constexpr std::uint32_t overflow_drops = 1;

enum slot_use : std::uint32_t
{
    slot_free = 0,    // left cleanly or never taken
    slot_taken = 1,   // its byte of the lock file is, or was, locked
    slot_joining = 2, // its byte is about to be locked
    slot_idle = 3     // as slot_taken, and its last handle was closed
};

// A process that has the queue open, or had it open when it died.
struct participant_slot
{
    atomic<std::uint32_t> generation;
    atomic<std::uint32_t> used;  // one of slot_use
    atomic<std::uint32_t> pid;   // only for inspection
    atomic<std::uint32_t> roles; // handles, see one_publisher
    // Its part of the counts in the sleeper lines.
    atomic<std::uint32_t> asleep_for_messages;
    atomic<std::uint32_t> asleep_for_room;
    atomic<std::uint32_t> sets_asleep_for_messages;
    atomic<std::uint32_t> sets_asleep_for_room;
};

struct participant_table
{
    participant_slot entries[slot_count];
    atomic<std::uint32_t> end; // no slot from here on was ever taken
};

BOOST_IPQ_DETAIL_EFFCXX_ON

static_assert(sizeof(atomic_word) == 8, "headers are 8 bytes");
static_assert(
    atomic_word::is_always_lock_free &&
        atomic<std::uint32_t>::is_always_lock_free,
    "atomics that are shared between processes must be lock-free");
static_assert(offsetof(ring_control, version) == 8, "see doc/layout.md");
static_assert(offsetof(ring_control, alignment) == 12, "see doc/layout.md");
static_assert(offsetof(ring_control, size) == 16, "see doc/layout.md");
static_assert(offsetof(ring_control, capacity) == 24, "see doc/layout.md");
static_assert(offsetof(ring_control, attention) == 32, "see doc/layout.md");
static_assert(offsetof(ring_control, header_size) == 36, "see doc/layout.md");
static_assert(offsetof(ring_control, epoch) == 40, "see doc/layout.md");
static_assert(offsetof(ring_control, kind) == 48, "see doc/layout.md");
static_assert(offsetof(ring_control, overflow) == 52, "see doc/layout.md");
static_assert(
    offsetof(ring_control, max_deliveries) == 56, "see doc/layout.md");
static_assert(offsetof(ring_control, cursors) == 64, "see doc/layout.md");
static_assert(offsetof(ring_control, cursor_count) == 72, "see doc/layout.md");
static_assert(offsetof(ring_control, publishers) == 128, "see doc/layout.md");
static_assert(offsetof(ring_control, subscribers) == 256, "see doc/layout.md");
static_assert(offsetof(ring_control, messages) == 384, "see doc/layout.md");
static_assert(offsetof(ring_control, room) == 512, "see doc/layout.md");
static_assert(offsetof(publisher_line, half_laps) == 4, "see doc/layout.md");
static_assert(offsetof(publisher_line, head) == 8, "see doc/layout.md");
static_assert(offsetof(publisher_line, room) == 16, "see doc/layout.md");
static_assert(offsetof(publisher_line, padding) == 24, "see doc/layout.md");
static_assert(offsetof(publisher_line, prefetched) == 32, "see doc/layout.md");
static_assert(offsetof(publisher_line, waiting) == 40, "see doc/layout.md");
static_assert(offsetof(publisher_line, bias) == 48, "see doc/layout.md");
static_assert(offsetof(publisher_line, shifted) == 64, "see doc/layout.md");
static_assert(offsetof(subscriber_line, half_laps) == 4, "see doc/layout.md");
static_assert(offsetof(subscriber_line, read) == 8, "see doc/layout.md");
static_assert(offsetof(subscriber_line, free) == 16, "see doc/layout.md");
static_assert(offsetof(subscriber_line, returned) == 24, "see doc/layout.md");
static_assert(offsetof(subscriber_line, span) == 32, "see doc/layout.md");
static_assert(offsetof(subscriber_line, bias) == 48, "see doc/layout.md");
static_assert(offsetof(subscriber_line, deliveries) == 64, "see doc/layout.md");
static_assert(offsetof(sleeper_line, posts) == 4, "see doc/layout.md");
static_assert(offsetof(sleeper_line, sets) == 8, "see doc/layout.md");
static_assert(offsetof(participant_slot, used) == 4, "see doc/layout.md");
static_assert(offsetof(participant_slot, pid) == 8, "see doc/layout.md");
static_assert(offsetof(participant_slot, roles) == 12, "see doc/layout.md");
static_assert(
    offsetof(participant_slot, asleep_for_messages) == 16, "see doc/layout.md");
static_assert(
    offsetof(participant_slot, asleep_for_room) == 20, "see doc/layout.md");
static_assert(
    offsetof(participant_slot, sets_asleep_for_messages) == 24,
    "see doc/layout.md");
static_assert(sizeof(ring_control) == 640, "see doc/layout.md");
static_assert(sizeof(publisher_line) == 128, "see doc/layout.md");
static_assert(sizeof(subscriber_line) == 128, "see doc/layout.md");
static_assert(sizeof(sleeper_line) == 128, "see doc/layout.md");
static_assert(sizeof(participant_slot) == 32, "see doc/layout.md");

} // namespace detail
} // namespace boost_ipq

#endif
