// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_SUBSCRIBER_HPP
#define BOOST_IPQ_DETAIL_RING_SUBSCRIBER_HPP

// Takes records out of a ring.

#include <boost_ipq/detail/examination.hpp>
#include <boost_ipq/detail/patience.hpp>
#include <boost_ipq/detail/ring_tail.hpp>
#include <boost_ipq/detail/status.hpp>
#include <boost/config.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

// A record that this process reads in place.
struct claim
{
    std::size_t offset = 0;
    record_header header; // as it stands in the ring while claimed
    bool again = false;   // it may have been seen before
};

// Records one behind the other that this process reads in place.
struct claimed_run
{
    position begin, end;
    incarnation owner = 0;
};

class ring_subscriber
{
public:
    ring_subscriber() noexcept = default;

    ring_subscriber(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness) noexcept
        : m_tail(ring, self, witness)
    {
    }

    const ring_view& ring() const noexcept { return m_tail.ring(); }

    // Copies the oldest message to where the sink says, and takes it.
    //  sink.fits(length): may it be copied with the lock held? (no allocation)
    //  sink.may_take(length): may it be copied without the lock?
    //  sink.take(body, length): copies it
    // `give_up` is asked while a living process keeps the lock.
    template <class Sink, class GiveUp = persevere>
    BOOST_FORCEINLINE status try_take(Sink& sink, GiveUp give_up = GiveUp())
    {
        incarnation me;
        const status entered = enter(me, give_up);
        if (entered != status::done)
            return entered;

        const position at(line().read.load(std::memory_order_relaxed));
        const position oldest(line().free.load(std::memory_order_relaxed));
        if (BOOST_IPQ_DETAIL_LIKELY(at == oldest && ring().holds(at)))
        {
            // acquire: pairs with the publisher's release of the header
            const record_header header(
                ring().header(at).load(std::memory_order_acquire));
            if (BOOST_IPQ_DETAIL_LIKELY(
                    header.state() == record_state::committed &&
                    header.length() <= ring().small &&
                    ring().holds(at, header)))
            {
                if (!sink.fits(header.length()))
                    return leave(status::declined);
                sink.take(ring().body(at.offset()), header.length());
                const std::uint64_t next = ring().behind(at, header).word();
                m_tail.count_laps(at, position(next));
                line().read.store(next, std::memory_order_release);
                // release: pairs with the publisher's acquire in find_room()
                line().free.store(next, std::memory_order_release);
                return leave(status::done);
            }
        }
        return take_slowly(sink, me);
    }

    // Is there a record that may be taken? Takes no lock. `true` is a hint.
    bool something() const noexcept { return look() != glance::nothing; }

    // Is something held up by who fills or reads a record in place? Then it is
    // worth asking soon again whether that one lives.
    bool held_up() const noexcept { return m_tail.held_up(); }

    // Claims the oldest record to be read in place.
    template <class GiveUp = persevere>
    status try_claim(claim& result, GiveUp give_up = GiveUp())
    {
        incarnation me;
        const status entered = enter(me, give_up);
        if (entered != status::done)
            return entered;
        record found;
        const status end = find(found, me);
        if (end == status::done)
            mark_claimed(found, me, result);
        return leave(end);
    }

    // Claims the oldest records, as many as are there, up to `most`.
    template <class GiveUp = persevere>
    status try_claim_run(
        claimed_run& result, std::size_t most, GiveUp give_up = GiveUp())
    {
        incarnation me;
        const status entered = enter(me, give_up);
        if (entered != status::done)
            return entered;
        record found;
        const status end = find(found, me);
        if (end == status::done)
            result = mark_run_claimed(found, me, found.again ? 1 : most);
        return leave(end);
    }

    // A forked child does not own what its parent claimed.
    bool owns(const claimed_run& run) const noexcept
    {
        return m_tail.self() == run.owner;
    }

    // Reads the header of a run's first record. False: the run is at its end,
    // or not ours, or damaged.
    bool front(const claimed_run& run, record_header& header) const noexcept
    {
        return run.begin != run.end && owns(run) &&
               m_tail.read_header(run.begin, header) &&
               header.state() == record_state::claimed;
    }

    // The first record of a run is done with; its space is given back later.
    void acknowledge_front(claimed_run& run, record_header header) noexcept
    {
        settle({run.begin.offset(), header}, record_state::consumed);
        run.begin = ring().behind(run.begin, header);
    }

    // Gives back the space of a run's records from `begin` on that are done
    // with, and the rest of them to be delivered again. Returns how many of
    // these there are.
    std::size_t leave_run(claimed_run run, position begin) noexcept
    {
        if (!owns(run))
            return 0;
        m_tail.try_free_run(begin, run.begin);
        std::size_t rest = 0;
        for (record_header header; front(run, header); ++rest)
        {
            give_back({run.begin.offset(), header});
            run.begin = ring().behind(run.begin, header);
        }
        return rest;
    }

    // The claimed record is done with: never delivered again.
    void acknowledge(const claim& held) noexcept
    {
        if (settle(held, record_state::consumed))
            m_tail.try_advance_free();
    }

    // The claimed record is to be delivered again.
    void give_back(const claim& held) noexcept
    {
        if (!settle(held, record_state::returned))
            return;
        m_tail.try_advance_free();
        // release: after the header, which find_again() looks for then
        line().returned.store(1, std::memory_order_release);
    }

    std::byte* body(const claim& held) const noexcept
    {
        return ring().body(held.offset);
    }

    // Of a run's first record.
    std::byte* body(const claimed_run& run) const noexcept
    {
        return ring().body(run.begin.offset());
    }

private:
    enum class glance
    {
        nothing,
        something,
        damage
    };

    struct record
    {
        position at;
        record_header header;
        bool again = false; // it lies before the read position
    };

    subscriber_line& line() const noexcept { return m_tail.line(); }

    status leave(status result) const noexcept
    {
        m_tail.lock().release();
        return result;
    }

    // Looks at the read position without a lock. The header there is genuine
    // only if the position did not move meanwhile: a subscriber that was
    // stopped between the two loads must not call a queue empty that never
    // was.
    BOOST_FORCEINLINE glance look() const noexcept
    {
        // acquire: the header is loaded after it, and it again after that
        position at(line().read.load(std::memory_order_acquire));
        for (;;)
        {
            if (BOOST_IPQ_DETAIL_UNLIKELY(!ring().holds(at)))
                return glance::damage;
            const record_header header(platform::load_hint(ring().header(at)));
            if (header.state() != record_state::none &&
                header.state() != record_state::reserved)
                return glance::something;
            const position now(line().read.load(std::memory_order_acquire));
            if (now == at)
            {
                if (header.state() != record_state::none ||
                    position(line().free.load(std::memory_order_relaxed)) != at)
                    return examine();
                const auto again = [&] {
                    return platform::load_hint(ring().header(at)) != 0;
                };
                if (!m_patience.wait(at.count(), again))
                    return glance::nothing;
            }
            at = now;
        }
    }

    // Nothing new to take, but somebody fills this record or reads older ones
    // in place: may there be something to deliver again, or left by the dead?
    // The kernel is asked about them, but not again and again.
    BOOST_IPQ_DETAIL_NOINLINE glance examine() const noexcept
    {
        return line().returned.load(std::memory_order_relaxed) != 0 ||
                       m_examination.due()
                   ? glance::something
                   : glance::nothing;
    }

    // Looks, and takes the lock when there is something.
    template <class GiveUp>
    BOOST_FORCEINLINE status
    enter(incarnation& me, GiveUp give_up) const noexcept
    {
        me = m_tail.self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        const glance seen = look();
        if (seen != glance::something)
            return seen == glance::nothing ? status::not_now : status::corrupt;
        return m_tail.acquire(me, give_up) ? status::done : status::not_now;
    }

    template <class Sink>
    BOOST_IPQ_DETAIL_NOINLINE status take_slowly(Sink& sink, incarnation me)
    {
        record found;
        const status end = find(found, me);
        if (end != status::done)
            return leave(end);
        const std::size_t length = found.header.length();
        if (length <= ring().small)
        {
            if (!sink.fits(length))
                return leave(status::declined);
            sink.take(ring().body(found.at.offset()), length);
            take(found, me);
            return leave(status::done);
        }
        if (!sink.may_take(length))
            return leave(status::declined);
        claim held;
        mark_claimed(found, me, held);
        m_tail.lock().release();
        try
        {
            sink.take(body(held), length);
        }
        catch (...)
        {
            give_back(held);
            throw;
        }
        acknowledge(held);
        return status::done;
    }

    // With the lock held: the oldest record that may be delivered.
    status find(record& found, incarnation me) noexcept
    {
        if (find_again(found, me))
            return status::done;
        if (!m_tail.skip_leftovers(found.at, found.header))
            return status::corrupt;
        found.again = false;
        const record_state state = found.header.state();
        const bool there =
            state == record_state::committed || state == record_state::claimed;
        if (state == record_state::reserved)
            // Its publisher lives: not asked again soon.
            m_examination.made(examination::clock::now());
        if (!there)
            m_tail.advance_free();
        return there ? status::done : status::not_now;
    }

    // Among the records that are held in place: one that was given back, or
    // whose owner is dead.
    bool find_again(record& found, incarnation me) noexcept
    {
        const position end(line().read.load(std::memory_order_relaxed));
        position at(line().free.load(std::memory_order_relaxed));
        if (at == end)
            return false;
        const bool due = m_examination.due();
        const bool flagged =
            line().returned.load(std::memory_order_relaxed) != 0;
        if (!due && !flagged)
            return false;
        const auto begin = examination::clock::now();
        // Millions of records may be there: not looked through if nobody died
        // since they were.
        const std::uint64_t deaths = due ? m_tail.witness().deaths() : 0;
        const bool ask = due && (deaths == 0 || deaths != m_deaths);
        if (flagged)
            // acquire: pairs with give_back(). Cleared before the search, so
            // that a record that is returned meanwhile sets it again.
            line().returned.exchange(0, std::memory_order_acquire);
        bool result = false;
        if (ask || flagged)
            result = search_again(found, me, ask, at, end);
        // Another returned record may wait behind this one.
        if (result)
            line().returned.store(1, std::memory_order_relaxed);
        if (ask)
            m_deaths = deaths;
        if (due)
            m_examination.made(begin);
        return result;
    }

    // Finds the oldest one. Who asks whether owners live goes on to the end, so
    // that all that the dead left can be delivered before it is asked again.
    bool search_again(
        record& found, incarnation me, bool ask, position at,
        position end) noexcept
    {
        incarnation living = me, dead = 0; // the last of each that were met
        bool result = false;
        std::size_t walked = 0;
        while (at != end && walked < ring().size)
        {
            record_header header;
            if (!m_tail.read_header(at, header))
                break;
            if (ask && header.state() == record_state::claimed &&
                header.owner() != living)
            {
                const incarnation owner = header.owner();
                if (owner != dead && m_tail.witness().alive(owner))
                    living = owner;
                else
                {
                    dead = owner;
                    if (m_tail.replace(at, header, record_state::returned))
                        header = header.with(record_state::returned, owner);
                }
            }
            if (!result && header.state() == record_state::returned)
            {
                found = {at, header, true};
                result = true;
                if (!ask)
                    break;
            }
            walked += ring().span(header.length());
            at = ring().behind(at, header);
        }
        return result;
    }

    // A claim at the read position was left by one that died before it moved
    // past it.
    static bool was_seen(const record& found) noexcept
    {
        return found.again || found.header.state() == record_state::claimed;
    }

    void take(const record& found, incarnation me) noexcept
    {
        if (was_seen(found))
            m_tail.witness().note_redelivered();
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
            m_tail.advance_read(
                found.at, ring().behind(found.at, found.header));
        }
        m_tail.advance_free();
    }

    void
    mark_claimed(const record& found, incarnation me, claim& result) noexcept
    {
        result.offset = found.at.offset();
        result.header = found.header.with(record_state::claimed, me);
        result.again = was_seen(found);
        if (result.again)
            m_tail.witness().note_redelivered();
        // release: who scans the claims sees it before `read` moves over it
        ring().header(found.at).store(
            result.header.word(), std::memory_order_release);
        if (!found.again)
            m_tail.advance_read(
                found.at, ring().behind(found.at, found.header));
        m_tail.advance_free();
    }

    // A record, and those behind it that are ready, with one move of `read`.
    claimed_run mark_run_claimed(
        const record& found, incarnation me, std::size_t most) noexcept
    {
        record_header header = found.header;
        std::size_t offset = found.at.offset();
        std::uint32_t count = 0;
        if (was_seen(found))
            m_tail.witness().note_redelivered();
        for (;;)
        {
            // release: as in mark_claimed()
            ring().header(offset).store(
                header.with(record_state::claimed, me).word(),
                std::memory_order_release);
            offset += ring().span(header.length());
            if (++count == most || offset == ring().size)
                break;
            // acquire: pairs with the publisher's release of the header
            header = record_header(
                ring().header(offset).load(std::memory_order_acquire));
            if (header.state() != record_state::committed ||
                ring().span(header.length()) > ring().size - offset)
                break;
        }
        const position end(
            found.at.count() + count, offset == ring().size ? 0 : offset);
        if (!found.again)
            m_tail.advance_read(found.at, end);
        m_tail.advance_free();
        return {found.at, end, me};
    }

    // False: a forked child does not own what its parent claimed.
    bool settle(const claim& held, record_state state) noexcept
    {
        const incarnation me = m_tail.self();
        if (me != held.header.owner())
            return false;
        // release: our reads of the body come before its space is given back
        ring()
            .header(held.offset)
            .store(
                held.header.with(state, me).word(), std::memory_order_release);
        return true;
    }

    ring_tail m_tail;
    examination m_examination;
    mutable patience m_patience;
    std::uint64_t m_deaths = 0; // at the last search; written under the lock
};

} // namespace detail
} // namespace boost_ipq

#endif
