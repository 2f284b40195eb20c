// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_BROADCAST_RECORD_HPP
#define BOOST_IPQ_DETAIL_RING_BROADCAST_RECORD_HPP

// What stands at a position of a broadcast's ring.

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A header of the ring, read once and checked. False: damage.
inline bool
read_record(const ring_view& ring, position at, record_header& header) noexcept
{
    if (!ring.holds(at))
        return false;
    // acquire: pairs with the publisher's release of the header
    header = record_header(platform::load_hint(ring.header(at)));
    return ring.holds(at, header);
}

enum class found_record
{
    message,
    passable, // padding, or abandoned
    nothing,
    reserved,
    damage
};

inline found_record
look_at(const ring_view& ring, position at, record_header& header) noexcept
{
    if (!read_record(ring, at, header))
        return found_record::damage;
    switch (header.state())
    {
    case record_state::committed:
        return found_record::message;
    case record_state::padding:
    case record_state::abandoned:
        return found_record::passable;
    case record_state::none:
        // At the end of the messages stands a zero word.
        return header.word() == 0 ? found_record::nothing
                                  : found_record::damage;
    case record_state::reserved:
        return found_record::reserved;
    default:
        return found_record::damage;
    }
}

// Is there a record that no subscriber waits for?
inline bool is_settled(const ring_view& ring, position at) noexcept
{
    record_header header;
    return look_at(ring, at, header) == found_record::passable;
}

// The publisher of a reserved record is dead: the record is never delivered.
inline void
abandon_dead(const ring_view& ring, position at, record_header header) noexcept
{
    // Its publisher may have committed before it died: only the word that was
    // judged is replaced.
    std::uint64_t judged = header.word();
    if (ring.header(at).compare_exchange_strong(
            judged, header.with(record_state::abandoned).word(),
            std::memory_order_acq_rel, std::memory_order_relaxed))
        ring.peers->note_recovered();
}

struct walked_records
{
    position newest{}; // message; where it began, if there is none
    position end{};    // behind the last one
    std::size_t messages = 0;
};

// Follows the records from `at` as far as they can be delivered, and up to
// `end` if that is met. The result is valid only if the cursor that kept them
// is still where it was.
inline walked_records
walk_records(const ring_view& ring, position at, position end) noexcept
{
    walked_records result;
    result.newest = result.end = at;
    for (std::size_t bytes = 0; bytes <= ring.size && at != end;)
    {
        record_header header;
        const found_record what = look_at(ring, at, header);
        if (what != found_record::message && what != found_record::passable)
            break;
        bytes += ring.span(header.length());
        if (what == found_record::message)
        {
            result.newest = at;
            ++result.messages;
        }
        at = ring.behind(at, header);
        result.end = at;
    }
    return result;
}

inline walked_records walk_records(const ring_view& ring, position at) noexcept
{
    return walk_records(ring, at, position(~std::uint64_t(0))); // no position
}

// Are there messages from `at` to `end`?
inline bool is_before(position at, position end) noexcept
{
    return static_cast<std::int32_t>(end.count() - at.count()) > 0;
}

} // namespace detail
} // namespace boost_ipq

#endif
