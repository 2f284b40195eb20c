// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_LIMITS_HPP
#define BOOST_IPQ_DETAIL_CORE_LIMITS_HPP

// Every limit and every tuned number of the library, each with its unit and its
// reason. A number that is part of the memory layout changes layout_version.

#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Queues ------------------------------------------------------------------

// Characters of a queue's name. With the prefix and the longest suffix of its
// objects it stays below the 255 bytes of a file name on every system.
constexpr std::size_t max_queue_name = 200;

// Bytes of a message's alignment: a record begins with an 8-byte header, and
// alignments beyond a usual cache line are not supported.
constexpr std::size_t min_alignment = 8;
constexpr std::size_t max_alignment = 64;

constexpr bool is_message_alignment(std::size_t value) noexcept
{
    return value >= min_alignment && value <= max_alignment &&
           (value & (value - 1)) == 0;
}

// Bytes of a queue's capacity: an empty message needs its header; a position
// counts 2^32 units of 8 bytes, which must hold the padding, too.
constexpr std::size_t min_capacity = 8;
constexpr std::size_t max_capacity = 34359738240;

// Walks of inspect() over the records before it gives up. Senders and receivers
// work meanwhile, and a walk that finds an overwritten record starts again.
constexpr int max_inspect_attempts = 100;

// Processes ---------------------------------------------------------------

// Slot and generation make an incarnation of 29 bits, which leaves 3 bits of
// half a record header for its state. No known use needs more than 1,024
// processes; 524,287 generations let a slot be reused for years.
constexpr unsigned slot_bits = 10;
constexpr unsigned generation_bits = 19;
constexpr std::uint32_t slot_count = 1u << slot_bits;
constexpr std::uint32_t generation_mask = (1u << generation_bits) - 1;

// A process's open handles of a queue share a word: publishers are counted in
// its upper half, subscribers in its lower half.
constexpr std::uint32_t one_subscriber = 1;
constexpr std::uint32_t one_publisher = 1u << 16;

constexpr std::uint32_t subscribers_in(std::uint32_t roles) noexcept
{
    return roles % one_publisher;
}

constexpr std::uint32_t publishers_in(std::uint32_t roles) noexcept
{
    return roles / one_publisher;
}

// Milliseconds between two searches for processes that died asleep. Each search
// asks the kernel about every process that sleeps.
constexpr int dead_sleepers_interval = 1000;

// Ring --------------------------------------------------------------------

// Segment -----------------------------------------------------------------

// Bytes of a segment beside the ring and its root object: the header of Boost's
// segment manager, its index and the headers of the blocks.
constexpr std::size_t segment_overhead = 4096;

// Bytes of a ring that a process maps when it opens the queue, so that its
// first lap causes no page faults. Mapping more would delay the opening.
constexpr std::size_t max_populate = std::size_t(64) << 20;

// Waiting -----------------------------------------------------------------

// Asio --------------------------------------------------------------------

} // namespace detail
} // namespace boost_ipq

#endif
