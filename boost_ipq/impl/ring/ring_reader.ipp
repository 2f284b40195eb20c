// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_RING_READER_IPP
#define BOOST_IPQ_IMPL_RING_RING_READER_IPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

// Looks at the read position without the lock. What it finds there is valid
// only if the position did not move in the meantime: a subscriber that was
// stopped between the two loads must not call a queue empty that never was.
BOOST_IPQ_DECL ring_reader::look_result ring_reader::look() const noexcept
{
    // acquire: the header is loaded after it, and the position again after
    // the header
    position at(line().read.load(std::memory_order_acquire));
    for (;;)
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(!ring().holds(at)))
            return look_result::damage;
        prefetch_body(ring().data, at);
        const record_header header(platform::load_hint(ring().header(at)));
        if (header.state() != record_state::none &&
            header.state() != record_state::reserved)
            return look_result::something;
        const position now(line().read.load(std::memory_order_acquire));
        if (now == at)
        {
            // At the end of the messages stands a zero word. This one may
            // have become part of a body: on a machine that is not
            // multi-copy atomic, this thread may see the bytes before the
            // new position. The owner of the lock knows whether it is
            // damage.
            if (header.state() == record_state::none && header.word() != 0)
                return look_result::something;
            if (header.state() != record_state::none || !all_free(at))
                return look_behind();
            const auto again = [&] {
                return platform::load_hint(ring().header(at)) != 0;
            };
            if (!m_burst.wait(at, ring().size, again))
                return look_result::nothing;
        }
        at = now;
    }
}

// Is everything before `at` free? Settled records are freed by this look.
BOOST_IPQ_DECL bool ring_reader::all_free(position at) const noexcept
{
    if (line().free.load(std::memory_order_relaxed) == at.word())
        return true;
    m_end.try_advance_free();
    return line().free.load(std::memory_order_relaxed) == at.word();
}

// There is no new message, but a process fills this record or reads older
// ones in place: is there a message to deliver again, or to recover?
BOOST_IPQ_DECL ring_reader::look_result
ring_reader::look_behind() const noexcept
{
    return m_redelivery.due(m_end) ? look_result::something
                                   : look_result::nothing;
}

// Looks, and acquires the lock if there is something. In a removed queue
// `removed`, unless a second look finds a message that was sent before the
// removal. If a process holds a record, only find_oldest() can tell whether
// something is left: behind that record, or because the process is dead.
BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status
ring_reader::enter(incarnation me, give_up_condition give_up) const noexcept
{
    look_result seen = look();
    if (seen == look_result::nothing)
    {
        if (!ring().is_removed())
            return status::would_block;
        seen = look();
        if (seen == look_result::nothing && m_end.held_up())
            seen = look_result::something;
    }
    if (seen == look_result::something)
        return acquire(me, give_up) ? status::done : status::busy;
    return seen == look_result::nothing ? status::removed : status::corrupt;
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status ring_reader::claim_slowly(
    claim& result, incarnation me, give_up_condition give_up)
{
    status end = status::moved;
    while (end == status::moved)
    {
        const status entered = enter(me, give_up);
        if (entered != status::done)
            return entered;
        count_one(ring().made->claimed);
        end = not_claimed(claim_locked(result, me));
    }
    return end;
}

BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status
ring_reader::claim_locked(claim& result, incarnation me)
{
    oldest_record found;
    const status end = find_oldest(m_end, m_redelivery, found);
    if (end == status::done)
        mark_claimed(found, me, result);
    leave(end);
    if (end != status::done)
        return end;
    if (is_dead_letter(ring(), found) && move_to_dead_letters(ring(), result))
        return status::moved;
    if (ring().lead != 0)
        result.deliveries = count_delivery(ring(), result.offset);
    return end;
}

BOOST_IPQ_DECL status
ring_reader::claim_run_locked(claimed_run& result, incarnation me)
{
    oldest_record found;
    const status end = find_oldest(m_end, m_redelivery, found);
    if (end == status::done)
    {
        claimed_up_to(mark_run_claimed(ring(), found, me, result), found);
        tally(found);
    }
    leave(end);
    if (end != status::done || !is_dead_letter(ring(), found))
        return end;
    // A run of one.
    const claim held = {
        found.at.offset(), found.header.with(record_state::claimed, me)};
    return move_to_dead_letters(ring(), held) ? status::moved : end;
}

// A claim was counted that may not have been made.
BOOST_IPQ_DETAIL_NOINLINE BOOST_IPQ_DECL status
ring_reader::not_claimed(status end) const noexcept
{
    if (end != status::done)
        uncount_one(ring().made->claimed);
    return end;
}

BOOST_IPQ_DECL void
ring_reader::take(const oldest_record& found, incarnation me) noexcept
{
    if (found.is_redelivery())
        ring().peers->note_redelivered();
    if (found.again)
        ring().header(found.at).store(
            found.header.with(record_state::consumed, me).word(),
            std::memory_order_relaxed);
    else
    {
        if (found.header.state() == record_state::claimed)
            ring().header(found.at).store(
                found.header.with(record_state::committed, me).word(),
                std::memory_order_relaxed);
        m_end.advance_read(found.at, ring().behind(found.at, found.header));
    }
    m_end.advance_free();
}

BOOST_IPQ_DECL void
ring_reader::claimed_up_to(position end, const oldest_record& first) noexcept
{
    if (first.is_redelivery())
        ring().peers->note_redelivered();
    if (!first.again)
        m_end.advance_read(first.at, end);
    m_end.advance_free();
}

} // namespace detail
} // namespace boost_ipq

#endif
