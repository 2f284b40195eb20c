// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP
#define BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP

// A publisher stores into cache lines that a subscriber has read. Each store
// waits until its line has come back, and the compare-and-swap of the next lock
// waits for all of them: a whole transfer for every message. So the publisher
// requests the lines of many messages at once, by a store into each. They
// arrive together, in a fraction of the time. (The instruction `prefetchw` was
// measured to do nothing for this.)

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>

namespace boost_ipq {
namespace detail {

// Stores into each cache line between two offsets from `data`. Relaxed: no
// other process uses these bytes. They are free room, and the publishers' lock
// is held, or they are the body of a record that this process has reserved.
inline void
prefetch_lines(std::byte* data, std::size_t begin, std::size_t end) noexcept
{
    for (std::size_t at = begin; at < end; at += prefetched_line)
        header_at(data, at).store(0, std::memory_order_relaxed);
}

// Prefetches the free room after the header at offset `next`, for some messages
// that take `span` bytes each, but not beyond `end`. Returns the end of what it
// prefetched.
inline std::size_t prefetch_ahead(
    std::byte* data, std::size_t next, std::size_t span,
    std::size_t end) noexcept
{
    // Large bodies are prefetched without the lock, see copy_large().
    const std::size_t wanted =
        span - unit > copy_limit
            ? min_prefetched
            : (std::min)(
                  (std::max)(prefetched_messages * span, min_prefetched),
                  max_prefetched);
    end = (std::min)(end, next + wanted);
    prefetch_lines(data, round_up(next + unit, prefetched_line), end);
    return end;
}

// Copies a body of any size.
inline void
copy_large(std::byte* body, const void* data, std::size_t size) noexcept
{
    auto* from = static_cast<const std::byte*>(data);
    for (; size > max_prefetched; size -= max_prefetched)
    {
        prefetch_lines(body, 0, max_prefetched);
        std::memcpy(body, from, max_prefetched);
        body += max_prefetched;
        from += max_prefetched;
    }
    prefetch_lines(body, 0, size);
    std::memcpy(body, from, size);
}

} // namespace detail
} // namespace boost_ipq

#endif
