// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_WRITER_HPP
#define BOOST_IPQ_DETAIL_RING_RING_WRITER_HPP

// Puts records into a ring.
//
// Large bodies are written outside of the lock, into a record that is marked
// reserved until it is committed.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <thread>

namespace boost_ipq {
namespace detail {

// A record that this process is filling.
struct reserved_record
{
    std::size_t offset = 0;
    record_header header; // as it stands in the ring while reserved
};

class ring_writer
{
public:
    ring_writer() noexcept = default;

    ring_writer(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness) noexcept
        : m_head(ring, self, witness)
    {
    }

    const ring_view& ring() const noexcept { return m_head.ring(); }

    // Sends a copy. `give_up` is asked while a living process keeps the lock.
    template <class GiveUp = persevere>
    BOOST_FORCEINLINE status
    try_publish(const void* data, std::size_t length, GiveUp give_up = GiveUp())
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(length > ring().small))
            return try_publish_large(data, length, give_up);
        incarnation me;
        placement found;
        const status result = enter(me, found, length, give_up);
        if (result != status::done)
            return result;
        copy_in(ring().body(found.at), data, length);
        const position next = m_head.behind(found);
        m_head.store_header(
            found, record_header(record_state::committed, me, length), next);
        m_head.advance_head(found.head, next);
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
        {
            auto&& element = *i;
            const byte_view message(element);
            if (!message.valid())
                return status::invalid;
            if (message.size > ring().max_length())
                return status::too_large;
        }
        if (first == last)
            return status::done;
        // A closed handle has no ring.
        if (m_head.self() != 0 && m_head.asked_to_yield())
            std::this_thread::yield();
        incarnation me;
        placement begin;
        auto&& element = *first;
        const byte_view oldest(element);
        if (oldest.size > ring().max_length())
            return status::too_large; // another one than was checked
        const status result = enter(me, begin, oldest.size, give_up);
        if (result != status::done)
            return result;
        copy_in(ring().body(begin.at), oldest.data, oldest.size);
        position head = m_head.behind(begin);
        const std::uint32_t one = head.count();
        try
        {
            append(head, ++first, last, me);
        }
        catch (...)
        {
            leave(status::would_block); // the first header is not written
            throw;
        }
        sent = 1 + std::size_t(std::uint32_t(head.count() - one));
        m_head.store_header(
            begin, record_header(record_state::committed, me, oldest.size),
            head);
        m_head.advance_head(begin.head, head);
        return leave(status::done);
    }

    // Takes room for a body that the caller fills in place.
    template <class GiveUp = persevere>
    status try_reserve(
        reserved_record& result, std::size_t length, GiveUp give_up = GiveUp())
    {
        incarnation me = m_head.self();
        if (me != 0 && length > ring().max_length())
            return status::too_large;
        placement found;
        const status entered = enter(me, found, length, give_up);
        if (entered != status::done)
            return entered;
        result.offset = found.at;
        result.header = record_header(record_state::reserved, me, length);
        m_head.store_header(found, result.header, m_head.behind(found));
        m_head.advance_head(found.head, m_head.behind(found));
        return leave(status::done);
    }

    std::byte* body(const reserved_record& record) const noexcept
    {
        return ring().body(record.offset);
    }

    // Delivers what was reserved.
    void commit(const reserved_record& record) noexcept
    {
        settle(record, record.header.length(), record_state::committed);
    }

    // Delivers the first `length` bytes of it.
    void commit(const reserved_record& record, std::size_t length) noexcept
    {
        const std::size_t whole = ring().span(record.header.length());
        const std::size_t used = ring().span(length);
        if (used < whole)
            // The rest becomes a padding record, so that a record's span
            // always follows from its header. Relaxed: the header in front of
            // it is stored after it with release.
            ring()
                .header(record.offset + used)
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

    bool may_fit(std::size_t length) const noexcept
    {
        const auto look = [&] { return m_head.may_fit(length); };
        return look() || m_burst.wait(m_head.position_now().count(), look);
    }

    bool held_up() const noexcept { return m_head.held_up(); }

    // Takes the lock for a moment, and so moves `head` on if a holder died
    // inside. Returns it. For recovery.
    position rolled_forward() noexcept
    {
        m_head.acquire(m_head.self(), persevere());
        const position head = m_head.position_now();
        m_head.lock().release();
        return head;
    }

private:
    template <class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE status
    try_publish_large(const void* data, std::size_t length, GiveUp give_up)
    {
        reserved_record record;
        const status result = try_reserve(record, length, give_up);
        if (result == status::done)
        {
            copy_large(body(record), data, length);
            commit(record);
        }
        return result;
    }

    status leave(status result) const noexcept
    {
        m_head.lock().release();
        return result;
    }

    // Everything up to the body: lock, room, sentinel.
    template <class GiveUp>
    BOOST_FORCEINLINE status enter(
        incarnation& me, placement& found, std::size_t length,
        GiveUp give_up) noexcept
    {
        me = m_head.self();
        if (BOOST_IPQ_DETAIL_UNLIKELY(me == 0))
            return status::detached;
        if (!m_head.acquire(me, give_up))
            return status::would_block;
        const std::size_t span = ring().span(length);
        found.head = m_head.position_now();
        if (!m_head.find_prefetched(found, span))
        {
            placement other = found; // `found` itself stays in registers
            const status result = make_room(other, span, me, give_up);
            if (result != status::done)
                return result;
            found = other;
        }
        m_head.write_sentinel(found);
        return status::done;
    }

    // The messages of a batch behind the first, as far as there is room, and
    // their sentinel. Relaxed, and one sentinel for all: the first header,
    // which is stored after them with release, keeps them invisible.
    template <class Iterator>
    void append(position& head, Iterator first, Iterator last, incarnation me)
    {
        // Copies, which no store can change.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment;
        const std::size_t most = ring().max_length();
        std::uint32_t count = head.count();
        std::size_t at = head.offset(), end = m_head.end_of_prefetched();
        for (; first != last; ++first)
        {
            auto&& element = *first;
            const byte_view message(element);
            // The range may have become another one since it was checked.
            if (message.size > most)
                break;
            const record_header header(
                record_state::committed, me, message.size);
            const std::size_t next = at + span_of(message.size, alignment);
            if (BOOST_IPQ_DETAIL_LIKELY(next <= end))
            {
                copy_in(data + at + unit, message.data, message.size);
                header_at(data, at).store(
                    header.word(), std::memory_order_relaxed);
                at = next;
            }
            else
            {
                placement found;
                found.head = position(count, at);
                if (!find_more_room(found, next - at))
                    break;
                copy_in(data + found.at + unit, message.data, message.size);
                m_head.store_header(found, header, m_head.behind(found));
                at = found.next;
                end = m_head.end_of_prefetched();
            }
            ++count;
        }
        header_at(data, at).store(0, std::memory_order_relaxed);
        head = position(count, at);
    }

    BOOST_IPQ_DETAIL_NOINLINE bool
    find_more_room(placement& found, std::size_t span) const noexcept
    {
        if (m_head.find_room(found, span))
            return true;
        const std::size_t free = m_head.free_now().offset();
        if (m_head.find_place(found, span, free) != status::done)
            return false;
        m_head.remember_room(found, free);
        return true;
    }

    // The rest of it: at the end of the buffer, and in a ring that is full or
    // seems to be. Keeps the lock if it is done.
    template <class GiveUp>
    BOOST_IPQ_DETAIL_NOINLINE status make_room(
        placement& found, std::size_t span, incarnation me,
        GiveUp give_up) noexcept
    {
        if (m_head.asked_to_yield())
        {
            leave(status::would_block);
            std::this_thread::yield();
            if (!enter_again(found, me, give_up))
                return status::would_block;
        }
        const auto look = [&] { return m_head.may_fit(span - unit); };
        for (bool waited = false;;)
        {
            const status result = m_head.make_room(found, span, me);
            if (result == status::done)
                return result;
            leave(result);
            if (result == status::blocked)
            {
                if (!m_head.tidy(me, give_up))
                    return status::would_block;
            }
            else if (
                result != status::would_block || waited ||
                !m_burst.wait(found.head.count(), look))
                return result;
            else
                waited = true;
            if (!enter_again(found, me, give_up))
                return status::would_block;
        }
    }

    template <class GiveUp>
    bool enter_again(placement& found, incarnation me, GiveUp give_up) noexcept
    {
        if (!m_head.acquire(me, give_up))
            return false;
        found.head = m_head.position_now();
        return true;
    }

    void settle(
        const reserved_record& record, std::size_t length,
        record_state state) noexcept
    {
        // A forked child does not own what its parent reserved.
        const incarnation me = m_head.self();
        if (me == record.header.owner())
            // release: the body, and padding behind it, come before
            ring()
                .header(record.offset)
                .store(
                    record_header(state, me, length).word(),
                    std::memory_order_release);
    }

    write_end m_head;
    mutable burst_backoff m_burst;
};

} // namespace detail
} // namespace boost_ipq

#endif
