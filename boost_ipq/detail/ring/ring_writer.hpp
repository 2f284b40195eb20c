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
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

namespace boost_ipq {
namespace detail {

class ring_writer
{
public:
    ring_writer() noexcept = default;
    explicit ring_writer(const ring_view& ring) noexcept : m_end(ring) {}

    const ring_view& ring() const noexcept { return m_end.ring(); }

    // Sends a copy. `give_up` is called while a living process holds the lock.
    BOOST_FORCEINLINE status try_publish(
        const void* data, std::size_t length, give_up_condition give_up = {})
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(length >= ring().quick_copy))
            return try_publish_large(data, length, give_up);
        return m_end.publish_copy(data, length, give_up);
    }

    // Sends copies of ranges of bytes, as many as fit, in one publication: the
    // first record's header is stored last, and everything after a zero header
    // is invisible.
    template <class Iterator>
    status try_publish_all(
        Iterator first, Iterator last, std::size_t& sent,
        give_up_condition give_up = {})
    {
        sent = 0;
        const status checked = check_all(first, last);
        if (checked != status::done || first == last)
            return checked;
        // A closed handle has no ring.
        if (ring().self() != 0 && m_end.asked_to_yield())
            std::this_thread::yield();
        auto&& element = *first;
        const byte_view oldest(element);
        if (oldest.size > ring().max_length())
            return status::too_large; // the range has changed since the check
        placement begin;
        const std::size_t length = oldest.size + ring().lead;
        const status entered = m_end.enter(begin, length, give_up);
        if (entered != status::done)
            return entered;
        write(begin.at, oldest);
        position head = write_end::behind(begin);
        const std::uint32_t one = head.count();
        try
        {
            if (ring().lead == 0)
                append<0>(head, ++first, last, begin.owner);
            else
                append<unit>(head, ++first, last, begin.owner);
        }
        catch (...)
        {
            m_end.leave(); // the first header is still zero
            throw;
        }
        sent = 1 + std::size_t(std::uint32_t(head.count() - one));
        m_end.publish(
            begin, record_header(record_state::committed, begin.owner, length),
            head);
        return status::done;
    }

    // Reserves room for a caller, who fills it in place. See outstanding.hpp.
    BOOST_FORCEINLINE status try_reserve(
        reserved_record& result, std::size_t length,
        give_up_condition give_up = {})
    {
        // Before the lock: behind the stores to shared lines, the addition
        // would wait for them.
        count_one(ring().made->reserved);
        const status end = reserve_briefly(result, length, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(end != status::done))
            uncount_one(ring().made->reserved);
        return end;
    }

    // As try_reserve(), for a call that fills it before it returns.
    BOOST_FORCEINLINE status reserve_briefly(
        reserved_record& result, std::size_t length, give_up_condition give_up)
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(length >= ring().quick_in_place))
            return reserve_slowly(result, nullptr, length, give_up);
        placement place;
        const status entered = m_end.enter(place, length, give_up);
        if (entered != status::done)
            return entered;
        result.offset = place.at;
        result.header =
            record_header(record_state::reserved, place.owner, length);
        if (BOOST_IPQ_DETAIL_UNLIKELY(ring().maker != nullptr))
            ring().maker->note_reserved(ring(), place.head);
        m_end.publish(place, result.header, write_end::behind(place));
        return status::done;
    }

    std::byte* body(const reserved_record& record) const noexcept
    {
        return ring().message(record.offset);
    }

    bool may_fit(std::size_t length) const noexcept
    {
        return m_end.may_fit(length + ring().lead);
    }

    bool held_up() const noexcept { return m_end.held_up(); }

private:
    friend class overwriter;

    // With a delivery word, or too large, or for a copy of `source`, whose
    // place in a cache line the message gets: see shift.hpp.
    BOOST_IPQ_DETAIL_NOINLINE status reserve_slowly(
        reserved_record& result, const void* source, std::size_t length,
        give_up_condition give_up)
    {
        if (ring().self() != 0 && length > ring().max_length())
            return status::too_large;
        placement place;
        const std::size_t whole = length + ring().lead;
        const status entered = m_end.enter(place, whole, give_up);
        if (entered != status::done)
            return entered;
        const std::size_t padding =
            source ? m_end.shift(place, distance_to(source)) : 0;
        result.offset = place.at;
        result.header =
            record_header(record_state::reserved, place.owner, whole);
        write(place.at, {nullptr, 0});
        if (ring().maker != nullptr)
            ring().maker->note_reserved(ring(), place.head);
        record_header first = result.header;
        if (padding != 0)
        {
            // Relaxed: the padding's header, which is stored next, releases it.
            ring().header(place.at).store(
                first.word(), std::memory_order_relaxed);
            first = record_header(
                record_state::padding, place.owner, padding - unit);
        }
        m_end.publish(place, first, write_end::behind(place));
        return status::done;
    }

    // From the message of a record at offset 0.
    std::uintptr_t distance_to(const void* source) const noexcept
    {
        return reinterpret_cast<std::uintptr_t>(source) -
               reinterpret_cast<std::uintptr_t>(ring().message(0));
    }

    BOOST_IPQ_DETAIL_NOINLINE status try_publish_large(
        const void* data, std::size_t length, give_up_condition give_up)
    {
        if (ring().lead != 0 && length + ring().lead <= ring().short_length)
            return publish_counted(data, length, give_up);
        reserved_record record;
        const status result = reserve_slowly(record, data, length, give_up);
        if (result == status::done)
        {
            copy_in(body(record), data, length);
            commit(ring(), record);
        }
        return result;
    }

    // Copies a message behind a new delivery word, with the lock held.
    status publish_counted(
        const void* data, std::size_t length, give_up_condition give_up)
    {
        placement place;
        const std::size_t whole = length + ring().lead;
        const status entered = m_end.enter(place, whole, give_up);
        if (entered != status::done)
            return entered;
        write(place.at, {data, length});
        m_end.publish(
            place, record_header(record_state::committed, place.owner, whole),
            write_end::behind(place));
        return status::done;
    }

    // Relaxed: the header's store releases it.
    void write(std::size_t at, byte_view message) noexcept
    {
        if (ring().lead != 0)
            header_at(ring().data, at + unit)
                .store(0, std::memory_order_relaxed);
        copy_in(ring().message(at), message.data, message.size);
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

    // Writes the messages of a batch after the first, as far as there is room,
    // and one sentinel for all. Relaxed: they are invisible until the first
    // header is stored, with release.
    // Lead: bytes of the delivery word.
    template <std::size_t Lead, class Iterator>
    void append(position& head, Iterator first, Iterator last, incarnation me)
    {
        // Local copies: the compiler knows that no store changes them.
        std::byte* const data = ring().data;
        const std::size_t alignment = ring().alignment;
        const std::size_t longest = ring().max_length();
        std::uint32_t count = head.count();
        std::size_t at = head.offset();
        quick_ends end = m_end.ends_of_quick();
        for (; first != last; ++first)
        {
            auto&& element = *first;
            const byte_view message(element);
            // The range may have changed since the check.
            if (message.size > longest)
                break;
            const record_header header(
                record_state::committed, me, message.size + Lead);
            const std::size_t span = span_of(message.size + Lead, alignment);
            if (BOOST_IPQ_DETAIL_LIKELY(at + span <= end.of(span)))
            {
                copy_in(data + at + unit + Lead, message.data, message.size);
                if constexpr (Lead != 0)
                    header_at(data, at + unit)
                        .store(0, std::memory_order_relaxed);
                header_at(data, at).store(
                    header.word(), std::memory_order_relaxed);
                at += span;
            }
            else
            {
                placement place;
                place.head = position(count, at);
                if (!m_end.fits_in_room(place, span) &&
                    !find_place(place, span))
                    break;
                write(place.at, message);
                m_end.store_header_and_prefetch(
                    place, header, write_end::behind(place));
                at = place.next;
                end = m_end.ends_of_quick();
            }
            ++count;
        }
        header_at(data, at).store(0, std::memory_order_relaxed);
        head = position(count, at);
    }

    bool find_place(placement& place, std::size_t span) noexcept
    {
        const position free = m_end.free_now();
        status found = m_end.find_place(place, span, free);
        if (found == status::would_block && m_end.try_make_room(free, span))
            found = m_end.find_place(place, span, m_end.free_now());
        return found == status::done;
    }

    write_end m_end{};
};

} // namespace detail
} // namespace boost_ipq

#endif
