// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_LATEST_IPP
#define BOOST_IPQ_IMPL_RING_LATEST_IPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/oldest_record.hpp>
#include <boost_ipq/detail/ring/latest.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Many messages may wait: they are walked over here, so that the owner of the
// lock walks only over those that were sent since.
BOOST_IPQ_DECL position latest_reader::newest_seen() const noexcept
{
    const ring_view& ring = m_reader.ring();
    const subscriber_line& line = ring.control->subscribers;
    // acquire: the headers are loaded after it
    const position begin(line.read.load(std::memory_order_acquire));
    position at = begin, newest = begin;
    for (std::size_t walked = 0; ring.holds(at) && walked < ring.size;)
    {
        const record_header header(platform::load_hint(ring.header(at)));
        if (header.state() == record_state::none ||
            header.state() == record_state::reserved || !ring.holds(at, header))
            break;
        if (header.state() == record_state::committed)
            newest = at;
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    // The headers are loaded before it.
    platform::full_fence();
    const position free(line.free.load(std::memory_order_acquire));
    // Nothing from `begin` on was overwritten.
    const bool was_right =
        static_cast<std::int32_t>(begin.count() - free.count()) > 0 ||
        begin == free;
    return was_right ? newest : begin;
}

BOOST_IPQ_DECL status
latest_reader::enter(oldest_record& found, give_up_condition give_up)
{
    const ring_view& ring = m_reader.ring();
    const incarnation me = ring.self();
    if (me == 0)
        return status::detached;
    const position seen = newest_seen();
    for (bool may_move = true;;)
    {
        const status entered = m_reader.enter(me, give_up);
        if (entered != status::done)
            return entered;
        status end = find_oldest(m_reader.m_end, m_reader.m_redelivery, found);
        if (end == status::done && may_move && is_dead_letter(ring, found))
        {
            claim held;
            m_reader.mark_claimed_uncounted(found, me, held);
            m_reader.leave(end);
            may_move = move_to_dead_letters(ring, held);
            if (!may_move)
                undo_claim(ring, found, held);
            continue;
        }
        if (end == status::done)
            end = find_newest(seen, found);
        return end == status::done ? end : m_reader.leave(end);
    }
}

BOOST_IPQ_DECL status
latest_reader::try_claim(claim& result, give_up_condition give_up)
{
    oldest_record found;
    const status end = enter(found, give_up);
    if (end != status::done)
        return end;
    count_one(m_reader.ring().made->claimed);
    result = claim_found(found, m_reader.ring().self());
    return m_reader.leave(status::done);
}

BOOST_IPQ_DECL status
latest_reader::find_newest(position seen, oldest_record& found) noexcept
{
    read_end& end = m_reader.m_end;
    const ring_view& ring = m_reader.ring();
    position at;
    record_header header;
    if (!end.skip_all_leftovers(at, header))
        return status::corrupt;
    if (static_cast<std::int32_t>(seen.count() - at.count()) > 0)
        at = seen;
    for (std::size_t walked = 0; walked <= ring.size;)
    {
        if (!end.read_header(at, header))
            return status::corrupt;
        const record_state state = header.state();
        if (state == record_state::none || state == record_state::reserved)
            break;
        if (state == record_state::committed || state == record_state::claimed)
            found = {at, header, false};
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    if (lacks_delivery_word(ring, found.header))
        return status::corrupt;
    if (!found.again)
        return status::done;
    // Only messages that were given back: the newest of these.
    const position read(end.line().read.load(std::memory_order_relaxed));
    at = found.at;
    for (std::size_t walked = 0; at != read && walked < ring.size;)
    {
        if (!end.read_header(at, header))
            return status::corrupt;
        if (header.state() == record_state::returned &&
            !lacks_delivery_word(ring, header))
            found = {at, header, true};
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    return status::done;
}

BOOST_IPQ_DECL void
latest_reader::drop_older(const oldest_record& found, incarnation me) noexcept
{
    read_end& end = m_reader.m_end;
    const ring_view& ring = m_reader.ring();
    const position read(end.line().read.load(std::memory_order_relaxed));
    position at(end.line().free.load(std::memory_order_relaxed));
    record_header header;
    for (std::size_t walked = 0;
         at != read && at != found.at && walked < ring.size;)
    {
        if (!end.read_header(at, header))
            return;
        if (header.state() == record_state::returned)
            // Relaxed: as in ring_reader::take()
            ring.header(at).store(
                header.with(record_state::consumed, me).word(),
                std::memory_order_relaxed);
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    // A subscriber that died in a claim left claimed headers, all of them from
    // `read` on. Behind it, they would be delivered again.
    at = read;
    for (std::size_t walked = 0;
         !found.again && at != found.at && walked < ring.size;)
    {
        if (!end.read_header(at, header) ||
            header.state() != record_state::claimed)
            return;
        ring.header(at).store(
            header.with(record_state::committed, me).word(),
            std::memory_order_relaxed);
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
}

BOOST_IPQ_DECL void
latest_reader::take_found(const oldest_record& found, incarnation me) noexcept
{
    drop_older(found, me);
    read_end& end = m_reader.m_end;
    const ring_view& ring = m_reader.ring();
    if (found.again)
        ring.header(found.at).store(
            found.header.with(record_state::consumed, me).word(),
            std::memory_order_relaxed);
    else
    {
        if (found.header.state() == record_state::claimed)
            ring.header(found.at).store(
                found.header.with(record_state::committed, me).word(),
                std::memory_order_relaxed);
        end.advance_read(
            position(end.line().read.load(std::memory_order_relaxed)),
            ring.behind(found.at, found.header));
    }
    end.advance_free();
}

BOOST_IPQ_DECL claim
latest_reader::claim_found(const oldest_record& found, incarnation me) noexcept
{
    drop_older(found, me);
    read_end& end = m_reader.m_end;
    const ring_view& ring = m_reader.ring();
    const claim result = {
        found.at.offset(),
        found.header.with(record_state::claimed, me),
        1,
        static_cast<std::uint32_t>(ring.lead),
        nullptr,
        found.at.count()};
    const position read(end.line().read.load(std::memory_order_relaxed));
    // First up to the message: a claimed header must not stand behind others.
    if (!found.again)
        end.advance_read(read, found.at);
    // release: as in ring_reader::mark_claimed()
    ring.header(found.at).store(
        result.header.word(), std::memory_order_release);
    if (!found.again)
        end.advance_read(found.at, ring.behind(found.at, found.header));
    end.advance_free();
    return result;
}

} // namespace detail
} // namespace boost_ipq

#endif
