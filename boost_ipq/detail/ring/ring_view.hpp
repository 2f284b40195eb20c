// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_VIEW_HPP
#define BOOST_IPQ_DETAIL_RING_RING_VIEW_HPP

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost/config.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

constexpr std::size_t round_up(std::size_t value, std::size_t step) noexcept
{
    return (value + step - 1) / step * step;
}

// Bytes that a message takes in a ring: its header and its body. The alignment
// is a power of two.
constexpr std::size_t
span_of(std::size_t length, std::size_t alignment) noexcept
{
    return (length + unit + alignment - 1) & ~(alignment - 1);
}

inline atomic_word& header_at(std::byte* data, std::size_t offset) noexcept
{
    return *reinterpret_cast<atomic_word*>(data + offset);
}

class dead_letter_box;

// How many records this process has reserved and claimed for its callers.
struct made_counts
{
    atomic<std::uint64_t> reserved{0};
    atomic<std::uint64_t> claimed{0};
};

BOOST_FORCEINLINE void count_one(atomic<std::uint64_t>& made) noexcept
{
    made.fetch_add(1, std::memory_order_relaxed);
}

inline void uncount_one(atomic<std::uint64_t>& made) noexcept
{
    made.fetch_sub(1, std::memory_order_relaxed);
}

// Of rings that are used without an attachment.
inline made_counts uncounted;

struct cursor_table;
class room_maker;

// One process's view of a ring: plain pointers, the geometry, this process's
// incarnation, and the liveness of the others. The geometry is a copy that was
// checked once; later damage to the segment cannot change it.
struct ring_view
{
    ring_control* control = nullptr;
    std::byte* data = nullptr;
    std::size_t size = 0;      // bytes of the buffer
    std::size_t capacity = 0;  // bytes that records may use at once
    std::size_t alignment = 8; // of bodies
    std::size_t low_bits = 7;  // zero in offsets of records
    // Bytes: longer bodies are copied without a lock.
    std::size_t short_length = 0;
    std::size_t lead = 0; // bytes between a header and the message
    // Records of that length and longer do not take the shortest paths: those
    // that copy, and those in place. 0 if there is a delivery word.
    std::size_t quick_copy = 0;
    std::size_t quick_in_place = 0;
    std::uint32_t max_deliveries = 0; // 0: no limit
    dead_letter_box* letters = nullptr;
    const atomic<incarnation>* self_word = &no_participant;
    const liveness* peers = nullptr;
    made_counts* made = &uncounted;
    cursor_table* cursors = nullptr;   // of a broadcast
    const room_maker* maker = nullptr; // of a broadcast's publishers
    // How long a call without a condition waits for a lock. It stands here so
    // that the fast path need not pass it on.
    give_up_after busy{(std::chrono::nanoseconds::max)()};

    // Valid as long as this object.
    give_up_condition limit_of(give_up_condition given) const noexcept
    {
        return given.never() ? give_up_condition(busy) : given;
    }

    ring_view busy_after(std::chrono::nanoseconds time) const noexcept
    {
        ring_view result(*this);
        result.busy.limit = time;
        return result;
    }

    // Zero: this process is not a participant.
    incarnation self() const noexcept
    {
        return self_word->load(std::memory_order_relaxed);
    }

    // Was the queue removed while this process had it open?
    bool is_removed() const noexcept
    {
        // acquire: pairs with attachment::note_removed(); a subscriber that
        // sees the removal sees all messages that were sent before it
        return (control->attention.load(std::memory_order_acquire) &
                queue_is_removed) != 0;
    }

    // Bytes that a message of `length` takes in the ring.
    BOOST_FORCEINLINE std::size_t span(std::size_t length) const noexcept
    {
        return (length + unit + low_bits) & ~low_bits; // as span_of()
    }

    // Bytes of a record or of a span of them.
    BOOST_FORCEINLINE std::size_t extent(record_header header) const noexcept
    {
        return header.is_span() ? header.span_bytes() : span(header.length());
    }

    // The longest message that fits.
    std::size_t max_length() const noexcept
    {
        const std::size_t room = capacity - unit;
        return (room < max_body ? room : max_body) - lead;
    }

    BOOST_FORCEINLINE bool holds(position where) const noexcept
    {
        return where.offset() < size && is_aligned(where.offset());
    }

    // Can a record begin or end there?
    bool is_aligned(std::size_t offset) const noexcept
    {
        return (offset & low_bits) == 0;
    }

    // Does this record end within the buffer?
    BOOST_FORCEINLINE bool
    holds(position where, record_header header) const noexcept
    {
        const std::size_t rest = size - where.offset();
        return header.is_span() ? is_sound_span(header, rest)
                                : span(header.length()) <= rest;
    }

    bool is_sound_span(record_header header, std::size_t rest) const noexcept
    {
        const std::size_t bytes = header.span_bytes();
        return bytes != 0 && bytes <= rest && is_aligned(bytes) &&
               header.span_messages() <= bytes / alignment;
    }

    // Reads a header once and checks it and its position. False: damage.
    bool read_header(position at, record_header& result) const noexcept
    {
        if (!holds(at))
            return false;
        // acquire: pairs with the publisher's release of the header
        result = record_header(header(at).load(std::memory_order_acquire));
        return holds(at, result);
    }

    atomic_word& header(std::size_t offset) const noexcept
    {
        return header_at(data, offset);
    }

    atomic_word& header(position where) const noexcept
    {
        return header(where.offset());
    }

    std::byte* body(std::size_t offset) const noexcept
    {
        return data + offset + unit;
    }

    // The message in a record, behind the delivery word if there is one.
    std::byte* message(std::size_t offset) const noexcept
    {
        return body(offset) + lead;
    }

    // Damage may have made the record too short for a delivery word.
    std::size_t message_size(record_header header) const noexcept
    {
        const std::size_t length = header.length();
        return length < lead ? 0 : length - lead;
    }

    // Padding does not count as a message.
    BOOST_FORCEINLINE static std::uint32_t
    messages_in(record_header header) noexcept
    {
        if (header.is_span())
            return header.span_messages();
        return header.state() != record_state::padding ? 1u : 0u;
    }

    // The position after a record, or after a span of them.
    BOOST_FORCEINLINE position
    behind(position where, record_header header) const noexcept
    {
        return wrapped(
            where.count() + messages_in(header),
            where.offset() + extent(header));
    }

    // As behind(), for a message, which counts.
    BOOST_FORCEINLINE position
    behind_message(position where, record_header header) const noexcept
    {
        return wrapped(
            where.count() + 1, where.offset() + span(header.length()));
    }

    // The end of the buffer is its beginning.
    BOOST_FORCEINLINE position
    wrapped(std::uint32_t count, std::size_t offset) const noexcept
    {
        return position(count, offset == size ? 0 : offset);
    }
};

inline void set_removed(ring_control& control) noexcept
{
    // release: pairs with ring_view::is_removed(). The caller wakes all
    // sleepers next, with a full fence before it looks at their count.
    control.attention.fetch_or(queue_is_removed, std::memory_order_release);
}

} // namespace detail
} // namespace boost_ipq

#endif
