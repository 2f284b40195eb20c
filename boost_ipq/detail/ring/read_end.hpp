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

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/detail/ring/spans.hpp>
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
        const position read(line().read.load(std::memory_order_relaxed));
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
    // settled, which need not be looked at. Merges them if they cannot be
    // freed.
    void try_free_run(position begin, position end) noexcept
    {
        if (lock().try_acquire(m_ring.self()))
        {
            if (position(line().free.load(std::memory_order_relaxed)) == begin)
            {
                forget_span();
                move_free(end);
            }
            tidy_finished(merge_looks + 2 * (end.count() - begin.count()));
            lock().release();
        }
    }

    // Marks every record that dead processes hold before `end`, a head that was
    // rolled forward: claimed records to be delivered again, reserved ones to
    // be skipped. These records were published before the deaths were seen, so
    // the publishers' lock is not needed, and other processes may have moved
    // past `end` already. Others have their turn after each part of the work.
    // Returns the number of records, or nothing if it gave up.
    std::optional<std::size_t>
    recover(position end, give_up_condition give_up = {}) noexcept
    {
        if (!acquire(m_ring.self(), give_up))
            return {};
        std::size_t recovered = 0;
        position at(line().free.load(std::memory_order_relaxed));
        // A damaged ring may never come to an end.
        std::size_t turns = m_ring.size / unit / max_skipped + 2;
        while ((!recover_claims(recovered) ||
                !recover_reservations(at, end, recovered)) &&
               --turns != 0)
        {
            if (!acquire_again(give_up))
                return {};
        }
        line().returned.exchange(1, std::memory_order_relaxed);
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
        forget_span();
        move_free(end);
        lock().release();
        return true;
    }

    // What follows is called with the lock held.

    enum class skip_result
    {
        complete,
        more, // there are too many for one turn
        damage
    };

    // Moves `read` over records that are not to be delivered, up to the first
    // one that is or that is not ready yet, or to the end.
    skip_result skip_leftovers(position& at, record_header& header) noexcept
    {
        at = position(line().read.load(std::memory_order_relaxed));
        last_owners owners{m_ring.self(), 0};
        for (std::size_t i = 0; i != max_skipped; ++i)
        {
            if (!read_header(at, header))
                return skip_result::damage;
            switch (header.state())
            {
            case record_state::reserved:
                if (!owners.is_dead(header.owner(), *m_ring.peers))
                    return skip_result::complete;
                // Its publisher may have committed before it died: only the
                // word that was judged is replaced.
                replace(at, header, record_state::abandoned);
                continue;
            case record_state::abandoned:
            case record_state::padding:
                advance_read(at, m_ring.behind(at, header));
                at = m_ring.behind(at, header);
                continue;
            case record_state::none:
                return header.word() == 0 ? skip_result::complete
                                          : skip_result::damage;
            case record_state::committed:
            case record_state::claimed:
                return skip_result::complete;
            default: // consumed, returned, span: never at or after `read`
                return skip_result::damage;
            }
        }
        return skip_result::more;
    }

    // As skip_leftovers(), in one turn. For a caller that must not give the
    // lock up. False: damage.
    bool skip_all_leftovers(position& at, record_header& header) noexcept
    {
        // A damaged ring may consist of padding.
        for (std::size_t skipped = 0; skipped <= m_ring.size / unit;
             skipped += max_skipped)
        {
            const skip_result result = skip_leftovers(at, header);
            if (result != skip_result::more)
                return result == skip_result::complete;
        }
        return false;
    }

    // Is there a message behind this record, at the read position or after it?
    // True, too, if it takes more than one turn to find out.
    bool message_behind(position at, record_header header) const noexcept
    {
        std::size_t walked = 0;
        for (std::size_t i = 0; walked < m_ring.size; ++i)
        {
            walked += m_ring.extent(header);
            at = m_ring.behind(at, header);
            if (i == max_skipped)
                return true;
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
        return m_ring.read_header(at, header);
    }

    bool replace(position at, record_header header, record_state state) noexcept
    {
        std::uint64_t judged = header.word();
        // acq_rel: not needed, as long as all callers have the lock, and rare
        if (!m_ring.header(at).compare_exchange_strong(
                judged, header.with(state).word(), std::memory_order_acq_rel,
                std::memory_order_relaxed))
            return false;
        m_ring.peers->note_recovered();
        return true;
    }

    void advance_read(position from, position to) noexcept
    {
        // release: a process that dies after this store has done what comes
        // before it (the compiler does not move it up); and inspect() sees that
        line().read.store(to.word(), std::memory_order_release);
        count_half_laps(line().half_laps, from, to);
    }

    // Is the space of all taken records free?
    bool nothing_held() const noexcept
    {
        return line().free.load(std::memory_order_relaxed) ==
               line().read.load(std::memory_order_relaxed);
    }

    // Frees the space of the oldest records, up to the first that a process
    // holds, or as many as one turn allows.
    void advance_free() const noexcept
    {
        const position end(line().read.load(std::memory_order_relaxed));
        const position from(line().free.load(std::memory_order_relaxed));
        const std::uint64_t merging =
            line().span.load(std::memory_order_relaxed);
        position at = from;
        bool reached = false;
        for (std::size_t i = 0; at != end && i != max_freed; ++i)
        {
            record_header header;
            if (!read_header(at, header) ||
                header.state() == record_state::claimed ||
                header.state() == record_state::returned)
                break;
            at = m_ring.behind(at, header);
            reached |= at.word() == merging;
        }
        if (at == from)
            return;
        if (reached)
            line().span.store(0, std::memory_order_relaxed);
        move_free(at);
    }

    // Frees and merges what is finished: before a record is taken, and after a
    // run was settled.
    void tidy_finished(std::uint32_t looks = merge_looks) const noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(nothing_held()))
            return;
        advance_free();
        spans(m_ring).merge(looks);
    }

    // Lets other processes have the lock.
    bool acquire_again(give_up_condition give_up = {}) const noexcept
    {
        lock().release();
        return acquire(m_ring.self(), give_up);
    }

private:
    // Merging begins again at `free`.
    void forget_span() const noexcept
    {
        if (line().span.load(std::memory_order_relaxed) != 0)
            line().span.store(0, std::memory_order_relaxed);
    }

    // The span's word, if it changes, is stored before it, see spans.hpp.
    void move_free(position to) const noexcept
    {
        // release: pairs with the publisher's acquire in free_now()
        line().free.store(to.word(), std::memory_order_release);
    }

    // Claimed records lie in front of `read`: a claim from `read` on was never
    // delivered, and the next subscriber finds it there. False: there is more.
    bool recover_claims(std::size_t& recovered) noexcept
    {
        last_owners owners{m_ring.self(), 0};
        return spans(m_ring).for_each_held(
            [&](position at, record_header header) {
                if (header.state() == record_state::claimed &&
                    owners.is_dead(header.owner(), *m_ring.peers))
                    recovered += replace(at, header, record_state::returned);
                return true;
            });
    }

    // Reserved records are not taken, so they lie from `read` on. `at`: where
    // the last turn ended. False: there is more.
    bool recover_reservations(
        position& at, position end, std::size_t& recovered) noexcept
    {
        const position read(line().read.load(std::memory_order_relaxed));
        if (static_cast<std::int32_t>(at.count() - read.count()) <= 0)
            at = read;
        last_owners owners{m_ring.self(), 0};
        for (std::size_t i = 0; at != end; ++i)
        {
            record_header header;
            if (i == max_skipped)
                return false;
            if (static_cast<std::int32_t>(end.count() - at.count()) < 0 ||
                !read_header(at, header) ||
                header.state() == record_state::none)
                break;
            if (header.state() == record_state::reserved &&
                owners.is_dead(header.owner(), *m_ring.peers))
                recovered += replace(at, header, record_state::abandoned);
            at = m_ring.behind(at, header);
        }
        return true;
    }

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

    ring_view m_ring{};
};

} // namespace detail
} // namespace boost_ipq

#endif
