// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP
#define BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP

// A publisher stores into cache lines that a subscriber has read. Each store
// waits until its line has come back, and the compare-and-swap of the next lock
// waits for all of them: a whole transfer for every message. So the publisher
// of small messages requests the lines of many messages at once, by a store
// into each. They arrive together, in a fraction of the time. (The instruction
// `prefetchw` was measured to do nothing for this.)
//
// A longer copy requests its own lines together, and may write whole lines
// without reading them first, which a store ahead would prevent. A publisher
// that writes in place may write only a few bytes of a large body.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Prefetches the free room after the header at offset `next`, but not beyond
// `end`. Returns the end of what it prefetched. Relaxed: the room is free, and
// the publishers' lock is held.
inline std::size_t
prefetch_ahead(std::byte* data, std::size_t next, std::size_t end) noexcept
{
    end = (std::min)(end, next + prefetch_size);
    for (std::size_t at = round_up(next + unit, prefetched_line); at < end;
         at += prefetched_line)
        header_at(data, at).store(0, std::memory_order_relaxed);
    return end;
}

} // namespace detail
} // namespace boost_ipq

#endif
