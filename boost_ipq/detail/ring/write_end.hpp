// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_WRITE_END_HPP
#define BOOST_IPQ_DETAIL_RING_WRITE_END_HPP

// The publishers' end of a ring: the position `head`, and the room after it.
//
// enter() acquires the publishers' lock, finds room and writes the zero
// sentinel after the new record. The caller writes the body. publish() stores
// the record's header over the previous sentinel: that one store publishes. If
// the lock's owner dies before it, no subscriber can see anything of the
// record. If it dies after it, `head` is behind, and the process that recovers
// the lock rolls it forward to the first zero header.

#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/placement.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/robust_lock.hpp>
#include <boost_ipq/detail/ring/room_maker.hpp>
#include <boost_ipq/detail/ring/write_prefetch.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace boost_ipq {
namespace detail {

// Is room prefetched for records of that span? See write_prefetch.hpp.
BOOST_FORCEINLINE bool is_prefetched(std::size_t span) noexcept
{
    return platform::fetches_lines && span <= max_prefetched_span;
}

// A record that ends at or before this offset has room, with its sentinel, and
// nothing is to be prefetched for it. Once true, it stays true until `head` has
// gone round.
struct quick_ends
{
    std::size_t prefetched;
    std::size_t room;

    BOOST_FORCEINLINE std::size_t of(std::size_t span) const noexcept
    {
        return is_prefetched(span) ? prefetched : room;
    }
};

class overwriter;

class write_end
{
public:
    write_end() noexcept = default;
    explicit write_end(const ring_view& ring) noexcept : m_ring(ring) {}

    const ring_view& ring() const noexcept { return m_ring; }

    // Could a message of that length fit? A hint that takes no lock.
    bool may_fit(std::size_t length) const noexcept
    {
        return fits_now(length) || wait_for_room(length, head());
    }

    // Is room held up by a process that fills or reads a record in place?
    // In a broadcast always: its slowest subscriber may be dead.
    bool held_up() const noexcept
    {
        return m_ring.maker || read_end(m_ring).held_up();
    }

    // A hint: has another thread been waiting long for the lock? Then this
    // publisher yields the processor once. With more threads than processors,
    // an owner that is preempted with the lock held would otherwise hold it
    // again at its next preemption: others would always find it held.
    bool asked_to_yield() const noexcept
    {
        if (line().waiting.load(std::memory_order_relaxed) == 0)
            return false;
        line().waiting.store(0, std::memory_order_relaxed);
        return true;
    }

    // Sends a copy of a message that may be copied with the lock held.
    BOOST_FORCEINLINE status publish_copy(
        const void* data, std::size_t length, give_up_condition give_up)
    {
        const incarnation me = m_ring.self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_ring.is_removed()))
            return status::removed;
        // Local copies: the compiler knows that no store changes them.
        publisher_line& words = line();
        std::byte* const buffer = m_ring.data;
        const std::size_t span = m_ring.span(length);
        if (BOOST_IPQ_DETAIL_UNLIKELY(!acquire(me, give_up)))
            return status::busy;
        const position head(words.head.load(std::memory_order_relaxed));
        const std::size_t at = head.offset();
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                at + span > ends_in(words).of(span) || !m_ring.is_aligned(at)))
            return publish_elsewhere(data, length, me, give_up);
        // relaxed: the header's store releases it
        header_at(buffer, at + span).store(0, std::memory_order_relaxed);
        copy_in(buffer + at + unit, data, length);
        // release: pairs with the subscribers' acquire of the header
        header_at(buffer, at)
            .store(
                record_header(record_state::committed, me, length).word(),
                std::memory_order_release);
        advance_head(words, head, position(head.count() + 1, at + span));
        robust_lock(words.owner).release();
        return status::done;
    }

    // Acquires the lock, finds room, writes the sentinel. If the result is
    // `done`, the lock is held.
    BOOST_FORCEINLINE status enter(
        placement& place, std::size_t length,
        give_up_condition give_up) noexcept
    {
        place.owner = m_ring.self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(place.owner == 0))
            return status::detached;
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_ring.is_removed()))
            return status::removed;
        if (BOOST_IPQ_DETAIL_UNLIKELY(!acquire(place.owner, give_up)))
            return status::busy;
        return find_room(place, length, give_up);
    }

    // Publishes the record, with what was written after it up to the sentinel
    // at `next`, and releases the lock.
    BOOST_FORCEINLINE void publish(
        const placement& place, record_header header, position next) noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(place.how != placement::quick))
            store_header_and_prefetch(place, header, next);
        else
            // release: pairs with the subscribers' acquire of the header
            m_ring.header(place.head)
                .store(header.word(), std::memory_order_release);
        advance_head(line(), place.head, next);
        if (BOOST_IPQ_DETAIL_UNLIKELY(next.offset() < place.head.offset()))
            note_lap(m_ring);
        lock().release();
    }

    // What follows is called with the lock held.

    // Releases the lock without publishing what was written.
    void leave() const noexcept { lock().release(); }

    // Moves the record to an offset that is equal to `wanted` modulo a cache
    // line, if there is room for padding before it; publish() then publishes
    // the padding's header. Returns its bytes, 0 if the record stays.
    std::size_t shift(placement& place, std::size_t wanted) const noexcept;

    static position behind(const placement& place) noexcept
    {
        return position(place.head.count() + 1, place.next);
    }

    quick_ends ends_of_quick() const noexcept { return ends_in(line()); }

    // Places a record at place.head. Returns whether there is room for it
    // without a look at the subscribers' line.
    bool fits_in_room(placement& place, std::size_t span) const noexcept
    {
        place.at = place.head.offset();
        place.next = place.at + span;
        place.how = placement::at_head;
        return m_ring.is_aligned(place.at) && place.next <= end_of_room();
    }

    // Finds a place for a record at place.head when everything before `free` is
    // free, and remembers how far that reaches.
    status find_place(
        placement& place, std::size_t span, position free) const noexcept;

    // Everything before it is free.
    position free_now() const noexcept
    {
        // acquire: pairs with the subscribers' release: their reads of the
        // bodies come before our writes
        return position(
            m_ring.control->subscribers.free.load(std::memory_order_acquire));
    }

    // For a batch that finds no room: frees the space of settled records, if
    // there are any and the subscribers' lock is not held.
    bool try_make_room(position free, std::size_t span) noexcept;

    // Stores the header of a record, and of the padding before it. Takes the
    // placement by value: that of the caller stays in registers.
    void store_header_and_prefetch(
        placement place, record_header header, position next) const noexcept;

    // Acquires and releases the lock, and so moves `head` forward if an owner
    // died inside. Returns `head`, or nothing if it gave up.
    std::optional<position>
    rolled_forward(give_up_condition give_up = {}) noexcept
    {
        const auto result = enter_alone(give_up);
        if (result)
            lock().release();
        return result;
    }

    // Acquires the lock for something else than a record; leave() releases it.
    // Returns `head`, or nothing if it gave up.
    std::optional<position> enter_alone(give_up_condition give_up = {}) noexcept
    {
        if (!acquire(m_ring.self(), give_up))
            return {};
        return head();
    }

private:
    friend class overwriter;

    publisher_line& line() const noexcept { return m_ring.control->publishers; }
    robust_lock lock() const noexcept { return robust_lock(line().owner); }

    // Where the next record begins; a hint, without the lock.
    position head() const noexcept
    {
        return position(line().head.load(std::memory_order_relaxed));
    }

    BOOST_FORCEINLINE bool
    acquire(incarnation me, give_up_condition give_up) noexcept
    {
        if (BOOST_IPQ_DETAIL_LIKELY(lock().try_acquire(me)))
            return true;
        return acquire_slowly(me, give_up);
    }

    bool acquire_slowly(incarnation me, give_up_condition give_up) noexcept;

    BOOST_FORCEINLINE quick_ends
    ends_in(const publisher_line& words) const noexcept
    {
        return {offset_in(words.prefetched), offset_in(words.room)};
    }

    // 0 if the word is damaged.
    BOOST_FORCEINLINE std::size_t
    offset_in(const atomic_word& word) const noexcept
    {
        const std::uint64_t offset = word.load(std::memory_order_relaxed);
        return BOOST_IPQ_DETAIL_LIKELY(offset < m_ring.size) ? offset : 0;
    }

    // See remember_room().
    std::size_t end_of_room() const noexcept
    {
        const std::size_t end = offset_in(line().room);
        return m_ring.is_aligned(end) ? end : 0; // damage
    }

    status publish_elsewhere(
        const void* data, std::size_t length, incarnation me,
        give_up_condition give_up);

    // The end of enter(), with the lock held.
    BOOST_FORCEINLINE status find_room(
        placement& place, std::size_t length,
        give_up_condition give_up) noexcept
    {
        const std::size_t span = m_ring.span(length);
        place.head = head();
        place.at = place.head.offset();
        place.next = place.at + span;
        place.how = placement::quick;
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                place.next > ends_of_quick().of(span) ||
                !m_ring.is_aligned(place.at)))
        {
            placement other = place; // `place` itself stays in registers
            const status result = make_room(other, span, give_up);
            if (result != status::done)
                return result;
            place = other;
        }
        // relaxed: publish() releases it
        m_ring.header(place.next).store(0, std::memory_order_relaxed);
        return status::done;
    }

    bool fits_now(std::size_t length) const noexcept;

    bool wait_for_room(std::size_t length, position sent) const noexcept
    {
        return m_burst.wait(
            sent, m_ring.size, [&] { return fits_now(length); });
    }

    status make_room(
        placement& place, std::size_t span, give_up_condition give_up) noexcept;
    bool return_to_beginning(
        placement& place, std::size_t span, position free) noexcept;

    enum class obstacle
    {
        removed,
        locked, // the subscribers' lock is held
        full,
        damage
    };

    obstacle
    remove_obstacle(placement& place, position free, std::size_t span) noexcept;
    obstacle make_broadcast_room(std::size_t span) noexcept;

    bool enter_again(placement& place, give_up_condition give_up) noexcept
    {
        if (!acquire(place.owner, give_up))
            return false;
        place.head = head();
        return true;
    }

    bool leftovers(position free) noexcept;
    bool has_settled(position free) const noexcept;

    record_state state_at(position where) const noexcept
    {
        return record_header(platform::load_hint(m_ring.header(where))).state();
    }

    position write_padding(const placement& place) noexcept;

    BOOST_FORCEINLINE static void
    advance_head(publisher_line& words, position from, position to) noexcept
    {
        // release: as in count_half_laps(); and the sentinel, for a subscriber
        // of a broadcast that goes on there
        words.head.store(to.word(), std::memory_order_release);
        count_half_laps(words.half_laps, from, to);
    }

    void roll_forward() noexcept;

    ring_view m_ring{};
    rate_limiter m_limiter{};
    mutable burst_backoff m_burst{};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/write_end.ipp>
#endif

#endif
