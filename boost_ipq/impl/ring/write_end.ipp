// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_WRITE_END_IPP
#define BOOST_IPQ_IMPL_RING_WRITE_END_IPP

// What publishers do rarely: when there is no room at hand, when the lock is
// held, and after a death.

#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status write_end::find_place(
    placement& place, std::size_t span, position free) const noexcept
{
    if (!m_ring.is_aligned(place.head.offset()))
        return status::corrupt;
    const status result = fit(m_ring, place, span, free.offset());
    if (result == status::done)
        remember_room(m_ring, place, free.offset());
    return result;
}

BOOST_IPQ_DECL std::size_t
write_end::shift(placement& place, std::size_t wanted) const noexcept
{
    const std::size_t padding = padding_before(m_ring, place.at, wanted);
    if (padding == 0 || place.how == placement::padded ||
        place.next <= place.at || place.next + padding > end_of_room())
        return 0;
    place.at += padding;
    place.next += padding;
    place.how = placement::quick; // a copy needs no room that is prefetched
    // relaxed: publish() releases it
    m_ring.header(place.next).store(0, std::memory_order_relaxed);
    note_padding(m_ring, padding);
    return padding;
}

BOOST_IPQ_DECL bool
write_end::try_make_room(position free, std::size_t span) noexcept
{
    if (m_ring.maker)
        return make_broadcast_room(span) == obstacle::removed;
    return leftovers(free) && read_end(m_ring).try_tidy();
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL void
write_end::store_header_and_prefetch(
    placement place, record_header header, position next) const noexcept
{
    const std::size_t span = m_ring.span(header.length());
    if (place.how == placement::padded)
    {
        // Invisible as long as the padding's header is zero.
        m_ring.header(std::size_t(0))
            .store(header.word(), std::memory_order_relaxed);
        const std::size_t rest = m_ring.size - place.head.offset();
        header =
            record_header(record_state::padding, header.owner(), rest - unit);
    }
    // release: as in publish()
    m_ring.header(place.head).store(header.word(), std::memory_order_release);
    const std::size_t at = next.offset();
    // A batch may have prefetched the lines after its first record.
    if (!is_prefetched(span) || at < ends_of_quick().of(span))
        return;
    // After the header, so that no subscriber waits for it.
    line().prefetched.store(
        prefetch_ahead(m_ring.data, at, end_of_room()),
        std::memory_order_relaxed);
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL bool
write_end::acquire_slowly(incarnation me, give_up_condition give_up) noexcept
{
    const give_up_condition limit = m_ring.limit_of(give_up);
    const auto ask_to_yield = [&](std::chrono::nanoseconds waited) {
        // Loaded first: a store takes the line from the lock's owner.
        if (line().waiting.load(std::memory_order_relaxed) == 0)
            line().waiting.store(1, std::memory_order_relaxed);
        return limit(waited);
    };
    const lock_outcome outcome =
        lock().acquire(me, *m_ring.peers, ask_to_yield);
    if (outcome == lock_outcome::recovered)
        roll_forward();
    return outcome != lock_outcome::given_up;
}

// Completes publish_copy(), with the lock held, where room must be made or
// prefetched.
BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status write_end::publish_elsewhere(
    const void* data, std::size_t length, incarnation me,
    give_up_condition give_up)
{
    placement place;
    place.owner = me;
    const status result = find_room(place, length, give_up);
    if (result != status::done)
        return result;
    copy_in(m_ring.body(place.at), data, length);
    publish(
        place, record_header(record_state::committed, me, length),
        behind(place));
    return status::done;
}

BOOST_IPQ_DECL bool write_end::fits_now(std::size_t length) const noexcept
{
    const position free(
        m_ring.control->subscribers.free.load(std::memory_order_relaxed));
    placement place;
    place.head = head();
    return free == place.head ||
           (m_ring.maker ? m_ring.maker->may_make_room(m_ring)
                         : has_settled(free)) ||
           fit(m_ring, place, m_ring.span(length), free.offset()) !=
               status::would_block;
}

// For a record that is not quick: at the end of the prefetched room and of
// the buffer, and in a full ring. If the result is `done`, the lock is
// held.
BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status write_end::make_room(
    placement& place, std::size_t span, give_up_condition give_up) noexcept
{
    if (asked_to_yield())
    {
        leave();
        std::this_thread::yield();
        if (!enter_again(place, give_up))
            return status::busy;
    }
    bool waited = false;
    // A turn frees a part of what is settled: for a long record it may take
    // several.
    std::size_t turns = m_ring.size / unit / max_freed;
    for (int round = 0;; ++round)
    {
        if (fits_in_room(place, span))
            return status::done;
        // Loaded once: an empty ring is padded only if the record was seen
        // not to fit it.
        const position free = free_now();
        if (return_to_beginning(place, span, free))
            continue;
        const status result = find_place(place, span, free);
        if (result == status::done)
            return result;
        obstacle what = obstacle::full;
        if (result == status::would_block && round < max_room_rounds)
            what = remove_obstacle(place, free, span);
        if (what == obstacle::removed)
            continue;
        leave();
        if (result == status::corrupt || what == obstacle::damage)
            return status::corrupt;
        if (what == obstacle::locked)
        {
            if (!read_end(m_ring).tidy(give_up))
                return status::busy;
        }
        // For a full ring, it waits once.
        else if (round == max_room_rounds && turns != 0)
            --turns;
        else if (
            std::exchange(waited, true) ||
            !wait_for_room(span - unit, place.head))
            return status::would_block;
        if (!enter_again(place, give_up))
            return status::busy;
        round = -1;
    }
}

// At the end of a tour: if the ring is empty, the next record goes to the
// beginning of the buffer, which may still be in the cache.
BOOST_IPQ_DECL bool write_end::return_to_beginning(
    placement& place, std::size_t span, position free) noexcept
{
    const std::size_t at = place.head.offset();
    if (!platform::fetches_lines || at == 0 || at + span <= tour ||
        m_ring.maker || // the history stays
        !m_ring.holds(place.head) || m_ring.size - at - unit > max_body)
        return false;
    if (free != place.head)
    {
        if (m_ring.control->subscribers.read.load(std::memory_order_relaxed) !=
                place.head.word() ||
            !has_settled(free) || !read_end(m_ring).try_tidy() ||
            free_now() != place.head)
            return false;
    }
    place.head = write_padding(place);
    return true;
}

// Does what is possible with the publishers' lock held. A subscriber that
// holds the other lock may be stopped: other publishers must not wait for
// it.
BOOST_IPQ_DECL write_end::obstacle write_end::remove_obstacle(
    placement& place, position free, std::size_t span) noexcept
{
    if (free == place.head)
    {
        // Empty, and the record is too long for the rest of the buffer.
        // After padding, the whole buffer is free.
        place.head = write_padding(place);
        return obstacle::removed;
    }
    if (m_ring.maker)
        return make_broadcast_room(span);
    if (!leftovers(free))
        return obstacle::full;
    return read_end(m_ring).try_tidy() ? obstacle::removed : obstacle::locked;
}

BOOST_IPQ_DECL write_end::obstacle
write_end::make_broadcast_room(std::size_t span) noexcept
{
    switch (m_ring.maker->make_room(m_ring, span, m_limiter))
    {
    case room_maker::result::made:
        return obstacle::removed;
    case room_maker::result::full:
        return obstacle::full;
    default:
        return obstacle::damage;
    }
}

// Is there anything to tidy: settled records whose space is not free yet,
// or, at the read position, padding or a record of a dead process?
BOOST_IPQ_DECL bool write_end::leftovers(position free) noexcept
{
    const position read(
        m_ring.control->subscribers.read.load(std::memory_order_relaxed));
    if (!m_ring.holds(read) || !m_ring.holds(free))
        return false;
    const auto state = state_at(read);
    if (state == record_state::padding || state == record_state::abandoned)
        return true;
    if (has_settled(free))
        return true;
    // Its publisher may be dead: tidying asks the kernel, but only now and
    // then.
    if (state != record_state::reserved || !m_limiter.due())
        return false;
    m_limiter.finished(rate_limiter::clock::now());
    return true;
}

// Is the space of the record at `free` only not freed yet?
BOOST_IPQ_DECL bool write_end::has_settled(position free) const noexcept
{
    if (m_ring.control->subscribers.read.load(std::memory_order_relaxed) ==
            free.word() ||
        !m_ring.holds(free))
        return false;
    const auto oldest = state_at(free);
    return oldest != record_state::claimed && oldest != record_state::returned;
}

// Fills the rest of the buffer. Returns the new head.
BOOST_IPQ_DECL position
write_end::write_padding(const placement& place) noexcept
{
    const std::size_t head = place.head.offset();
    const std::size_t rest = m_ring.size - head;
    line().prefetched.store(0, std::memory_order_relaxed);
    line().room.store(0, std::memory_order_relaxed);
    line().padding.store(head, std::memory_order_relaxed);
    // The sentinel first, as for every record.
    m_ring.header(std::size_t(0)).store(0, std::memory_order_relaxed);
    const record_header header(record_state::padding, place.owner, rest - unit);
    m_ring.header(head).store(header.word(), std::memory_order_release);
    const position next = m_ring.behind(place.head, header);
    line().head.store(next.word(), std::memory_order_relaxed);
    note_lap(m_ring);
    return next;
}

// An owner died: `head` may be behind what it published.
BOOST_IPQ_DECL void write_end::roll_forward() noexcept
{
    position at = head();
    std::size_t walked = 0;
    while (m_ring.holds(at) && walked < m_ring.size)
    {
        // relaxed: the kernel has ordered the dead owner's stores
        const record_header header(
            m_ring.header(at).load(std::memory_order_relaxed));
        if (header.state() == record_state::none || !m_ring.holds(at, header))
            break;
        walked += m_ring.extent(header);
        at = m_ring.behind(at, header);
    }
    advance_head(line(), head(), at);
}

} // namespace detail
} // namespace boost_ipq

#endif
