// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_SHIFT_HPP
#define BOOST_IPQ_DETAIL_RING_SHIFT_HPP

// Processors copy many bytes faster if source and target begin at the same
// place in a cache line. So a large message that is copied gets the place that
// its source has: a record is shifted by padding of less than a line before it.
//
// Padding does not count towards the capacity. How much of it there is between
// `free` and the head is not known, but it was written since the head began the
// lap before its own. publisher_line::shifted has the bytes of that lap in its
// upper half, those of the head's lap in its lower half. So a ring with shifted
// records may accept up to their padding of two laps more than its capacity,
// and never less. Where records fit in the buffer is checked besides: a damaged
// word changes only when the ring is full.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Bytes from `at` to the next offset that is equal to `wanted` modulo a line; 0
// if no record can begin there.
inline std::size_t padding_before(
    const ring_view& ring, std::size_t at, std::size_t wanted) noexcept
{
    const std::size_t bytes = (wanted - at) % copied_line;
    return ring.is_aligned(bytes) ? bytes : 0;
}

// What follows but the first is called with the publishers' lock held. Relaxed:
// the lock orders it.

// The bytes that records may use, with the padding between them. Also called
// without the lock, for a hint.
inline std::size_t capacity_with_padding(const ring_view& ring) noexcept
{
    const std::uint64_t word =
        ring.control->publishers.shifted.load(std::memory_order_relaxed);
    const std::size_t bytes = static_cast<std::uint32_t>(word) + (word >> 32);
    return ring.capacity + (std::min)(bytes, ring.size - ring.capacity);
}

inline void note_padding(const ring_view& ring, std::size_t bytes) noexcept
{
    atomic_word& word = ring.control->publishers.shifted;
    word.store(
        word.load(std::memory_order_relaxed) + bytes,
        std::memory_order_relaxed);
}

// The head has begun a lap. If its publisher dies before it says so, more is
// accepted; said twice, padding that is still there would be forgotten.
inline void note_lap(const ring_view& ring) noexcept
{
    atomic_word& word = ring.control->publishers.shifted;
    const std::uint64_t before = word.load(std::memory_order_relaxed);
    if (before != 0)
        word.store(before << 32, std::memory_order_relaxed);
}

} // namespace detail
} // namespace boost_ipq

#endif
