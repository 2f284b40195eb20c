// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_LAYOUT_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_LAYOUT_HPP

// The memory of a queue of cloudtoid/interprocess, protocol version 3. It is
// not ours to change. All numbers are little-endian, and all words natural.
//
//     0       header
//     128     gate
//     256     slots of the publishers
//     262400  records: position p lies at p modulo the capacity
//
// Positions are counted in bytes from the creation of the queue on, and only
// grow. A record is a header, the body, and padding to a multiple of 8 bytes.
// A record's header never crosses the end of the memory; body and padding may.
// All of a record is zero before its space is given back.

#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

struct queue_header
{
    std::atomic<std::int64_t> read;     // position of the oldest record
    std::atomic<std::int64_t> write;    // position of the next record
    std::atomic<std::int64_t> reader;   // the subscriber that reads; 0: none
    std::atomic<std::int32_t> notified; // 1: a post is in transit
    std::atomic<std::int32_t> last_id;  // of a participant
    std::int64_t capacity;              // bytes; only on Windows
};

struct publisher_slot
{
    std::atomic<std::int64_t> owner; // a participant; 0: free
    std::atomic<std::int32_t> calls; // sending calls in progress
    unsigned char padding[116];
};

struct record_header
{
    std::atomic<std::int32_t> state;
    std::atomic<std::int32_t> length; // of the body, in bytes
};

// States of a record.
constexpr std::int32_t unfinished = 0; // or free
constexpr std::int32_t claimed = 1;    // a subscriber is removing it
constexpr std::int32_t ready = 2;

constexpr std::size_t gate_offset = 128; // a word: 0 open, 1 closed
constexpr std::size_t slots_offset = 256;
constexpr std::size_t max_publishers = 2048;
constexpr std::size_t records_offset =
    slots_offset + max_publishers * sizeof(publisher_slot);

static_assert(
    sizeof(void*) == 8 && little_endian,
    "boost_ipq: queues of cloudtoid/interprocess need a little-endian 64-bit "
    "target");
static_assert(std::atomic<std::int64_t>::is_always_lock_free);
static_assert(std::atomic<std::int32_t>::is_always_lock_free);
static_assert(sizeof(queue_header) == 40 && sizeof(record_header) == 8);
static_assert(offsetof(queue_header, reader) == 16);
static_assert(offsetof(queue_header, last_id) == 28);
static_assert(sizeof(publisher_slot) == 128);
static_assert(offsetof(publisher_slot, calls) == 8);
static_assert(records_offset == 262400);

constexpr std::size_t header_size = sizeof(record_header);

// Bytes of the longest body: its length has 31 bits.
constexpr std::size_t max_length(std::size_t capacity) noexcept
{
    const std::size_t fits = capacity - header_size;
    const std::size_t counted = (std::numeric_limits<std::int32_t>::max)();
    return fits < counted ? fits : counted;
}

// Bytes of the record of a body of that length.
constexpr std::int64_t span_of(std::size_t length) noexcept
{
    return static_cast<std::int64_t>(
        (length + header_size + 7) & ~std::size_t(7));
}

// Can both be positions of a queue? A damaged one would lead out of the memory.
constexpr bool are_positions(std::int64_t read, std::int64_t write) noexcept
{
    return ((read | write) & 7) == 0 && read >= 0 && write >= read &&
           write <= (std::numeric_limits<std::int64_t>::max)() / 2;
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
