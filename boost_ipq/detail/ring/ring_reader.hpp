// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_READER_HPP
#define BOOST_IPQ_DETAIL_RING_RING_READER_HPP

// Takes records out of a ring.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/redelivery.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A record that this process reads in place.
struct claim
{
    std::size_t offset = 0;
    record_header header;     // as it stands in the ring while claimed
    bool redelivered = false; // it may have been delivered before
};

// Consecutive records that this process reads in place. Their lengths are kept,
// so that the headers need not be read again.
struct claimed_run
{
    position begin;
    incarnation owner = 0;
    std::uint32_t count = 0;
    bool last = false; // there was nothing after them
    std::uint32_t lengths[max_run];
};

class ring_reader
{
public:
    ring_reader() noexcept = default;
    explicit ring_reader(const ring_view& ring) noexcept : m_end(ring) {}

    const ring_view& ring() const noexcept { return m_end.ring(); }

    // Copies the oldest message to a target, and takes it. The target has
    // - fits(length): may it be copied with the lock held, without allocation?
    // - may_take(length): may it be copied without the lock?
    // - take(body, length): copies it.
    //
    // `give_up` is called while a living process holds the lock.
    template <class Target>
    BOOST_FORCEINLINE status
    try_take(Target& target, give_up_condition give_up = {})
    {
        incarnation me;
        position seen;
        const status entered = enter(me, seen, give_up);
        if (entered != status::done)
            return entered;

        const position at(line().read.load(std::memory_order_relaxed));
        const position oldest(line().free.load(std::memory_order_relaxed));
        if (BOOST_IPQ_DETAIL_LIKELY(
                at == oldest && (at == seen || ring().holds(at))))
        {
            // acquire: pairs with the publisher's release of the header
            const record_header header(
                ring().header(at).load(std::memory_order_acquire));
            if (BOOST_IPQ_DETAIL_LIKELY(
                    header.state() == record_state::committed &&
                    header.length() <= ring().small &&
                    ring().holds(at, header)))
            {
                if (!target.fits(header.length()))
                    return leave(status::declined);
                target.take(ring().body(at.offset()), header.length());
                const std::uint64_t next = ring().behind(at, header).word();
                m_end.count_laps(at, position(next));
                line().read.store(next, std::memory_order_release);
                // release: pairs with the publisher's acquire in free_now()
                line().free.store(next, std::memory_order_release);
                return leave(status::done);
            }
        }
        return take_slowly(target, me);
    }

    // Is there a record that may be taken? Takes no lock. `true` is a hint.
    bool something() const noexcept
    {
        position ignored;
        return look(ignored) != look_result::nothing;
    }

    // Does a process hold up the next message? Then it is worth asking again
    // soon whether that process is still alive.
    bool held_up() const noexcept { return m_end.held_up(); }

    // Claims the oldest record, to be read in place.
    status try_claim(claim& result, give_up_condition give_up = {})
    {
        return claim_with(give_up, [&](const record& found, incarnation me) {
            mark_claimed(found, me, result);
        });
    }

    // Claims the oldest records, up to max_run of them.
    status try_claim_run(claimed_run& result, give_up_condition give_up = {})
    {
        return claim_with(give_up, [&](const record& found, incarnation me) {
            mark_run_claimed(found, me, result);
        });
    }

    // Ends a claim: the record is never delivered again.
    void acknowledge(const claim& held) noexcept
    {
        if (m_end.settle(held.offset, held.header, record_state::consumed))
            m_end.try_advance_free();
    }

    // Ends a claim: the record is to be delivered again.
    void give_back(const claim& held) noexcept
    {
        m_end.give_back(held.offset, held.header);
    }

    std::byte* body(const claim& held) const noexcept
    {
        return ring().body(held.offset);
    }

private:
    enum class look_result
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

    subscriber_line& line() const noexcept { return m_end.line(); }

    status leave(status result) const noexcept
    {
        m_end.lock().release();
        return result;
    }

    // Looks at the read position without the lock. What it finds there is valid
    // only if the position did not move in the meantime: a subscriber that was
    // stopped between the two loads must not call a queue empty that never was.
    // `seen` is a position that is sound.
    BOOST_FORCEINLINE look_result look(position& seen) const noexcept
    {
        // acquire: the header is loaded after it, and the position again after
        // the header
        position at(line().read.load(std::memory_order_acquire));
        for (;;)
        {
            seen = at;
            if (BOOST_IPQ_DETAIL_UNLIKELY(!ring().holds(at)))
                return look_result::damage;
            // Most records lie in two cache lines: both are requested at once.
            platform::prefetch(
                ring().body(at.offset()) + (prefetched_line - unit));
            const record_header header(platform::load_hint(ring().header(at)));
            if (header.state() != record_state::none &&
                header.state() != record_state::reserved)
                return look_result::something;
            const position now(line().read.load(std::memory_order_acquire));
            if (now == at)
            {
                // At the end of the messages stands a zero word.
                if (header.state() == record_state::none && header.word() != 0)
                    return look_result::damage;
                if (header.state() != record_state::none ||
                    position(line().free.load(std::memory_order_relaxed)) != at)
                    return look_behind();
                const auto again = [&] {
                    return platform::load_hint(ring().header(at)) != 0;
                };
                if (!m_burst.wait(at.count(), again))
                    return look_result::nothing;
            }
            at = now;
        }
    }

    // There is no new message, but a process fills this record or reads older
    // ones in place: is there a message to deliver again, or to recover?
    look_result look_behind() const noexcept
    {
        return m_redelivery.due(m_end) ? look_result::something
                                       : look_result::nothing;
    }

    // The end of enter() after a look that found no message. In a removed queue
    // `removed`, unless a second look finds a message that was sent before the
    // removal.
    BOOST_IPQ_DETAIL_NOINLINE status enter_without_message(
        look_result seen, incarnation me,
        give_up_condition give_up) const noexcept
    {
        if (seen == look_result::nothing)
        {
            if (!ring().is_removed())
                return status::would_block;
            position ignored;
            seen = look(ignored);
        }
        if (seen == look_result::something)
            return acquired(me, give_up);
        return seen == look_result::nothing ? status::removed : status::corrupt;
    }

    BOOST_FORCEINLINE status
    acquired(incarnation me, give_up_condition give_up) const noexcept
    {
        return m_end.acquire(me, give_up) ? status::done : status::busy;
    }

    // Looks, and acquires the lock if there is something.
    BOOST_FORCEINLINE status enter(
        incarnation& me, position& looked_at,
        give_up_condition give_up) const noexcept
    {
        me = ring().self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        const look_result seen = look(looked_at);
        if (seen != look_result::something)
            return enter_without_message(seen, me, give_up);
        return acquired(me, give_up);
    }

    template <class Mark>
    status claim_with(give_up_condition give_up, Mark mark)
    {
        incarnation me;
        position seen;
        const status entered = enter(me, seen, give_up);
        if (entered != status::done)
            return entered;
        record found;
        const status end = find(found);
        if (end == status::done)
            mark(found, me);
        return leave(end);
    }

    template <class Target>
    BOOST_IPQ_DETAIL_NOINLINE status take_slowly(Target& target, incarnation me)
    {
        record found;
        const status end = find(found);
        if (end != status::done)
            return leave(end);
        const std::size_t length = found.header.length();
        if (length > ring().small)
            return take_large(target, found, me);
        if (!target.fits(length))
            return leave(status::declined);
        target.take(ring().body(found.at.offset()), length);
        take(found, me);
        return leave(status::done);
    }

    // Copies a claimed record without the lock.
    template <class Target>
    status take_large(Target& target, const record& found, incarnation me)
    {
        const std::size_t length = found.header.length();
        if (!target.may_take(length))
            return leave(status::declined);
        claim held;
        mark_claimed(found, me, held);
        m_end.lock().release();
        try
        {
            target.take(body(held), length);
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
        found.again = m_redelivery.find(m_end, found.at, found.header);
        if (found.again)
            return status::done;
        if (!m_end.skip_leftovers(found.at, found.header))
            return status::corrupt;
        const record_state state = found.header.state();
        const bool there =
            state == record_state::committed || state == record_state::claimed;
        if (state == record_state::reserved)
            // Its publisher is alive: no need to ask the kernel again soon.
            m_redelivery.asked();
        if (!there)
            m_end.advance_free();
        return there ? status::done : status::would_block;
    }

    // May the record have been delivered before? A claim at the read position
    // was left by a process that died before it moved the position past it.
    static bool is_redelivery(const record& found) noexcept
    {
        return found.again || found.header.state() == record_state::claimed;
    }

    void take(const record& found, incarnation me) noexcept
    {
        if (is_redelivery(found))
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

    BOOST_FORCEINLINE void
    mark_claimed(const record& found, incarnation me, claim& result) noexcept
    {
        result = {
            found.at.offset(), found.header.with(record_state::claimed, me),
            is_redelivery(found)};
        // release: a search of the claims sees it before `read` moves over it
        ring().header(found.at).store(
            result.header.word(), std::memory_order_release);
        claimed_up_to(ring().behind(found.at, found.header), found);
    }

    // Claims a record and those after it that are ready, with one move of
    // `read`.
    void mark_run_claimed(
        const record& found, incarnation me, claimed_run& result) noexcept
    {
        // Local copies: the compiler knows that no store changes them.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment, size = ring().size;
        record_header header = found.header;
        std::size_t offset = found.at.offset(),
                    span = ring().span(header.length());
        const std::size_t first = span;
        bool uniform = true; // all messages so far are of one size
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
            // A known distance: the processor predicts the branch, and need not
            // wait for the length of one record to find the next. In one
            // thread: 4.6 ns a message of 64 bytes instead of 5.6 (AMD EPYC,
            // family 26).
            if (BOOST_IPQ_DETAIL_LIKELY(uniform && span == first))
                offset += platform::opaque(first);
            else
            {
                uniform = false;
                offset += span;
            }
            // A record that is delivered again lies before `read`, and records
            // of other processes may follow it.
            if (offset == size || found.again)
                break;
            // acquire: pairs with the publisher's release of the header
            header = record_header(
                header_at(data, offset).load(std::memory_order_acquire));
            span = span_of(header.length(), alignment);
            if (header.state() != record_state::committed || count == max_run ||
                span > size - offset)
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
        if (is_redelivery(first))
            ring().peers->note_redelivered();
        if (!first.again)
            m_end.advance_read(first.at, end);
        m_end.advance_free();
    }

    read_end m_end;
    redelivery m_redelivery;
    mutable burst_backoff m_burst;
};

} // namespace detail
} // namespace boost_ipq

#endif
