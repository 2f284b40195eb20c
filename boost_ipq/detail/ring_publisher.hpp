// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_PUBLISHER_HPP
#define BOOST_IPQ_DETAIL_RING_PUBLISHER_HPP

// Puts records into a ring.
//
// With the lock held: find room, write the zero sentinel behind the record to
// be, write the body, and store the record's header over the sentinel of the
// record before. That one store publishes. A holder that dies before it has
// changed nothing that a subscriber looks at; one that dies after it leaves
// `head` behind, and who takes over the lock rolls it forward to the first
// zero header.
//
// Large bodies are written outside of the lock, into a record that is marked
// reserved until it is committed.

#include <boost_ipq/detail/byte_view.hpp>
#include <boost_ipq/detail/copy.hpp>
#include <boost_ipq/detail/examination.hpp>
#include <boost_ipq/detail/owner_lock.hpp>
#include <boost_ipq/detail/ring.hpp>
#include <boost_ipq/detail/ring_tail.hpp>
#include <boost_ipq/detail/status.hpp>
#include <boost/config.hpp>
#include <atomic>

namespace boost_ipq {
namespace detail {

// A record that this process is filling.
struct reserved_record
{
    std::size_t offset = 0;
    record_header header; // as it stands in the ring while reserved
};

class ring_publisher
{
public:
    ring_publisher() noexcept = default;

    ring_publisher(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness) noexcept
        : m_ring(ring),
          m_self(&self),
          m_witness(&witness)
    {
    }

    const ring_view& ring() const noexcept { return m_ring; }

    // Sends a copy. `give_up` is asked while a living process keeps the lock.
    template <class GiveUp = persevere>
    BOOST_FORCEINLINE status
    try_publish(const void* data, std::size_t length, GiveUp give_up = GiveUp())
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(length > copy_limit))
            return try_publish_large(data, length, give_up);
        incarnation me;
        room found;
        const status result = enter(me, found, length, give_up);
        if (result != status::done)
            return result;
        copy_in(m_ring.body(found.at), data, length);
        store_header(found, record_header(record_state::committed, me, length));
        advance_head(found.head, behind(found));
        return leave(status::done);
    }

    // Sends copies of ranges of bytes, as many as fit, in one publication: the
    // first record's header is stored last, and what stands behind a zero
    // header is not there.
    template <class Iterator, class GiveUp = persevere>
    status try_publish_all(
        Iterator first, Iterator last, std::size_t& sent,
        GiveUp give_up = GiveUp())
    {
        sent = 0;
        for (Iterator i = first; i != last; ++i)
            if (byte_view(*i).size > m_ring.max_length())
                return status::too_large;
        if (first == last)
            return status::done;
        incarnation me;
        room begin;
        const byte_view oldest(*first);
        const status result = enter(me, begin, oldest.size, give_up);
        if (result != status::done)
            return result;
        copy_in(m_ring.body(begin.at), oldest.data, oldest.size);
        position head = behind(begin);
        for (sent = 1; ++first != last; ++sent)
        {
            const byte_view message(*first);
            const std::size_t span = m_ring.span(message.size);
            room found;
            found.head = head;
            if (find_room(found, span) != status::done)
            {
                refresh_free();
                if (find_room(found, span) != status::done)
                    break;
            }
            write_sentinel(found);
            copy_in(m_ring.body(found.at), message.data, message.size);
            store_header(
                found,
                record_header(record_state::committed, me, message.size));
            head = behind(found);
        }
        store_header(
            begin, record_header(record_state::committed, me, oldest.size));
        advance_head(begin.head, head);
        return leave(status::done);
    }

    // Takes room for a body that the caller fills in place.
    template <class GiveUp = persevere>
    status try_reserve(
        reserved_record& result, std::size_t length, GiveUp give_up = GiveUp())
    {
        incarnation me;
        room found;
        const status entered = enter(me, found, length, give_up);
        if (entered != status::done)
            return entered;
        result.offset = found.at;
        result.header = record_header(record_state::reserved, me, length);
        store_header(found, result.header);
        advance_head(found.head, behind(found));
        return leave(status::done);
    }

    std::byte* body(const reserved_record& record) const noexcept
    {
        return m_ring.body(record.offset);
    }

    // Delivers what was reserved.
    void commit(const reserved_record& record) noexcept
    {
        settle(record, record.header.length(), record_state::committed);
    }

    // Delivers the first `length` bytes of it.
    void commit(const reserved_record& record, std::size_t length) noexcept
    {
        const std::size_t whole = m_ring.span(record.header.length());
        const std::size_t used = m_ring.span(length);
        if (used < whole)
            // The rest becomes a padding record, so that a record's span
            // always follows from its header. Relaxed: the header in front of
            // it is stored after it with release.
            m_ring.header(record.offset + used)
                .store(
                    record_header(
                        record_state::padding, record.header.owner(),
                        whole - used - unit)
                        .word(),
                    std::memory_order_relaxed);
        settle(record, length, record_state::committed);
    }

    // Gives the room back: never delivered.
    void abandon(const reserved_record& record) noexcept
    {
        settle(record, record.header.length(), record_state::abandoned);
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

    // Takes the lock, and moves `head` on if a holder died inside. For repair.
    template <class Function>
    void with_lock(Function function)
    {
        const incarnation me = m_self->load(std::memory_order_relaxed);
        if (acquire(me, persevere()))
        {
            function(position(line().head.load(std::memory_order_relaxed)));
            lock().release();
        }
    }

private:
    // Larger bodies are written outside of the lock.
    static constexpr std::size_t copy_limit = 4096; // bytes
    // How far ahead cache lines are asked for.
    static constexpr std::size_t prefetch = 512; // bytes

    template <class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE status
    try_publish_large(const void* data, std::size_t length, GiveUp give_up)
    {
        reserved_record record;
        const status result = try_reserve(record, length, give_up);
        if (result == status::done)
        {
            copy_in(body(record), data, length);
            commit(record);
        }
        return result;
    }

    // Where a record goes.
    struct room
    {
        position head;
        std::size_t at;   // offset of the record
        std::size_t next; // offset behind it
        bool padded;      // `head` gets padding up to the end of the buffer
    };

    publisher_line& line() const noexcept { return m_ring.control->publishers; }

    owner_lock lock() const noexcept { return owner_lock(line().owner); }

    status leave(status result) const noexcept
    {
        lock().release();
        return result;
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

    // Everything up to the body: lock, room, sentinel.
    template <class GiveUp>
    BOOST_FORCEINLINE status enter(
        incarnation& me, room& found, std::size_t length,
        GiveUp give_up) noexcept
    {
        me = m_self->load(std::memory_order_relaxed);
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        if (BOOST_IPQ_DETAIL_UNLIKELY(length > m_ring.max_length()))
            return status::too_large;
        if (!acquire(me, give_up))
            return status::not_now;
        const std::size_t span = m_ring.span(length);
        found.head = position(line().head.load(std::memory_order_relaxed));
        status result = find_room(found, span);
        if (BOOST_IPQ_DETAIL_UNLIKELY(result == status::not_now))
            result = make_room(found, span, me);
        if (BOOST_IPQ_DETAIL_UNLIKELY(result != status::done))
            return leave(result);
        write_sentinel(found);
        return status::done;
    }

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

    void settle(
        const reserved_record& record, std::size_t length,
        record_state state) noexcept
    {
        // A forked child does not own what its parent reserved.
        const incarnation me = m_self->load(std::memory_order_relaxed);
        if (me == record.header.owner())
            // release: the body, and padding behind it, come before
            m_ring.header(record.offset)
                .store(
                    record_header(state, me, length).word(),
                    std::memory_order_release);
    }

    ring_view m_ring;
    const std::atomic<incarnation>* m_self = &nobody;
    const liveness* m_witness = nullptr;
    examination m_examination;
};

} // namespace detail
} // namespace boost_ipq

#endif
