// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_DELIVERY_TALLY_HPP
#define BOOST_IPQ_DETAIL_RING_DELIVERY_TALLY_HPP

// How often a message was delivered, in a queue whose records have no word for
// it. A message that was given back was delivered once, unless it stands in a
// small table, by its number, with the deliveries so far. An entry needs no
// cleaning: once `free` has passed the message, it may be used again. If the
// table is full, a third delivery may look like the second.

#include <boost_ipq/detail/ring/layout.hpp>
#include <atomic>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// With the subscribers' lock held: counts a delivery of a message that was
// given back, and that was delivered the last time that it was claimed, or not.
// Returns the number of this delivery. Called after the record was claimed: a
// death before that counts nothing.
inline std::uint32_t tally_delivery(
    subscriber_line& line, std::uint32_t number, bool was_delivered) noexcept
{
    const position free(line.free.load(std::memory_order_relaxed));
    const position read(line.read.load(std::memory_order_relaxed));
    atomic_word* place = nullptr;
    std::uint32_t before = was_delivered ? 1 : 0;
    for (atomic_word& entry : line.deliveries)
    {
        // Relaxed throughout: only owners of the lock use the table.
        const std::uint64_t word = entry.load(std::memory_order_relaxed);
        const auto whose = static_cast<std::uint32_t>(word >> 32);
        if (word != 0 && whose == number)
        {
            before = static_cast<std::uint32_t>(word);
            place = &entry;
            break;
        }
        // An entry of a message that is gone may be very old.
        if (word == 0 || whose - free.count() >= read.count() - free.count())
            place = &entry;
    }
    const std::uint32_t now = before == ~std::uint32_t(0) ? before : before + 1;
    // The first delivery needs no entry: that is how it looks without one.
    if (place && now > 1)
        place->store(
            std::uint64_t(number) << 32 | now, std::memory_order_relaxed);
    return now;
}

} // namespace detail
} // namespace boost_ipq

#endif
