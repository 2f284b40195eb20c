// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_READER_HPP
#define BOOST_IPQ_DETAIL_RING_RING_READER_HPP

// Takes records out of a ring.

#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/redelivery.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/core/status.hpp>
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

// Records one behind the other that this process reads in place. Who consumes
// them need not follow their headers through the ring again.
struct claimed_run
{
    static constexpr std::uint32_t most = 64;

    position begin;
    incarnation owner = 0;
    std::uint32_t count = 0;
    bool last = false; // there was nothing behind them
    std::uint32_t lengths[most];
};

class ring_reader
{
public:
    ring_reader() noexcept = default;

    ring_reader(
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
                // release: pairs with the publisher's acquire in free_now()
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
        const status end = find(found);
        if (end == status::done)
            mark_claimed(found, me, result);
        return leave(end);
    }

    // Claims the oldest records, as many as are there and a run may have.
    template <class GiveUp = persevere>
    status try_claim_run(claimed_run& result, GiveUp give_up = GiveUp())
    {
        incarnation me;
        const status entered = enter(me, give_up);
        if (entered != status::done)
            return entered;
        record found;
        const status end = find(found);
        if (end == status::done)
            mark_run_claimed(found, me, result);
        return leave(end);
    }

    // The claimed record is done with: never delivered again.
    void acknowledge(const claim& held) noexcept
    {
        if (m_tail.settle(held.offset, held.header, record_state::consumed))
            m_tail.try_advance_free();
    }

    // The claimed record is to be delivered again.
    void give_back(const claim& held) noexcept
    {
        m_tail.give_back(held.offset, held.header);
    }

    std::byte* body(const claim& held) const noexcept
    {
        return ring().body(held.offset);
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
            // Most records lie in two lines: asked for at once, not in turn.
            platform::prefetch(ring().body(at.offset()) + 56);
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
                if (!m_burst.wait(at.count(), again))
                    return glance::nothing;
            }
            at = now;
        }
    }

    // Nothing new to take, but somebody fills this record or reads older ones
    // in place: may there be something to deliver again, or left by the dead?
    glance examine() const noexcept
    {
        return m_redelivery.due(m_tail) ? glance::something : glance::nothing;
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
            return seen == glance::nothing ? status::would_block
                                           : status::corrupt;
        return m_tail.acquire(me, give_up) ? status::done : status::would_block;
    }

    template <class Sink>
    BOOST_IPQ_DETAIL_NOINLINE status take_slowly(Sink& sink, incarnation me)
    {
        record found;
        const status end = find(found);
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
    status find(record& found) noexcept
    {
        found.again = m_redelivery.find(m_tail, found.at, found.header);
        if (found.again)
            return status::done;
        if (!m_tail.skip_leftovers(found.at, found.header))
            return status::corrupt;
        const record_state state = found.header.state();
        const bool there =
            state == record_state::committed || state == record_state::claimed;
        if (state == record_state::reserved)
            // Its publisher lives: not asked again soon.
            m_redelivery.asked();
        if (!there)
            m_tail.advance_free();
        return there ? status::done : status::would_block;
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
        result = {
            found.at.offset(), found.header.with(record_state::claimed, me),
            was_seen(found)};
        // release: who scans the claims sees it before `read` moves over it
        ring().header(found.at).store(
            result.header.word(), std::memory_order_release);
        claimed_up_to(ring().behind(found.at, found.header), found);
    }

    // A record, and those behind it that are ready, with one move of `read`.
    void mark_run_claimed(
        const record& found, incarnation me, claimed_run& result) noexcept
    {
        // Copies, which no store can change.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment, size = ring().size;
        record_header header = found.header;
        std::size_t offset = found.at.offset(),
                    span = ring().span(header.length());
        const std::size_t first = span;
        bool uniform = true;
        std::uint32_t count = 0;
        for (;;)
        {
            // release: as in mark_claimed()
            header_at(data, offset)
                .store(
                    header.with(record_state::claimed, me).word(),
                    std::memory_order_release);
            result.lengths[count] = static_cast<std::uint32_t>(header.length());
            ++count;
            // Messages of one size lie at known places: the processor, which
            // predicts the branch, need not read a header to find the next.
            if (BOOST_IPQ_DETAIL_LIKELY(uniform && span == first))
                offset += platform::opaque(first);
            else
            {
                uniform = false;
                offset += span;
            }
            // What is delivered again lies before `read`, and others behind it.
            if (offset == size || found.again)
                break;
            // acquire: pairs with the publisher's release of the header
            header = record_header(
                header_at(data, offset).load(std::memory_order_acquire));
            span = span_of(header.length(), alignment);
            if (header.state() != record_state::committed ||
                count == claimed_run::most || span > size - offset)
                break;
        }
        result.last = header.state() == record_state::none;
        result.begin = found.at;
        result.owner = me;
        result.count = count;
        claimed_up_to(ring().wrapped(found.at.count() + count, offset), found);
    }

    void claimed_up_to(position end, const record& first) noexcept
    {
        if (was_seen(first))
            m_tail.witness().note_redelivered();
        if (!first.again)
            m_tail.advance_read(first.at, end);
        m_tail.advance_free();
    }

    read_end m_tail;
    redelivery m_redelivery;
    mutable burst_backoff m_burst;
};

} // namespace detail
} // namespace boost_ipq

#endif
