// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP
#define BOOST_IPQ_DETAIL_RING_WRITE_PREFETCH_HPP

// A publisher's stores go to cache lines that a subscriber has read: each waits
// until its line has come back, and the next lock's compare-and-swap waits for
// all of them. Message by message that is a whole transfer each time. So the
// lines of many messages are asked for at once, by a store into each: they come
// together, in a fraction of the time. (`prefetchw` was measured to do nothing
// for this.)

#include <boost_ipq/detail/ring/ring.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>

namespace boost_ipq {
namespace detail {

constexpr std::size_t prefetched_line = 64;        // bytes, on most machines
constexpr std::size_t most_prefetched = 16 * 1024; // bytes, at once

// A store into each cache line of `begin` to `end`, offsets from `data`.
// Relaxed: of free room, with the publishers' lock, or of one's own reserved
// body.
inline void
prefetch_lines(std::byte* data, std::size_t begin, std::size_t end) noexcept
{
    for (std::size_t at = begin; at < end; at += prefetched_line)
        header_at(data, at).store(0, std::memory_order_relaxed);
}

// Fetches what lies behind offset `next`, for some messages that take `span`
// bytes, up to `end` at most: free room, where nobody reads, behind the header
// at `next`. Returns: up to where.
inline std::size_t prefetch_ahead(
    std::byte* data, std::size_t next, std::size_t span,
    std::size_t end) noexcept
{
    constexpr std::size_t messages = 8;
    constexpr std::size_t least = 2 * 1024; // bytes
    // Large bodies are fetched without the lock, see copy_large().
    const std::size_t wanted =
        span - unit > copy_limit
            ? least
            : (std::min)((std::max)(messages * span, least), most_prefetched);
    end = (std::min)(end, next + wanted);
    prefetch_lines(data, round_up(next + unit, prefetched_line), end);
    return end;
}

// Copies a body of any size.
inline void
copy_large(std::byte* body, const void* data, std::size_t size) noexcept
{
    auto* from = static_cast<const std::byte*>(data);
    for (; size > most_prefetched; size -= most_prefetched)
    {
        prefetch_lines(body, 0, most_prefetched);
        std::memcpy(body, from, most_prefetched);
        body += most_prefetched;
        from += most_prefetched;
    }
    prefetch_lines(body, 0, size);
    std::memcpy(body, from, size);
}

} // namespace detail
} // namespace boost_ipq

#endif
