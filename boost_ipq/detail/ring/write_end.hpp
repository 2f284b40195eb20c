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
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

// Is room prefetched for records of that span? See write_prefetch.hpp.
BOOST_FORCEINLINE bool is_prefetched(std::size_t span) noexcept
{
    return platform::fetches_lines &&
           (span <= max_prefetched_span || span > copy_limit + unit);
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
        return fits_now(length) || wait_for_room(length, head().count());
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
        lock().release();
    }

    // What follows is called with the lock held.

    // Releases the lock without publishing what was written.
    void leave() const noexcept { lock().release(); }

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
    BOOST_IPQ_DETAIL_NOINLINE status
    find_place(placement& place, std::size_t span, position free) const noexcept
    {
        if (!m_ring.is_aligned(place.head.offset()))
            return status::corrupt;
        const status result = fit(m_ring, place, span, free.offset());
        if (result == status::done)
            remember_room(m_ring, place, free.offset());
        return result;
    }

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
    bool try_make_room(position free, std::size_t span) noexcept
    {
        if (m_ring.maker)
            return make_broadcast_room(span) == obstacle::removed;
        return leftovers(free) && read_end(m_ring).try_tidy();
    }

    // Stores the header of a record, and of the padding before it. Takes the
    // placement by value: that of the caller stays in registers.
    BOOST_IPQ_DETAIL_NOINLINE void store_header_and_prefetch(
        placement place, record_header header, position next) const noexcept
    {
        const std::size_t span = m_ring.span(header.length());
        if (place.how == placement::padded)
        {
            // Invisible as long as the padding's header is zero.
            m_ring.header(std::size_t(0))
                .store(header.word(), std::memory_order_relaxed);
            const std::size_t rest = m_ring.size - place.head.offset();
            header = record_header(
                record_state::padding, header.owner(), rest - unit);
        }
        // release: as in publish()
        m_ring.header(place.head)
            .store(header.word(), std::memory_order_release);
        const std::size_t at = next.offset();
        // A batch may have prefetched the lines after its first record.
        if (!is_prefetched(span) || at < ends_of_quick().of(span))
            return;
        // After the header, so that no subscriber waits for it.
        line().prefetched.store(
            prefetch_ahead(m_ring.data, at, end_of_room()),
            std::memory_order_relaxed);
    }

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

    BOOST_IPQ_DETAIL_NOINLINE bool
    acquire_slowly(incarnation me, give_up_condition give_up) noexcept
    {
        const give_up_condition limit = m_ring.limit_of(give_up);
        const auto ask_to_yield = [&](std::chrono::nanoseconds waited) {
            // Loaded first: a store takes the line from the lock's owner.
            if (line().waiting.load(std::memory_order_relaxed) == 0)
                line().waiting.store(1, std::memory_order_relaxed);
            return limit(waited);
        };
        const lock_outcome outcome =
            lock().acquire(me, *m_ring.peers, ask_to_yield);
        if (outcome == lock_outcome::recovered)
            roll_forward();
        return outcome != lock_outcome::given_up;
    }

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

    // Completes publish_copy(), with the lock held, where room must be made or
    // prefetched.
    BOOST_IPQ_DETAIL_NOINLINE status publish_elsewhere(
        const void* data, std::size_t length, incarnation me,
        give_up_condition give_up)
    {
        placement place;
        place.owner = me;
        const status result = find_room(place, length, give_up);
        if (result != status::done)
            return result;
        copy_in(m_ring.body(place.at), data, length);
        publish(
            place, record_header(record_state::committed, me, length),
            behind(place));
        return status::done;
    }

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

    bool fits_now(std::size_t length) const noexcept
    {
        const position free(
            m_ring.control->subscribers.free.load(std::memory_order_relaxed));
        placement place;
        place.head = head();
        return free == place.head ||
               (m_ring.maker ? m_ring.maker->may_make_room(m_ring)
                             : has_settled(free)) ||
               fit(m_ring, place, m_ring.span(length), free.offset()) !=
                   status::would_block;
    }

    bool wait_for_room(std::size_t length, std::uint32_t sent) const noexcept
    {
        return m_burst.wait(sent, [&] { return fits_now(length); });
    }

    // For a record that is not quick: at the end of the prefetched room and of
    // the buffer, and in a full ring. If the result is `done`, the lock is
    // held.
    BOOST_IPQ_DETAIL_NOINLINE status make_room(
        placement& place, std::size_t span, give_up_condition give_up) noexcept
    {
        if (asked_to_yield())
        {
            leave();
            std::this_thread::yield();
            if (!enter_again(place, give_up))
                return status::busy;
        }
        bool waited = false;
        // A turn frees a part of what is settled: for a long record it may take
        // several.
        std::size_t turns = m_ring.size / unit / max_freed;
        for (int round = 0;; ++round)
        {
            if (fits_in_room(place, span))
                return status::done;
            // Loaded once: an empty ring is padded only if the record was seen
            // not to fit it.
            const position free = free_now();
            if (return_to_beginning(place, span, free))
                continue;
            const status result = find_place(place, span, free);
            if (result == status::done)
                return result;
            obstacle what = obstacle::full;
            if (result == status::would_block && round < max_room_rounds)
                what = remove_obstacle(place, free, span);
            if (what == obstacle::removed)
                continue;
            leave();
            if (result == status::corrupt || what == obstacle::damage)
                return status::corrupt;
            if (what == obstacle::locked)
            {
                if (!read_end(m_ring).tidy(give_up))
                    return status::busy;
            }
            // For a full ring, it waits once.
            else if (round == max_room_rounds && turns != 0)
                --turns;
            else if (
                std::exchange(waited, true) ||
                !wait_for_room(span - unit, place.head.count()))
                return status::would_block;
            if (!enter_again(place, give_up))
                return status::busy;
            round = -1;
        }
    }

    // At the end of a tour: if the ring is empty, the next record goes to the
    // beginning of the buffer, which may still be in the cache.
    bool return_to_beginning(
        placement& place, std::size_t span, position free) noexcept
    {
        const std::size_t at = place.head.offset();
        if (!platform::fetches_lines || at == 0 || at + span <= tour ||
            m_ring.maker || // the history stays
            !m_ring.holds(place.head) || m_ring.size - at - unit > max_body)
            return false;
        if (free != place.head)
        {
            if (m_ring.control->subscribers.read.load(
                    std::memory_order_relaxed) != place.head.word() ||
                !has_settled(free) || !read_end(m_ring).try_tidy() ||
                free_now() != place.head)
                return false;
        }
        place.head = write_padding(place);
        return true;
    }

    enum class obstacle
    {
        removed,
        locked, // the subscribers' lock is held
        full,
        damage
    };

    // Does what is possible with the publishers' lock held. A subscriber that
    // holds the other lock may be stopped: other publishers must not wait for
    // it.
    obstacle
    remove_obstacle(placement& place, position free, std::size_t span) noexcept
    {
        if (free == place.head)
        {
            // Empty, and the record is too long for the rest of the buffer.
            // After padding, the whole buffer is free.
            place.head = write_padding(place);
            return obstacle::removed;
        }
        if (m_ring.maker)
            return make_broadcast_room(span);
        if (!leftovers(free))
            return obstacle::full;
        return read_end(m_ring).try_tidy() ? obstacle::removed
                                           : obstacle::locked;
    }

    obstacle make_broadcast_room(std::size_t span) noexcept
    {
        switch (m_ring.maker->make_room(m_ring, span, m_limiter))
        {
        case room_maker::result::made:
            return obstacle::removed;
        case room_maker::result::full:
            return obstacle::full;
        default:
            return obstacle::damage;
        }
    }

    bool enter_again(placement& place, give_up_condition give_up) noexcept
    {
        if (!acquire(place.owner, give_up))
            return false;
        place.head = head();
        return true;
    }

    // Is there anything to tidy: settled records whose space is not free yet,
    // or, at the read position, padding or a record of a dead process?
    bool leftovers(position free) noexcept
    {
        const position read(
            m_ring.control->subscribers.read.load(std::memory_order_relaxed));
        if (!m_ring.holds(read) || !m_ring.holds(free))
            return false;
        const auto state = state_at(read);
        if (state == record_state::padding || state == record_state::abandoned)
            return true;
        if (has_settled(free))
            return true;
        // Its publisher may be dead: tidying asks the kernel, but only now and
        // then.
        if (state != record_state::reserved || !m_limiter.due())
            return false;
        m_limiter.finished(rate_limiter::clock::now());
        return true;
    }

    // Is the space of the record at `free` only not freed yet?
    bool has_settled(position free) const noexcept
    {
        if (m_ring.control->subscribers.read.load(std::memory_order_relaxed) ==
                free.word() ||
            !m_ring.holds(free))
            return false;
        const auto oldest = state_at(free);
        return oldest != record_state::claimed &&
               oldest != record_state::returned;
    }

    record_state state_at(position where) const noexcept
    {
        return record_header(platform::load_hint(m_ring.header(where))).state();
    }

    // Fills the rest of the buffer. Returns the new head.
    position write_padding(const placement& place) noexcept
    {
        const std::size_t head = place.head.offset();
        const std::size_t rest = m_ring.size - head;
        line().prefetched.store(0, std::memory_order_relaxed);
        line().room.store(0, std::memory_order_relaxed);
        line().padding.store(head, std::memory_order_relaxed);
        // The sentinel first, as for every record.
        m_ring.header(std::size_t(0)).store(0, std::memory_order_relaxed);
        const record_header header(
            record_state::padding, place.owner, rest - unit);
        m_ring.header(head).store(header.word(), std::memory_order_release);
        const position next = m_ring.behind(place.head, header);
        line().head.store(next.word(), std::memory_order_relaxed);
        return next;
    }

    BOOST_FORCEINLINE static void
    advance_head(publisher_line& words, position from, position to) noexcept
    {
        // release: as in count_half_laps()
        words.head.store(to.word(), std::memory_order_release);
        count_half_laps(words.half_laps, from, to);
    }

    // An owner died: `head` may be behind what it published.
    void roll_forward() noexcept
    {
        position at = head();
        std::size_t walked = 0;
        while (m_ring.holds(at) && walked < m_ring.size)
        {
            // relaxed: the kernel has ordered the dead owner's stores
            const record_header header(
                m_ring.header(at).load(std::memory_order_relaxed));
            if (header.state() == record_state::none ||
                !m_ring.holds(at, header))
                break;
            walked += m_ring.extent(header);
            at = m_ring.behind(at, header);
        }
        advance_head(line(), head(), at);
    }

    ring_view m_ring{};
    rate_limiter m_limiter{};
    mutable burst_backoff m_burst{};
};

} // namespace detail
} // namespace boost_ipq

#endif
