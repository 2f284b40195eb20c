// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_WRITER_HPP
#define BOOST_IPQ_DETAIL_RING_RING_WRITER_HPP

// Puts records into a ring. Large bodies are written without the lock, into a
// record that is marked reserved until it is committed.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
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
    explicit ring_writer(const ring_view& ring) noexcept : m_end(ring) {}

    const ring_view& ring() const noexcept { return m_end.ring(); }

    // Sends a copy. `give_up` is asked while a living process keeps the lock.
    BOOST_FORCEINLINE status try_publish(
        const void* data, std::size_t length, give_up_condition give_up = {})
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(length > ring().small))
            return try_publish_large(data, length, give_up);
        placement place;
        const status entered = m_end.enter(place, length, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(entered != status::done))
            return entered;
        copy_in(ring().body(place.at), data, length);
        m_end.publish(
            place, record_header(record_state::committed, place.owner, length),
            write_end::behind(place));
        return status::done;
    }

    // Sends copies of ranges of bytes, as many as fit, in one publication: the
    // first record's header is stored last, and whatever stands behind a zero
    // header is invisible.
    template <class Iterator>
    status try_publish_all(
        Iterator first, Iterator last, std::size_t& sent,
        give_up_condition give_up = {})
    {
        sent = 0;
        // A closed handle has no ring, not even for an empty batch.
        if (ring().self() == 0)
            return status::detached;
        const status checked = check_all(first, last);
        if (checked != status::done || first == last)
            return checked;
        if (m_end.asked_to_yield())
            std::this_thread::yield();
        auto&& element = *first;
        const byte_view oldest(element);
        if (oldest.size > ring().max_length())
            return status::too_large; // the range has changed since the check
        placement begin;
        const status entered = m_end.enter(begin, oldest.size, give_up);
        if (entered != status::done)
            return entered;
        copy_in(ring().body(begin.at), oldest.data, oldest.size);
        position head = write_end::behind(begin);
        const std::uint32_t one = head.count();
        try
        {
            append(head, ++first, last, begin.owner);
        }
        catch (...)
        {
            m_end.leave(); // the first header is not written
            throw;
        }
        sent = 1 + std::size_t(std::uint32_t(head.count() - one));
        m_end.publish(
            begin,
            record_header(record_state::committed, begin.owner, oldest.size),
            head);
        return status::done;
    }

    // Takes room for a body that the caller fills in place.
    status try_reserve(
        reserved_record& result, std::size_t length,
        give_up_condition give_up = {})
    {
        if (ring().self() != 0 && length > ring().max_length())
            return status::too_large;
        placement place;
        const status entered = m_end.enter(place, length, give_up);
        if (entered != status::done)
            return entered;
        result.offset = place.at;
        result.header =
            record_header(record_state::reserved, place.owner, length);
        m_end.publish(place, result.header, write_end::behind(place));
        return status::done;
    }

    std::byte* body(const reserved_record& record) const noexcept
    {
        return ring().body(record.offset);
    }

    // The reserved message is sent.
    void commit(const reserved_record& record) noexcept
    {
        settle(record, record.header.length(), record_state::committed);
    }

    // The first `length` bytes of it are sent.
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

    // Gives the room back: the message is never delivered.
    void abandon(const reserved_record& record) noexcept
    {
        settle(record, record.header.length(), record_state::abandoned);
    }

    bool may_fit(std::size_t length) const noexcept
    {
        return m_end.may_fit(length);
    }

    bool held_up() const noexcept { return m_end.held_up(); }

private:
    BOOST_IPQ_DETAIL_NOINLINE status try_publish_large(
        const void* data, std::size_t length, give_up_condition give_up)
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

    template <class Iterator>
    status check_all(Iterator first, Iterator last) const
    {
        for (; first != last; ++first)
        {
            auto&& element = *first;
            const byte_view message(element);
            if (!message.valid())
                return status::invalid;
            if (message.size > ring().max_length())
                return status::too_large;
        }
        return status::done;
    }

    // Writes the messages of a batch behind the first, as far as there is room,
    // and their sentinel. Relaxed, and one sentinel for all: the first header,
    // which is stored after them with release, keeps them invisible.
    template <class Iterator>
    void append(position& head, Iterator first, Iterator last, incarnation me)
    {
        // Copies, which no store can change.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment;
        const std::size_t longest = ring().max_length();
        std::uint32_t count = head.count();
        std::size_t at = head.offset(), end = m_end.end_of_prefetched();
        for (; first != last; ++first)
        {
            auto&& element = *first;
            const byte_view message(element);
            // The range may have changed since the check.
            if (message.size > longest)
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
                placement place;
                place.head = position(count, at);
                if (m_end.find_room(place, next - at) != status::done)
                    break;
                copy_in(data + place.at + unit, message.data, message.size);
                m_end.store_header_and_prefetch(
                    place, header, write_end::behind(place));
                at = place.next;
                end = m_end.end_of_prefetched();
            }
            ++count;
        }
        header_at(data, at).store(0, std::memory_order_relaxed);
        head = position(count, at);
    }

    void settle(
        const reserved_record& record, std::size_t length,
        record_state state) noexcept
    {
        // A forked child does not own what its parent reserved.
        const incarnation me = ring().self();
        if (me == record.header.owner())
            // release: the body, and the padding behind it, come before
            ring()
                .header(record.offset)
                .store(
                    record_header(state, me, length).word(),
                    std::memory_order_release);
    }

    write_end m_end;
};

} // namespace detail
} // namespace boost_ipq

#endif
