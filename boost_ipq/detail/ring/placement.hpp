// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_PLACEMENT_HPP
#define BOOST_IPQ_DETAIL_RING_PLACEMENT_HPP

// Where a record goes. All functions are called with the publishers' lock held;
// fit() may also be called without it, for a hint.

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/shift.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

struct placement
{
    enum kind : unsigned char
    {
        quick,   // at the head; nothing is to be prefetched after it
        at_head, // at the head; lines after it may have to be prefetched
        padded   // at the beginning of the buffer, after padding
    };

    incarnation owner;
    position head;
    std::size_t at;   // offset of the record
    std::size_t next; // offset after the record
    kind how;
};

// The offset where the records of the lap that `free` is in end.
inline std::size_t end_of_lap(const ring_view& ring, std::size_t free) noexcept
{
    const std::uint64_t end =
        ring.control->publishers.padding.load(std::memory_order_relaxed);
    return end >= free && end <= ring.size && ring.is_aligned(end)
               ? end
               : ring.size; // damage
}

// Places a record of `span` bytes at the head or after padding, if there is
// room. Everything before offset `free` is free.
inline status
fit(const ring_view& ring, placement& place, std::size_t span,
    std::size_t free) noexcept
{
    const std::size_t head = place.head.offset();
    if (BOOST_IPQ_DETAIL_UNLIKELY(
            head >= ring.size || free >= ring.size ||
            !ring.is_aligned(head | free)))
        return status::corrupt;
    const bool wrapped = head < free; // the head is one lap ahead of `free`
    const std::size_t used =
        wrapped ? end_of_lap(ring, free) - free + head : head - free;
    if (used + span > capacity_with_padding(ring))
        return status::would_block;
    place.at = head;
    place.next = head + span;
    place.how = placement::at_head;
    // The sentinel after the record needs a place, too, but not at `free`.
    if (place.next < (wrapped ? free : ring.size))
        return status::done;
    if (!wrapped && place.next == ring.size && free != 0)
    {
        place.next = 0;
        return status::done;
    }
    place.at = 0;
    place.next = span;
    place.how = placement::padded;
    return !wrapped && span < free ? status::done : status::would_block;
}

// Stores where the room ends, before the record is published. `room`,
// `prefetched` and `padding` are valid only in the lap for which they are
// written: that of the head before the record, which ends after `free`, or that
// of the head after the record, which ends before `free`. So a death between
// the stores does no harm.
inline void remember_room(
    const ring_view& ring, const placement& place, std::size_t free) noexcept
{
    publisher_line& line = ring.control->publishers;
    const std::size_t head = place.head.offset();
    const bool wraps = place.next <= head;
    if (wraps)
        line.padding.store(
            place.how == placement::padded ? head : ring.size,
            std::memory_order_relaxed);
    const std::size_t capacity = capacity_with_padding(ring);
    std::size_t end;
    if (wraps || head < free)
    {
        const std::size_t used = end_of_lap(ring, free) - free;
        end = used < capacity ? capacity - used : 0;
        end = (std::min)(end, free - ring.alignment);
    }
    else
        end = (std::min)(free + capacity, ring.size - ring.alignment);
    // A publisher that gets to the end of a tour looks whether the ring is
    // empty, see make_room().
    end = (std::min)(end, round_up((std::max)(place.next, unit), tour));
    line.prefetched.store(place.next, std::memory_order_relaxed);
    line.room.store(end, std::memory_order_relaxed);
}

} // namespace detail
} // namespace boost_ipq

#endif
