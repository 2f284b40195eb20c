// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_WRITE_END_HPP
#define BOOST_IPQ_DETAIL_RING_WRITE_END_HPP

// The publishers' end of a ring: the position `head`, and room behind it.
//
// With the lock held: find room, write the zero sentinel behind the record to
// be, write the body, and store the record's header over the sentinel of the
// record before. That one store publishes. A holder that dies before it has
// changed nothing that a subscriber looks at; one that dies after it leaves
// `head` behind, and who takes over the lock rolls it forward to the first
// zero header.

#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/ring/write_prefetch.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/detail/ring/placement.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost/config.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

class write_end
{
public:
    write_end() noexcept = default;

    write_end(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness) noexcept
        : m_tail(ring, self, witness)
    {
    }

    const ring_view& ring() const noexcept { return m_tail.ring(); }

    publisher_line& line() const noexcept { return ring().control->publishers; }

    robust_lock lock() const noexcept { return robust_lock(line().owner); }

    incarnation self() const noexcept { return m_tail.self(); }

    // Might a message of that length fit? Takes no lock; a hint.
    bool may_fit(std::size_t length) const noexcept
    {
        const position free(
            ring().control->subscribers.free.load(std::memory_order_relaxed));
        placement found;
        found.head = position_now();
        return free == found.head ||
               find_place(found, ring().span(length), free.offset()) !=
                   status::would_block;
    }

    // Is room held up by who fills or reads a record in place?
    bool held_up() const noexcept { return m_tail.held_up(); }

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
        const auto long_wait = [&] {
            // Loaded first: a store takes the line from the holder.
            if (line().waiting.load(std::memory_order_relaxed) == 0)
                line().waiting.store(1, std::memory_order_relaxed);
            return give_up();
        };
        switch (lock().acquire(me, m_tail.witness(), long_wait))
        {
        case lock_outcome::recovered_lock:
            roll_forward();
            return true;
        case lock_outcome::free:
            return true;
        default:
            return false;
        }
    }

    // Where the next record begins; a hint, without the lock.
    position position_now() const noexcept
    {
        return position(line().head.load(std::memory_order_relaxed));
    }

    // Has somebody waited long for the lock? Asked now and then, by who then
    // gives its turn away without the lock; true once. With more threads than
    // processors, a holder that was interrupted inside would go on with this
    // message and the next, and be inside when it is interrupted again: others
    // would find the lock held whenever it is their turn. A hint, which the
    // dead may have left.
    bool asked_to_yield() const noexcept
    {
        if (line().waiting.load(std::memory_order_relaxed) == 0)
            return false;
        line().waiting.store(0, std::memory_order_relaxed);
        return true;
    }

    // What follows is called with the lock held.

    // A record that ends at this offset or before it has room, and its
    // sentinel: true of most, which do not reach the end of the buffer. What
    // was true once stays so until `head` comes round; see remember_room().
    std::size_t end_of_room() const noexcept { return offset_in(line().room); }

    // The same; and its cache lines were fetched by the last publisher.
    std::size_t end_of_prefetched() const noexcept
    {
        return offset_in(line().prefetched);
    }

    BOOST_FORCEINLINE bool
    find_prefetched(placement& found, std::size_t span) const noexcept
    {
        found.set_at_head(span, placement::prefetched);
        return BOOST_IPQ_DETAIL_LIKELY(found.next <= end_of_prefetched());
    }

    bool find_room(placement& found, std::size_t span) const noexcept
    {
        found.set_at_head(span, placement::unprefetched);
        return found.next <= end_of_room();
    }

    // Where a record has room, when all before `free` is.
    status find_place(
        placement& found, std::size_t span, std::size_t free) const noexcept
    {
        const std::size_t head = found.head.offset(), size = ring().size;
        if (BOOST_IPQ_DETAIL_UNLIKELY(head >= size || free >= size))
            return status::corrupt;
        const bool round = head < free; // `head` has come round, `free` has not
        const std::size_t used =
            round ? end_of_lap(free) - free + head : head - free;
        if (used + span > ring().capacity)
            return status::would_block;
        found.set_at_head(span, placement::unprefetched);
        // There is a place for the sentinel, too, which is not that of `free`.
        if (found.next < (round ? free : size))
            return status::done;
        if (!round && found.next == size && free != 0)
        {
            found.next = 0;
            return status::done;
        }
        found.at = 0;
        found.next = span;
        found.how = placement::padded;
        return !round && span < free ? status::done : status::would_block;
    }

    // Before the record is published. `room`, `fetched` and `padding` are of
    // use in the lap for which they are written alone: that of `head` before,
    // which ends behind `free`, and then that of `head` after it, which ends
    // before. So a death in between harms nobody.
    void remember_room(const placement& found, std::size_t free) const noexcept
    {
        const std::size_t alignment = ring().alignment;
        const std::size_t capacity = ring().capacity;
        const std::size_t head = found.head.offset();
        const bool comes_round = found.next <= head;
        std::size_t end;
        if (comes_round)
            line().padding.store(
                found.how == placement::padded ? head : ring().size,
                std::memory_order_relaxed);
        if (comes_round || head < free)
        {
            const std::size_t old = end_of_lap(free) - free; // bytes in use
            end = old < capacity ? capacity - old : 0;
            end = (std::min)(end, free - alignment);
        }
        else
            end = (std::min)(free + capacity, ring().size - alignment);
        line().prefetched.store(found.next, std::memory_order_relaxed);
        line().room.store(end, std::memory_order_relaxed);
    }

    // Finds room with all that can be done for it.
    BOOST_IPQ_DETAIL_NOINLINE status
    make_room(placement& found, std::size_t span, incarnation me) noexcept
    {
        if (find_room(found, span))
            return status::done;
        for (int attempt = 0;; ++attempt)
        {
            const position free = free_now();
            const status result = find_place(found, span, free.offset());
            if (result == status::done)
                remember_room(found, free.offset());
            if (result != status::would_block || attempt == most_attempts)
                return result;
            if (free == found.head)
            {
                // Empty, and too long for the rest of the buffer: padding
                // alone, then all of the buffer is free.
                found.head = write_padding(found.head);
                continue;
            }
            if (!leftovers(free))
                return status::would_block;
            // A subscriber that has the lock may be stopped: not waited for
            // while other publishers wait for us.
            if (!m_tail.try_tidy(me))
                return status::blocked;
        }
    }

    // Without the publishers' lock: waits for the subscribers', and moves
    // `free` on.
    template <class GiveUp>
    bool tidy(incarnation me, GiveUp give_up) noexcept
    {
        return m_tail.tidy(me, give_up);
    }

    // Before it, all is free.
    position free_now() const noexcept
    {
        // acquire: pairs with the subscribers' release: their reads of the
        // bodies come before our writes
        return position(
            ring().control->subscribers.free.load(std::memory_order_acquire));
    }

    // Is there something to tidy: settled records that nobody gave back,
    // padding at the read position, or what dead processes left there?
    bool leftovers(position free) noexcept
    {
        const position read(
            ring().control->subscribers.read.load(std::memory_order_relaxed));
        if (!ring().holds(read) || !ring().holds(free))
            return false;
        const auto state = state_at(read);
        if (state == record_state::padding || state == record_state::abandoned)
            return true;
        const auto oldest = state_at(free);
        if (read != free && oldest != record_state::claimed &&
            oldest != record_state::returned)
            return true;
        // Whether who fills the next record is dead is asked now and then only.
        if (state != record_state::reserved || !m_limiter.due())
            return false;
        m_limiter.made(rate_limiter::clock::now());
        return true;
    }

    // Returns the new head.
    position write_padding(position head) noexcept
    {
        const std::size_t rest = ring().size - head.offset();
        line().prefetched.store(0, std::memory_order_relaxed);
        line().room.store(0, std::memory_order_relaxed);
        line().padding.store(head.offset(), std::memory_order_relaxed);
        // Sentinel first, as for every record.
        ring().header(0).store(0, std::memory_order_relaxed);
        const record_header header(
            record_state::padding, m_tail.self(), rest - unit);
        ring().header(head).store(header.word(), std::memory_order_release);
        const position next = ring().behind(head, header);
        line().head.store(next.word(), std::memory_order_relaxed);
        return next;
    }

    BOOST_FORCEINLINE void write_sentinel(const placement& found) const noexcept
    {
        // Relaxed: store_header() releases it.
        ring().header(found.next).store(0, std::memory_order_relaxed);
    }

    // Publishes the record (and the padding in front of it). Nothing was
    // written behind `next` but a sentinel.
    BOOST_FORCEINLINE void store_header(
        const placement& found, record_header header,
        position next) const noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(found.how != placement::prefetched))
            return store_header_and_prefetch(found, header, next);
        // release: pairs with the subscribers' acquire of the header
        ring()
            .header(found.head)
            .store(header.word(), std::memory_order_release);
    }

    static position behind(const placement& found) noexcept
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
        position at = position_now();
        std::size_t walked = 0;
        while (ring().holds(at) && walked < ring().size)
        {
            const record_header header(
                ring().header(at).load(std::memory_order_acquire));
            if (header.state() == record_state::none ||
                !ring().holds(at, header))
                break;
            walked += ring().span(header.length());
            at = ring().behind(at, header);
        }
        advance_head(position_now(), at);
    }

private:
    // By value: the caller's stay in registers.
    BOOST_IPQ_DETAIL_NOINLINE void store_header_and_prefetch(
        placement found, record_header header, position next) const noexcept
    {
        const std::size_t span = ring().span(header.length());
        if (found.how == placement::padded)
        {
            // Invisible as long as the place of the padding is zero.
            ring()
                .header(std::size_t(0))
                .store(header.word(), std::memory_order_relaxed);
            const std::size_t rest = ring().size - found.head.offset();
            header = record_header(
                record_state::padding, header.owner(), rest - unit);
        }
        // release: as in store_header()
        ring()
            .header(found.head)
            .store(header.word(), std::memory_order_release);
        // A batch has fetched what lies behind its first record.
        if (next.offset() < end_of_prefetched())
            return;
        // Now, when nobody waits for the header.
        const std::size_t end =
            prefetch_ahead(ring().data, next.offset(), span, end_of_room());
        line().prefetched.store(end, std::memory_order_relaxed);
    }

    std::size_t offset_in(const atomic_word& word) const noexcept
    {
        const std::uint64_t offset = word.load(std::memory_order_relaxed);
        return BOOST_IPQ_DETAIL_LIKELY(offset < ring().size) ? offset : 0;
    }

    // To tidy, to pad, to tidy and to see that take three; others may go on
    // meanwhile. A damaged ring may never come to an end.
    static constexpr int most_attempts = 8;

    // Where the records of the lap that `free` is in end.
    std::size_t end_of_lap(std::size_t free) const noexcept
    {
        const std::uint64_t end =
            line().padding.load(std::memory_order_relaxed);
        return end >= free && end <= ring().size ? end : ring().size; // damage
    }

    record_state state_at(position where) const noexcept
    {
        return record_header(platform::load_hint(ring().header(where))).state();
    }

    read_end m_tail;
    rate_limiter m_limiter;
};

} // namespace detail
} // namespace boost_ipq

#endif
