// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_OLDEST_RECORD_HPP
#define BOOST_IPQ_DETAIL_RING_OLDEST_RECORD_HPP

// Which record is delivered next.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/redelivery.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

struct oldest_record
{
    position at{};
    record_header header{};
    bool again = false; // it lies before the read position

    // Was it given back, or left by a process that died before it moved the
    // position past it?
    bool is_redelivery() const noexcept
    {
        return again || header.state() == record_state::claimed;
    }
};

// Is it to be moved to the dead-letter queue?
inline bool
is_dead_letter(const ring_view& ring, const oldest_record& found) noexcept
{
    return ring.lead != 0 && found.again && is_spent(ring, found.at.offset());
}

// Ends a claim that delivered nothing. A message that was delivered before must
// not look as if it never was.
inline void undo_claim(
    const ring_view& ring, const oldest_record& found,
    const claim& held) noexcept
{
    if (found.again && found.header.owner() != 0)
        give_back(ring, held);
    else
        take_back(ring, held);
}

// With the lock held: moves `read` to a record that may be delivered or that is
// not ready yet, or to the end.
inline status skip_to(read_end& end, oldest_record& found) noexcept
{
    // A damaged ring may consist of padding.
    for (std::size_t skipped = 0; skipped <= end.ring().size / unit;
         skipped += max_skipped)
    {
        const auto result = end.skip_leftovers(found.at, found.header);
        if (result == read_end::skip_result::complete)
            return status::done;
        if (result == read_end::skip_result::damage)
            break;
        if (!end.acquire_again())
            return status::busy;
    }
    return status::corrupt;
}

// With the lock held: finds the oldest record that may be delivered.
// `busy`: others had their turn, and this process did not get the lock back.
inline status
find_oldest(read_end& end, redelivery& earlier, oldest_record& found) noexcept
{
    end.tidy_finished();
    // Before the search: it finds all that was sent before the removal.
    const bool removed = end.ring().is_removed();
    found.again = earlier.find(end, found.at, found.header, removed);
    if (found.again)
        return lacks_delivery_word(end.ring(), found.header) ? status::corrupt
                                                             : status::done;
    const status skipped = skip_to(end, found);
    if (skipped != status::done)
        return skipped;
    const record_state state = found.header.state();
    const bool there =
        state == record_state::committed || state == record_state::claimed;
    if (state == record_state::reserved)
        // Its publisher is alive: no need to ask the kernel again soon.
        earlier.asked();
    if (there)
        return lacks_delivery_word(end.ring(), found.header) ? status::corrupt
                                                             : status::done;
    end.advance_free();
    // A living process fills the record. When it has committed or given up,
    // what was sent behind it is delivered.
    // The search may not be complete.
    return removed && !earlier.flagged(end) &&
                   !(state == record_state::reserved &&
                     end.message_behind(found.at, found.header))
               ? status::removed
               : status::would_block;
}

} // namespace detail
} // namespace boost_ipq

#endif
