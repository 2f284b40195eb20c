// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_READER_HPP
#define BOOST_IPQ_DETAIL_RING_RING_READER_HPP

// Takes records out of a ring.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/claimed_run.hpp>
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <boost_ipq/detail/ring/delivery_tally.hpp>
#include <boost_ipq/detail/ring/oldest_record.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/redelivery.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

class latest_reader;
class purger;

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
        const incarnation me = ring().self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        // Local copies: the compiler knows that no store changes them.
        subscriber_line& words = line();
        std::byte* const data = ring().data;
        position at;
        record_header header;
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !is_ready(at, header, words, data, ring().quick_copy)))
            return enter_and_take(target, me, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(!acquire(me, give_up)))
            return status::busy;
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !is_still_ready(at, header, words, data) ||
                words.free.load(std::memory_order_relaxed) != at.word()))
            return take_slowly(target, me);
        status result = status::declined;
        if (BOOST_IPQ_DETAIL_LIKELY(target.fits(header.length())))
        {
            const position next = ring().behind_message(at, header);
            target.take(data + at.offset() + unit, header.length());
            // release: as in advance_read()
            words.read.store(next.word(), std::memory_order_release);
            // release: pairs with the publisher's acquire in free_now()
            words.free.store(next.word(), std::memory_order_release);
            count_half_laps(words.half_laps, at, next);
            result = status::done;
        }
        robust_lock(words.owner).release();
        return result;
    }

    // Is there a record that may be taken? Takes no lock. `true` is a hint.
    bool something() const noexcept { return look() != look_result::nothing; }

    // The caller has been told that there is something, and another reader
    // searches. Else records that a living process reads in place would be
    // something again at once.
    void search_follows() noexcept { m_redelivery.asked(); }

    // Does a process hold up the next message? Then it is worth asking again
    // soon whether that process is still alive.
    bool held_up() const noexcept { return m_end.held_up(); }

    // Claims the oldest record for a caller, who reads it in place. See
    // outstanding.hpp.
    BOOST_FORCEINLINE status
    try_claim(claim& result, give_up_condition give_up = {})
    {
        const incarnation me = ring().self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        subscriber_line& words = line();
        std::byte* const data = ring().data;
        position at;
        record_header header;
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !is_ready(at, header, words, data, ring().quick_in_place)))
            return claim_slowly(result, me, give_up);
        // Before the lock: behind the stores to shared lines, the addition
        // would wait for them.
        count_one(ring().made->claimed);
        if (BOOST_IPQ_DETAIL_UNLIKELY(!acquire(me, give_up)))
            return not_claimed(status::busy);
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !is_still_ready(at, header, words, data) ||
                !free_up_to(at, words, data)))
            return not_claimed(claim_locked(result, me));
        const position next = ring().behind_message(at, header);
        header = header.with(record_state::claimed, me);
        // release: as in mark_claimed()
        header_at(data, at.offset())
            .store(header.word(), std::memory_order_release);
        result.offset = at.offset();
        result.header = header;
        result.deliveries = 1;
        result.lead = 0;
        result.count = at.count();
        // release: as in advance_read()
        words.read.store(next.word(), std::memory_order_release);
        count_half_laps(words.half_laps, at, next);
        return leave(status::done);
    }

    // Claims the oldest records, up to max_run of them.
    status try_claim_run(claimed_run& result, give_up_condition give_up = {})
    {
        const incarnation me = ring().self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        status end = status::moved;
        while (end == status::moved)
        {
            const status entered = enter(me, give_up);
            if (entered != status::done)
                return entered;
            end = claim_run_locked(result, me);
        }
        return end;
    }

    std::byte* body(const claim& held) const noexcept
    {
        return ring().message(held.offset);
    }

private:
    friend class latest_reader;
    friend class purger;

    enum class look_result
    {
        nothing,
        something,
        damage
    };

    subscriber_line& line() const noexcept { return m_end.line(); }

    // If find_oldest() is busy, the lock is not held.
    status leave(status result) const noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(result != status::busy))
            m_end.lock().release();
        return result;
    }

    // The first look, without the lock: is there a record with a body of less
    // than `below` bytes? Its position and header are valid only if
    // is_still_ready().
    BOOST_FORCEINLINE bool is_ready(
        position& at, record_header& header, const subscriber_line& words,
        std::byte* data, std::size_t below) const noexcept
    {
        // relaxed: a hint
        at = position(words.read.load(std::memory_order_relaxed));
        if (BOOST_IPQ_DETAIL_UNLIKELY(!ring().holds(at)))
            return false;
        prefetch_body(data, at);
        header =
            record_header(platform::load_hint(header_at(data, at.offset())));
        return BOOST_IPQ_DETAIL_LIKELY(
                   header.state() == record_state::committed) &&
               BOOST_IPQ_DETAIL_LIKELY(header.length() < below) &&
               BOOST_IPQ_DETAIL_LIKELY(ring().holds(at, header));
    }

    // The second look, with the lock held.
    BOOST_FORCEINLINE static bool is_still_ready(
        position at, record_header header, const subscriber_line& words,
        std::byte* data) noexcept
    {
        // acquire: pairs with the publisher's release of the header
        return BOOST_IPQ_DETAIL_LIKELY(
                   words.read.load(std::memory_order_relaxed) == at.word()) &&
               BOOST_IPQ_DETAIL_LIKELY(
                   header_at(data, at.offset())
                       .load(std::memory_order_acquire) == header.word());
    }

    // With the lock held: frees the space of settled records before `at`.
    // Returns whether that is all before `at`.
    BOOST_FORCEINLINE bool free_up_to(
        position at, subscriber_line& words, std::byte* data) const noexcept
    {
        const position free(words.free.load(std::memory_order_relaxed));
        if (free == at)
            return true;
        // Usually the record that was claimed last.
        if (BOOST_IPQ_DETAIL_LIKELY(ring().holds(free)))
        {
            // acquire: pairs with settle()
            const record_header header(
                header_at(data, free.offset()).load(std::memory_order_acquire));
            if (BOOST_IPQ_DETAIL_LIKELY(
                    header.state() == record_state::consumed &&
                    ring().behind_message(free, header) == at))
            {
                // release: as in advance_free()
                words.free.store(at.word(), std::memory_order_release);
                return true;
            }
        }
        m_end.advance_free();
        return words.free.load(std::memory_order_relaxed) == at.word();
    }

    // Most records lie in two cache lines: both are requested at once.
    static void prefetch_body(std::byte* data, position at) noexcept
    {
        if (platform::fetches_lines)
            platform::prefetch(data + at.offset() + prefetched_line);
    }

    look_result look() const noexcept;
    bool all_free(position at) const noexcept;
    look_result look_behind() const noexcept;

    BOOST_FORCEINLINE bool
    acquire(incarnation me, give_up_condition give_up) const noexcept
    {
        return m_end.acquire(me, give_up);
    }

    status enter(incarnation me, give_up_condition give_up) const noexcept;
    status
    claim_slowly(claim& result, incarnation me, give_up_condition give_up);
    status claim_locked(claim& result, incarnation me);
    status claim_run_locked(claimed_run& result, incarnation me);
    status not_claimed(status end) const noexcept;

    template <class Target>
    BOOST_IPQ_DETAIL_NOINLINE status
    enter_and_take(Target& target, incarnation me, give_up_condition give_up)
    {
        status end = status::moved;
        while (end == status::moved)
        {
            const status entered = enter(me, give_up);
            if (entered != status::done)
                return entered;
            end = take_slowly(target, me);
        }
        return end;
    }

    template <class Target>
    BOOST_IPQ_DETAIL_NOINLINE status take_slowly(Target& target, incarnation me)
    {
        oldest_record found;
        const status end = find_oldest(m_end, m_redelivery, found);
        if (end != status::done)
            return leave(end);
        const std::size_t length = ring().message_size(found.header);
        if (is_dead_letter(ring(), found) ||
            found.header.length() > ring().short_length)
            return take_claimed(target, found, me);
        if (!target.fits(length))
            return leave(status::declined);
        target.take(ring().message(found.at.offset()), length);
        take(found, me);
        return leave(status::done);
    }

    // Copies a claimed record without the lock, or moves it. That counts as no
    // delivery.
    template <class Target>
    status
    take_claimed(Target& target, const oldest_record& found, incarnation me)
    {
        const std::size_t length = ring().message_size(found.header);
        const bool is_dead = is_dead_letter(ring(), found);
        if (!is_dead && !target.may_take(length))
            return leave(status::declined);
        claim held;
        mark_claimed_uncounted(found, me, held);
        m_end.lock().release();
        if (is_dead && move_to_dead_letters(ring(), held))
            return status::moved;
        try
        {
            if (is_dead && !target.may_take(length))
            {
                undo_claim(ring(), found, held);
                return status::declined;
            }
            target.take(body(held), length);
        }
        catch (...)
        {
            undo_claim(ring(), found, held);
            throw;
        }
        acknowledge(ring(), held);
        return status::done;
    }

    void take(const oldest_record& found, incarnation me) noexcept;

    // Counts the delivery, if the record has no delivery word.
    void mark_claimed(
        const oldest_record& found, incarnation me, claim& result) noexcept
    {
        mark_claimed_uncounted(found, me, result);
        result.deliveries = tally(found);
    }

    // Returns the number of the delivery of a record that has no delivery word.
    std::uint32_t tally(const oldest_record& found) noexcept
    {
        if (!found.again || ring().lead != 0)
            return 1;
        return tally_delivery(
            line(), found.at.count(), found.header.owner() != 0);
    }

    void mark_claimed_uncounted(
        const oldest_record& found, incarnation me, claim& result) noexcept
    {
        result = {
            found.at.offset(), found.header.with(record_state::claimed, me), 1,
            static_cast<std::uint32_t>(ring().lead)};
        result.count = found.at.count();
        // release: a walk without the lock, such as that of inspect(), must see
        // the padding after a record that was committed shorter than reserved
        ring().header(found.at).store(
            result.header.word(), std::memory_order_release);
        claimed_up_to(ring().behind(found.at, found.header), found);
    }

    void claimed_up_to(position end, const oldest_record& first) noexcept;

    read_end m_end{};
    redelivery m_redelivery{};
    mutable burst_backoff m_burst{};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/ring_reader.ipp>
#endif

#endif
