// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_CONTENTS_IPP
#define BOOST_IPQ_IMPL_RING_CONTENTS_IPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/ring/placement.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Walks from `at` to `read`: sets `at` to the first record that is held, and
// returns how many records wait to be delivered again.
inline std::size_t
returned_before(const ring_view& ring, position& at, position read) noexcept
{
    std::size_t returned = 0;
    bool held = false;
    position next = at;
    for (std::uint32_t i = 0; next != read && i < max_looked_at; ++i)
    {
        if (!ring.holds(next))
            return 0;
        const record_header header(platform::load_hint(ring.header(next)));
        if (header.state() == record_state::none || !ring.holds(next, header))
            return returned; // overwritten meanwhile
        returned += header.state() == record_state::returned;
        held |= header.state() == record_state::claimed ||
                header.state() == record_state::returned;
        next = ring.behind(next, header);
        if (!held)
            at = next;
    }
    return returned;
}

// How many of the records at `read` were abandoned: the next subscriber passes
// over them.
inline std::size_t
abandoned_at(const ring_view& ring, position read, position head) noexcept
{
    std::size_t abandoned = 0;
    for (position next = read; next != head && abandoned < max_looked_at;)
    {
        if (!ring.holds(next))
            break;
        const record_header header(platform::load_hint(ring.header(next)));
        if (header.state() != record_state::abandoned ||
            !ring.holds(next, header))
            break;
        next = ring.behind(next, header);
        ++abandoned;
    }
    return abandoned;
}

// The bytes of padding between records, but not of that at the end of the
// buffer, as far as a short walk finds them.
inline std::size_t
padding_between(const ring_view& ring, position free, position head) noexcept
{
    std::size_t padding = 0;
    position next = free;
    for (std::uint32_t i = 0; next != head && i < max_looked_at; ++i)
    {
        if (!ring.holds(next))
            break;
        const record_header header(platform::load_hint(ring.header(next)));
        if (header.state() == record_state::none || !ring.holds(next, header))
            break;
        next = ring.behind(next, header);
        if (header.state() == record_state::padding && next.offset() != 0)
            padding += ring.extent(header);
    }
    return padding;
}

BOOST_IPQ_DECL ring_contents contents_of(const ring_view& ring) noexcept
{
    const subscriber_line& line = ring.control->subscribers;
    // acquire, in this order: none of them is younger than the next
    position begin(line.free.load(std::memory_order_acquire));
    // In a broadcast, what no subscriber waits for is there, too.
    const position read =
        ring.cursors ? begin
                     : position(line.read.load(std::memory_order_acquire));
    const position head(
        ring.control->publishers.head.load(std::memory_order_acquire));
    ring_contents result;
    const auto ahead = static_cast<std::int32_t>(head.count() - read.count());
    // A process that was killed may have left `head` behind.
    if (ahead > 0)
        result.messages =
            static_cast<std::size_t>(ahead) -
            (std::min)(
                static_cast<std::size_t>(ahead),
                ring.cursors ? 0 : abandoned_at(ring, read, head));
    if (begin != read)
        result.messages += returned_before(ring, begin, read);
    const std::size_t from = begin.offset(), to = head.offset();
    if (from < to)
        result.bytes = to - from;
    else if (from > to && from < ring.size)
        result.bytes = end_of_lap(ring, from) - from + to;
    return result;
}

BOOST_IPQ_DECL std::size_t bytes_of(const ring_view& ring) noexcept
{
    // acquire, in this order, as in contents_of()
    const position free(
        ring.control->subscribers.free.load(std::memory_order_acquire));
    const position head(
        ring.control->publishers.head.load(std::memory_order_acquire));
    const std::size_t bytes = contents_of(ring).bytes;
    const std::size_t padding = padding_between(ring, free, head);
    return (std::min)(bytes - (std::min)(bytes, padding), ring.capacity);
}

} // namespace detail
} // namespace boost_ipq

#endif
