// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_RING_OVERWRITING_IPP
#define BOOST_IPQ_IMPL_RING_OVERWRITING_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/oldest_record.hpp>
#include <boost_ipq/detail/ring/overwriting.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL status overwriter::run(
    const void* data, std::size_t size, std::size_t& dropped,
    give_up_condition give_up)
{
    dropped = 0;
    const ring_view& ring = m_writer.ring();
    write_end& writers = m_writer.m_end;
    read_end readers(ring);
    for (;;)
    {
        const status result = m_writer.try_publish(data, size, give_up);
        if (result != status::would_block)
            return result;
        if (ring.maker)
            return status::invalid; // a broadcast drops by itself
        placement place;
        place.owner = ring.self();
        if (!writers.acquire(place.owner, give_up))
            return status::busy;
        if (readers.lock().try_acquire(place.owner))
        {
            const status made =
                drop(place, ring.span(size + ring.lead), dropped);
            readers.lock().release();
            if (made != status::done)
            {
                writers.leave();
                return made;
            }
            publish(place, data, size);
            return status::done;
        }
        writers.leave();
        // A subscriber works, was stopped, or has died. Other publishers must
        // not wait for it.
        if (!readers.tidy(give_up))
            return status::busy;
    }
}

BOOST_IPQ_DECL status
overwriter::drop(placement& place, std::size_t span, std::size_t& dropped)
{
    read_end end(m_writer.ring());
    position at;
    record_header header;
    if (!end.skip_all_leftovers(at, header))
        return status::corrupt;
    end.advance_free();
    place.head = m_writer.m_end.head();
    plan what;
    const status possible = make_plan(place, span, end, what);
    if (possible != status::done)
        return possible;
    carry_out(what, place.owner, end);
    dropped = what.messages;
    return find_place(place, span, end);
}

// How far must `free` move until the record fits?
BOOST_IPQ_DECL status overwriter::make_plan(
    const placement& place, std::size_t span, read_end& end, plan& result)
{
    const ring_view& ring = end.ring();
    result.free = position(end.line().free.load(std::memory_order_relaxed));
    result.read = position(end.line().read.load(std::memory_order_relaxed));
    position& at = result.end;
    at = result.free;
    for (std::size_t walked = 0; walked <= 2 * ring.size; walked += unit)
    {
        result.past_read = result.past_read || at == result.read;
        if (at == place.head)
            return status::done; // nothing is left
        placement trial = place;
        const status fits = fit(ring, trial, span, at.offset());
        if (fits != status::would_block)
            return fits;
        record_header header;
        if (!end.read_header(at, header) ||
            header.state() == record_state::none)
            return status::corrupt;
        const bool is_taken = !result.past_read;
        const record_state state = header.state();
        if (state == record_state::reserved ||
            (state == record_state::claimed && is_taken))
        {
            if (is_in_the_way(at, header, end))
                return status::would_block;
            continue; // it has changed
        }
        if (state == record_state::returned ||
            (!is_taken && (state == record_state::committed ||
                           state == record_state::claimed)))
            ++result.messages;
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    return status::corrupt;
}

// A process fills it or reads it in place, unless that is dead.
BOOST_IPQ_DECL bool
overwriter::is_in_the_way(position at, record_header header, read_end& end)
{
    if (end.ring().peers->alive(header.owner()))
        return record_header(
                   end.ring().header(at).load(std::memory_order_acquire))
                   .word() == header.word();
    end.replace(
        at, header,
        header.state() == record_state::reserved ? record_state::abandoned
                                                 : record_state::returned);
    return false;
}

BOOST_IPQ_DECL void
overwriter::carry_out(const plan& what, incarnation me, read_end& end)
{
    const ring_view& ring = end.ring();
    position at = what.free;
    bool past_read = false;
    for (std::size_t walked = 0; at != what.end && walked <= 2 * ring.size;)
    {
        past_read = past_read || at == what.read;
        record_header header;
        if (!end.read_header(at, header))
            return;
        // Relaxed: others see it when they have the lock. Claimed ones behind
        // `read` were left by a dead process; behind the new `read` they would
        // be delivered again.
        if (header.state() == record_state::returned)
            ring.header(at).store(
                header.with(record_state::consumed, me).word(),
                std::memory_order_relaxed);
        else if (header.state() == record_state::claimed && past_read)
            ring.header(at).store(
                header.with(record_state::committed, me).word(),
                std::memory_order_relaxed);
        walked += ring.extent(header);
        at = ring.behind(at, header);
    }
    if (what.past_read)
        end.advance_read(what.read, what.end);
    // As many turns as it takes: the record needs the room. A damaged ring may
    // never come to an end.
    const atomic_word& free = end.line().free;
    std::size_t turns = ring.size / unit / max_freed + 2;
    std::uint64_t before;
    do
    {
        before = free.load(std::memory_order_relaxed);
        end.advance_free();
    } while (before != free.load(std::memory_order_relaxed) && --turns != 0);
}

BOOST_IPQ_DECL status
overwriter::find_place(placement& place, std::size_t span, read_end& end)
{
    write_end& writers = m_writer.m_end;
    position free = writers.free_now();
    placement trial = place;
    if (free == place.head &&
        fit(end.ring(), trial, span, free.offset()) == status::would_block)
    {
        // Empty, and the record is too long for the rest of the buffer.
        place.head = writers.write_padding(place);
        position at;
        record_header header;
        if (!end.skip_all_leftovers(at, header))
            return status::corrupt;
        end.advance_free();
        free = writers.free_now();
    }
    const status result = writers.find_place(place, span, free);
    // What was in the way is gone: there is room, unless words are damaged.
    return result == status::would_block ? status::corrupt : result;
}

BOOST_IPQ_DECL void
overwriter::publish(placement& place, const void* data, std::size_t size)
{
    const ring_view& ring = m_writer.ring();
    // Relaxed: publish() releases it.
    ring.header(place.next).store(0, std::memory_order_relaxed);
    const position next = write_end::behind(place);
    const std::size_t whole = size + ring.lead;
    if (whole <= ring.short_length)
    {
        m_writer.write(place.at, {data, size});
        m_writer.m_end.publish(
            place, record_header(record_state::committed, place.owner, whole),
            next);
        return;
    }
    m_writer.write(place.at, {nullptr, 0});
    const reserved_record record{
        place.at, record_header(record_state::reserved, place.owner, whole)};
    m_writer.m_end.publish(place, record.header, next);
    copy_in(ring.message(place.at), data, size);
    commit(ring, record);
}

} // namespace detail
} // namespace boost_ipq

#endif
