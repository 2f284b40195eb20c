// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_QUEUE_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_QUEUE_HPP

// One participant of a queue of cloudtoid/interprocess: its memory, its number,
// its lease, and the semaphore.

#include <boost_ipq/detail/cloudtoid/layout.hpp>
#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

class queue
{
public:
    // Opens the queue, or creates it, and becomes a participant. Throws.
    queue(const platform::cloudtoid_place& place, std::size_t capacity);
    queue(const queue&) = delete;
    queue& operator=(const queue&) = delete;
    ~queue();

    // False in a forked child: it has left the queue.
    bool is_attached() const noexcept { return m_memory.is_attached(); }

    std::int64_t id() const noexcept { return m_id; }
    std::size_t capacity() const noexcept { return m_capacity; }

    queue_header& header() const noexcept
    {
        return *reinterpret_cast<queue_header*>(m_base);
    }

    std::atomic<std::int32_t>& gate() const noexcept
    {
        return *reinterpret_cast<std::atomic<std::int32_t>*>(
            m_base + gate_offset);
    }

    publisher_slot& slot(std::size_t index) const noexcept
    {
        return reinterpret_cast<publisher_slot*>(m_base + slots_offset)[index];
    }

    // Where a position lies in the memory of the records. A capacity that is a
    // power of two needs no division.
    std::size_t offset(std::int64_t position) const noexcept
    {
        const auto p = static_cast<std::uint64_t>(position);
        return m_mask != 0 ? p & m_mask : p % m_capacity;
    }

    record_header& record_at(std::size_t offset) const noexcept
    {
        return *reinterpret_cast<record_header*>(m_records + offset);
    }

    // The two parts of the memory that begins after a record's header.
    struct parts
    {
        unsigned char* first;
        std::size_t first_size;
        unsigned char* rest; // the rest of the bytes
    };

    BOOST_FORCEINLINE parts
    body_at(std::size_t record, std::size_t size) const noexcept
    {
        std::size_t begin = record + header_size;
        if (begin == m_capacity)
            begin = 0;
        const std::size_t room = m_capacity - begin;
        return {m_records + begin, size < room ? size : room, m_records};
    }

    // Makes the bytes from one position to another zero.
    void clear(std::int64_t from, std::int64_t to) noexcept;

    // Is there no record?
    bool is_empty() const noexcept
    {
        // acquire: pairs with the release of a new position
        return header().read.load(std::memory_order_acquire) ==
               header().write.load(std::memory_order_acquire);
    }

    // Wakes a subscriber. Only a change from 0 posts.
    void notify() noexcept
    {
        // seq_cst: after the record became ready. A subscriber that took a
        // post sets 0 and then looks for a record (seq_cst), so one of the two
        // sees the other.
        if (header().notified.exchange(1, std::memory_order_seq_cst) == 0)
            m_semaphore.post();
    }

    // As notify(), without a change of the word if a post is in transit. The
    // end of a call, an atomic change in between, is a full barrier on the
    // processors that have this protocol. Where it were none, a subscriber
    // would sleep on for 5 ms, as after the death of a publisher.
    BOOST_FORCEINLINE void notify_after_call() noexcept
    {
        // seq_cst: as notify()
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                header().notified.load(std::memory_order_seq_cst) == 0))
            notify();
    }

    // For a record that is not the last one of a call.
    void notify_early() noexcept
    {
        // relaxed: only a hint
        if (header().notified.load(std::memory_order_relaxed) == 0)
            notify();
    }

    // Waits for a post. Returns whether it took one.
    bool wait_for(std::chrono::nanoseconds duration);

    bool is_alive(std::int64_t id) const
    {
        return platform::cloudtoid_lease::is_alive(m_place, id);
    }

private:
    std::int64_t take_id();

    platform::cloudtoid_place m_place;
    std::size_t m_capacity;
    std::size_t m_mask; // 0: the capacity is no power of two
    platform::cloudtoid_memory m_memory{};
    unsigned char* m_base;
    unsigned char* m_records;
    platform::cloudtoid_semaphore m_semaphore;
    platform::cloudtoid_lease m_lease{};
    std::int64_t m_id;
};

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/cloudtoid/queue.ipp>
#endif

#endif
