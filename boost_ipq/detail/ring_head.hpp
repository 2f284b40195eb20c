// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_HEAD_HPP
#define BOOST_IPQ_DETAIL_RING_HEAD_HPP

// The publishers' end of a ring: the position `head`, and room behind it.
//
// With the lock held: find room, write the zero sentinel behind the record to
// be, write the body, and store the record's header over the sentinel of the
// record before. That one store publishes. A holder that dies before it has
// changed nothing that a subscriber looks at; one that dies after it leaves
// `head` behind, and who takes over the lock rolls it forward to the first
// zero header.

#include <boost_ipq/detail/examination.hpp>
#include <boost_ipq/detail/owner_lock.hpp>
#include <boost_ipq/detail/ring.hpp>
#include <boost_ipq/detail/ring_tail.hpp>
#include <boost_ipq/detail/status.hpp>
#include <boost/config.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

// Where a record goes.
struct room
{
    position head;
    std::size_t at;   // offset of the record
    std::size_t next; // offset behind it
    bool padded;      // `head` gets padding up to the end of the buffer
};

class ring_head
{
public:
    ring_head() noexcept = default;

    ring_head(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness) noexcept
        : m_ring(ring),
          m_self(&self),
          m_witness(&witness)
    {
    }

    const ring_view& ring() const noexcept { return m_ring; }

    publisher_line& line() const noexcept { return m_ring.control->publishers; }

    owner_lock lock() const noexcept { return owner_lock(line().owner); }

    incarnation self() const noexcept
    {
        return m_self->load(std::memory_order_relaxed);
    }

    // Might a message of that length fit? Takes no lock; a hint.
    bool may_fit(std::size_t length) const noexcept
    {
        const position free(
            m_ring.control->subscribers.free.load(std::memory_order_relaxed));
        const position head(line().head.load(std::memory_order_relaxed));
        return free == head ||
               m_ring.distance(free, head) + m_ring.span(length) <=
                   m_ring.limit();
    }

    // Is room held up by who fills or reads a record in place?
    bool held_up() const noexcept
    {
        return ring_tail(m_ring, *m_self, *m_witness).held_up();
    }

    template <class GiveUp>
    BOOST_FORCEINLINE bool acquire(incarnation me, GiveUp give_up) noexcept
    {
        return BOOST_IPQ_DETAIL_LIKELY(lock().try_acquire(me)) ||
               acquire_slowly(me, give_up);
    }

    template <class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE bool
    acquire_slowly(incarnation me, GiveUp give_up) noexcept
    {
        switch (lock().acquire(me, *m_witness, give_up))
        {
        case acquisition::taken_over:
            roll_forward();
            return true;
        case acquisition::free:
            return true;
        default:
            return false;
        }
    }

    // What follows is called with the lock held.

    // Is there room at `found.head`, as far as the cached position tells?
    BOOST_FORCEINLINE status
    find_room(room& found, std::size_t span) const noexcept
    {
        const position free(line().cached_free.load(std::memory_order_relaxed));
        const std::size_t head = found.head.offset();
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                head >= m_ring.size || free.offset() >= m_ring.size))
            return status::corrupt;
        const std::size_t rest = m_ring.size - head;
        found.padded = span > rest;
        const std::size_t needed = found.padded ? rest + span : span;
        if (m_ring.distance(free, found.head) + needed > m_ring.limit())
            return status::not_now;
        found.at = found.padded ? 0 : head;
        found.next = found.at + span;
        if (found.next == m_ring.size)
            found.next = 0;
        return status::done;
    }

    BOOST_IPQ_DETAIL_NOINLINE status
    make_room(room& found, std::size_t span, incarnation me) noexcept
    {
        for (int attempt = 0;; ++attempt)
        {
            const position free = refresh_free();
            const status result = find_room(found, span);
            if (result != status::not_now || attempt == 3)
                return result;
            if (free == found.head)
            {
                // Empty, and too long for the rest of the buffer: padding
                // alone, then all of the buffer is free.
                found.head = write_padding(found.head);
                continue;
            }
            if (!leftovers(free) ||
                !ring_tail(m_ring, *m_self, *m_witness).tidy(me))
                return status::not_now;
        }
    }

    position refresh_free() const noexcept
    {
        // acquire: pairs with the subscribers' release: their reads of the
        // bodies come before our writes
        const std::uint64_t free =
            m_ring.control->subscribers.free.load(std::memory_order_acquire);
        line().cached_free.store(free, std::memory_order_relaxed);
        return position(free);
    }

    // Padding at the read position, or what dead processes left there: nobody
    // else may be there to move it out of the way.
    bool leftovers(position free) noexcept
    {
        const position read(
            m_ring.control->subscribers.read.load(std::memory_order_relaxed));
        if (!m_ring.holds(read))
            return false;
        const auto state =
            record_header(platform::load_hint(m_ring.header(read))).state();
        if (state == record_state::padding || state == record_state::abandoned)
            return true;
        if (state != record_state::reserved && read == free)
            return false;
        // Whether their owners are dead is asked now and then only.
        if (!m_examination.due())
            return false;
        m_examination.made(examination::clock::now());
        return true;
    }

    // Returns the new head.
    position write_padding(position head) noexcept
    {
        const std::size_t rest = m_ring.size - head.offset();
        // Sentinel first, as for every record.
        m_ring.header(0).store(0, std::memory_order_relaxed);
        const record_header header(
            record_state::padding, m_self->load(std::memory_order_relaxed),
            rest - unit);
        m_ring.header(head).store(header.word(), std::memory_order_release);
        const position next = m_ring.behind(head, header);
        line().head.store(next.word(), std::memory_order_relaxed);
        return next;
    }

    void write_sentinel(const room& found) const noexcept
    {
        platform::prefetch_for_writing(m_ring.data + found.next + prefetch);
        // Relaxed: store_header() releases it.
        m_ring.header(found.next).store(0, std::memory_order_relaxed);
    }

    // Publishes the record (and the padding in front of it).
    void store_header(const room& found, record_header header) const noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(found.padded))
        {
            // Invisible as long as the place of the padding is zero.
            m_ring.header(std::size_t(0))
                .store(header.word(), std::memory_order_relaxed);
            const std::size_t rest = m_ring.size - found.head.offset();
            header = record_header(
                record_state::padding, header.owner(), rest - unit);
        }
        // release: pairs with the subscribers' acquire of the header
        m_ring.header(found.head)
            .store(header.word(), std::memory_order_release);
    }

    static position behind(const room& found) noexcept
    {
        return position(found.head.count() + 1, found.next);
    }

    void advance_head(position from, position to) noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(to.count() < from.count()))
            line().laps.fetch_add(1, std::memory_order_relaxed);
        line().head.store(to.word(), std::memory_order_relaxed);
    }

    // A holder died: `head` may be behind what it published.
    void roll_forward() noexcept
    {
        position at(line().head.load(std::memory_order_relaxed));
        std::size_t walked = 0;
        while (m_ring.holds(at) && walked < m_ring.size)
        {
            const record_header header(
                m_ring.header(at).load(std::memory_order_acquire));
            if (header.state() == record_state::none ||
                !m_ring.holds(at, header))
                break;
            walked += m_ring.span(header.length());
            at = m_ring.behind(at, header);
        }
        advance_head(position(line().head.load(std::memory_order_relaxed)), at);
    }

private:
    // How far ahead cache lines are asked for.
    static constexpr std::size_t prefetch = 512; // bytes

    ring_view m_ring;
    const std::atomic<incarnation>* m_self = &nobody;
    const liveness* m_witness = nullptr;
    examination m_examination;
};

} // namespace detail
} // namespace boost_ipq

#endif
