// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_READ_END_HPP
#define BOOST_IPQ_DETAIL_RING_READ_END_HPP

// The subscribers' end of a ring: the positions `read` and `free`.
//
// `read` decides: a record before it is taken, a record at or after it is not.
// An owner of the lock that dies before it moves `read` has taken nothing.
// `free` follows `read`. It is held up by records that are read in place
// (claimed) or wait to be delivered again (returned). If an owner dies between
// the two stores, `free` lags; advance_free() catches up.
//
// A claim first marks the headers, then moves `read`. So claimed headers at
// `read` and after it were left by an owner that died in between; the next
// subscriber takes these records.
//
// Every step of recovery is a compare-and-swap from the word that was judged,
// made after the death was seen: the owner may have committed or acknowledged
// between the look and its death.

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace boost_ipq {
namespace detail {

class read_end
{
public:
    read_end() noexcept = default;
    explicit read_end(const ring_view& ring) noexcept : m_ring(ring) {}

    const ring_view& ring() const noexcept { return m_ring; }

    subscriber_line& line() const noexcept
    {
        return m_ring.control->subscribers;
    }

    robust_lock lock() const noexcept { return robust_lock(line().owner); }

    // False: the lock's owner is alive, and the caller gave up.
    BOOST_FORCEINLINE bool
    acquire(incarnation me, give_up_condition give_up = {}) const noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(lock().try_acquire(me)))
            return true;
        return acquire_slowly(me, give_up);
    }

    // Does a process fill the next record, or read an older one in place? A
    // hint that takes no lock.
    bool held_up() const noexcept
    {
        const position read(line().read.load(std::memory_order_acquire));
        return position(line().free.load(std::memory_order_relaxed)) != read ||
               (m_ring.holds(read) &&
                record_header(platform::load_hint(m_ring.header(read)))
                        .state() == record_state::reserved);
    }

    // For a publisher that finds no room: skips padding and records of dead
    // processes at the read position, and moves `free` forward. Waits for the
    // lock, since the subscriber that holds it may move nothing and notify no
    // publisher. False: gave up.
    bool tidy(give_up_condition give_up) noexcept
    {
        if (!acquire(m_ring.self(), give_up))
            return false;
        tidy_and_release();
        return true;
    }

    // As tidy(), but does not wait for the lock.
    bool try_tidy() noexcept
    {
        if (!lock().try_acquire(m_ring.self()))
            return false;
        tidy_and_release();
        return true;
    }

    // Frees the space of settled records, unless the lock is held. Then its
    // owner, the next owner, or a publisher that needs the room does it.
    void try_advance_free() const noexcept
    {
        if (lock().try_acquire(m_ring.self()))
        {
            advance_free();
            lock().release();
        }
    }

    // As try_advance_free(), after the records from `begin` to `end` were
    // settled, which need not be looked at.
    void try_free_run(position begin, position end) noexcept
    {
        if (lock().try_acquire(m_ring.self()))
        {
            if (position(line().free.load(std::memory_order_relaxed)) == begin)
                // release: as in advance_free()
                line().free.store(end.word(), std::memory_order_release);
            advance_free();
            lock().release();
        }
    }

    // Marks every record that dead processes hold before `end`, a head that was
    // rolled forward: claimed records to be delivered again, reserved ones to
    // be skipped. These records were published before the deaths were seen, so
    // the publishers' lock is not needed, and other processes may have moved
    // past `end` already. Returns the number of records, or nothing
    // if it gave up.
    std::optional<std::size_t>
    recover(position end, give_up_condition give_up = {}) noexcept
    {
        if (!acquire(m_ring.self(), give_up))
            return {};
        std::size_t recovered = 0;
        const position read(line().read.load(std::memory_order_relaxed));
        position at(line().free.load(std::memory_order_relaxed));
        bool taken = true;
        for (std::size_t walked = 0; at != end && walked < m_ring.size;)
        {
            record_header header;
            if (static_cast<std::int32_t>(end.count() - at.count()) < 0 ||
                !read_header(at, header) ||
                header.state() == record_state::none)
                break;
            // A claim from `read` on was never delivered: the next subscriber
            // finds it there.
            taken = taken && at != read;
            const bool claimed =
                header.state() == record_state::claimed && taken;
            if ((claimed || header.state() == record_state::reserved) &&
                !m_ring.peers->alive(header.owner()))
                recovered += replace(
                    at, header,
                    claimed ? record_state::returned : record_state::abandoned);
            walked += m_ring.span(header.length());
            at = m_ring.behind(at, header);
        }
        line().returned.store(1, std::memory_order_relaxed);
        advance_free();
        lock().release();
        return recovered;
    }

    // Drops everything in front of `end`, a head that was rolled forward. No
    // other process has the queue open. False: gave up.
    bool drop(position end, give_up_condition give_up) noexcept
    {
        if (!acquire(m_ring.self(), give_up))
            return false;
        advance_read(
            position(line().read.load(std::memory_order_relaxed)), end);
        // release: as in advance_free()
        line().free.store(end.word(), std::memory_order_release);
        lock().release();
        return true;
    }

    // What follows is called with the lock held.

    // Moves `read` over records that are not to be delivered, up to the first
    // one that is or that is not ready yet, or to the end. False: damage.
    bool skip_leftovers(position& at, record_header& header) noexcept
    {
        at = position(line().read.load(std::memory_order_relaxed));
        // A damaged ring may consist of padding.
        for (std::size_t walked = 0; walked <= m_ring.size;)
        {
            if (!read_header(at, header))
                return false;
            switch (header.state())
            {
            case record_state::reserved:
                if (m_ring.peers->alive(header.owner()))
                    return true;
                // Its publisher may have committed before it died: only the
                // word that was judged is replaced.
                replace(at, header, record_state::abandoned);
                walked += unit; // damage may come back
                continue;
            case record_state::abandoned:
            case record_state::padding:
                walked += m_ring.span(header.length());
                advance_read(at, m_ring.behind(at, header));
                at = m_ring.behind(at, header);
                continue;
            case record_state::none:
                return header.word() == 0;
            case record_state::committed:
            case record_state::claimed:
                return true;
            default: // consumed, returned: never at or after `read`
                return false;
            }
        }
        return false;
    }

    // Is there a message behind this record, at the read position or after it?
    bool message_behind(position at, record_header header) const noexcept
    {
        for (std::size_t walked = 0; walked < m_ring.size;)
        {
            walked += m_ring.span(header.length());
            at = m_ring.behind(at, header);
            if (!read_header(at, header) ||
                header.state() == record_state::none)
                return false;
            if (header.state() == record_state::committed ||
                header.state() == record_state::claimed)
                return true;
        }
        return false;
    }

    // Reads a header once and checks it and its position. False: damage.
    bool read_header(position at, record_header& header) const noexcept
    {
        if (!m_ring.holds(at))
            return false;
        // acquire: pairs with the publisher's release of the header
        header =
            record_header(m_ring.header(at).load(std::memory_order_acquire));
        return m_ring.holds(at, header);
    }

    bool replace(position at, record_header header, record_state state) noexcept
    {
        std::uint64_t judged = header.word();
        if (!m_ring.header(at).compare_exchange_strong(
                judged, header.with(state).word(), std::memory_order_acq_rel,
                std::memory_order_relaxed))
            return false;
        m_ring.peers->note_recovered();
        return true;
    }

    void advance_read(position from, position to) noexcept
    {
        // release: pairs with look(), which must not see the new position with
        // the old contents
        line().read.store(to.word(), std::memory_order_release);
        count_half_laps(line().half_laps, from, to);
    }

    // Frees the space of all records that no process holds.
    void advance_free() const noexcept
    {
        const position end(line().read.load(std::memory_order_relaxed));
        position at(line().free.load(std::memory_order_relaxed));
        const position from = at;
        std::size_t walked = 0;
        while (at != end && walked < m_ring.size)
        {
            record_header header;
            if (!read_header(at, header) ||
                header.state() == record_state::claimed ||
                header.state() == record_state::returned)
                break;
            walked += m_ring.span(header.length());
            at = m_ring.behind(at, header);
        }
        if (at != from)
            // release: pairs with the publisher's acquire in free_now()
            line().free.store(at.word(), std::memory_order_release);
    }

private:
    BOOST_IPQ_DETAIL_NOINLINE bool
    acquire_slowly(incarnation me, give_up_condition give_up) const noexcept
    {
        return lock().acquire(me, *m_ring.peers, m_ring.limit_of(give_up)) !=
               lock_outcome::given_up;
    }

    void tidy_and_release() noexcept
    {
        position at;
        record_header header;
        skip_leftovers(at, header);
        advance_free();
        lock().release();
    }

    ring_view m_ring;
};

} // namespace detail
} // namespace boost_ipq

#endif
