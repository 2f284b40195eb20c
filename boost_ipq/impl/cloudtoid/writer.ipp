// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CLOUDTOID_WRITER_IPP
#define BOOST_IPQ_IMPL_CLOUDTOID_WRITER_IPP

#include <boost_ipq/detail/cloudtoid/writer.hpp>
#include <boost_ipq/error.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

BOOST_IPQ_DECL
writer::writer(const platform::cloudtoid_place& place, std::size_t capacity)
    : m_queue(place, capacity)
{
    take_slot(place.name);
}

BOOST_IPQ_DECL writer::~writer()
{
    std::int64_t id = m_queue.id();
    // release: the calls have ended. A forked child has no slot.
    if (m_queue.is_attached())
        m_owner->compare_exchange_strong(
            id, 0, std::memory_order_acq_rel, std::memory_order_relaxed);
}

// An empty slot, or else one of a dead owner.
BOOST_IPQ_DECL void writer::take_slot(const std::string& name)
{
    for (const bool free_only : {true, false})
        for (std::size_t i = 0; i < max_publishers; ++i)
        {
            publisher_slot& slot = m_queue.slot(i);
            // acquire: pairs with the end of the owner before
            std::int64_t owner = slot.owner.load(std::memory_order_acquire);
            if (owner != 0 && (free_only || m_queue.is_alive(owner)))
                continue;
            if (!slot.owner.compare_exchange_strong(
                    owner, m_queue.id(), std::memory_order_seq_cst,
                    std::memory_order_relaxed))
                continue;
            // seq_cst: before any call of this owner counts
            slot.calls.store(0, std::memory_order_seq_cst);
            m_owner = &slot.owner;
            m_calls = &slot.calls;
            return;
        }
    throw_error(
        errc::too_many_processes, "queue '" + name + "' has " +
                                      std::to_string(max_publishers) +
                                      " publishers");
}

// Finds room and moves the position behind it. `is_first`: the record is small,
// and the queue was empty.
BOOST_IPQ_DECL status writer::reserve(
    std::int64_t span, std::int64_t& position, bool& is_first) noexcept
{
    queue_header& header = m_queue.header();
    const auto capacity = static_cast<std::int64_t>(m_queue.capacity());
    // acquire: pairs with the store of a subscriber, which zeroed the records
    // before it. It is loaded first, so it is not behind `write`.
    std::int64_t read = header.read.load(std::memory_order_acquire);
    // A damaged queue may never be at rest.
    for (int i = 0; i < max_cloudtoid_rounds; ++i)
    {
        std::int64_t write = header.write.load(std::memory_order_acquire);
        if (!are_positions(read, write))
            return status::corrupt;
        if (write - read > capacity - span)
        {
            // At the end of a burst, a subscriber may still be reading.
            const std::int64_t now =
                header.read.load(std::memory_order_acquire);
            const auto moved = [&] {
                return header.read.load(std::memory_order_relaxed) != read;
            };
            if (now == read &&
                !m_burst.wait(
                    detail::position(m_sent.load(std::memory_order_relaxed), 0),
                    0, moved))
                return write - read > capacity ? status::corrupt
                                               : status::would_block;
            read = header.read.load(std::memory_order_acquire);
        }
        // seq_cst: as the other implementations
        else if (header.write.compare_exchange_weak(
                     write, write + span, std::memory_order_seq_cst,
                     std::memory_order_relaxed))
        {
            position = write;
            is_first = write == read && span <= max_cloudtoid_first;
            return status::done;
        }
    }
    return status::would_block;
}

// Sends a message in a call that was admitted. The first message in an empty
// queue also notifies a subscriber, before the call ends.
BOOST_IPQ_DECL status writer::send_admitted(
    const void* data, std::size_t size, bool& is_first) noexcept
{
    std::int64_t position = 0;
    const status reserved = reserve(span_of(size), position, is_first);
    if (reserved != status::done)
        return reserved;
    const std::size_t at = m_queue.offset(position);
    record_header& header = m_queue.record_at(at);
    const queue::parts body = m_queue.body_at(at, size);
    if (BOOST_IPQ_DETAIL_LIKELY(body.first_size == size))
        copy_in(body.first, data, size);
    else
    {
        const auto* const bytes = static_cast<const unsigned char*>(data);
        std::memcpy(body.first, bytes, body.first_size);
        std::memcpy(body.rest, bytes + body.first_size, size - body.first_size);
    }
    header.length.store(
        static_cast<std::int32_t>(size), std::memory_order_relaxed);
    // relaxed: only a hint; threads that share the handle may lose a count
    m_sent.store(
        m_sent.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    // release: publishes the record; pairs with the subscriber's look at it
    header.state.store(ready, std::memory_order_release);
    if (is_first)
        m_queue.notify();
    return status::done;
}

BOOST_IPQ_DECL status
writer::try_send(const void* data, std::size_t size) noexcept
{
    if (BOOST_IPQ_DETAIL_UNLIKELY(size > max_length()))
        return status::too_large;
    if (BOOST_IPQ_DETAIL_UNLIKELY(!m_queue.is_attached()))
        return status::detached;
    status result = status::would_block;
    bool is_first = false;
    {
        const admission call(*this);
        if (BOOST_IPQ_DETAIL_LIKELY(bool(call)))
            result = send_admitted(data, size, is_first);
    }
    if (BOOST_IPQ_DETAIL_LIKELY(result == status::done && !is_first))
        m_queue.notify_after_call();
    return result;
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
