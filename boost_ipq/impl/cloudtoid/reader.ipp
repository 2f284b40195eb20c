// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CLOUDTOID_READER_IPP
#define BOOST_IPQ_IMPL_CLOUDTOID_READER_IPP

#include <boost_ipq/detail/cloudtoid/reader.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

BOOST_IPQ_DECL
reader::reader(const platform::cloudtoid_place& place, std::size_t capacity)
    : m_queue(place, capacity),
      m_probes(cloudtoid_probe_interval)
{
}

// Acquires the lock and finds a message. Without one, the lock is free again.
BOOST_IPQ_DECL status reader::enter(oldest& record)
{
    if (BOOST_IPQ_DETAIL_UNLIKELY(!m_queue.is_attached()))
        return status::detached;
    if (!acquire())
        return status::would_block;
    const status found = find(record);
    if (BOOST_IPQ_DETAIL_UNLIKELY(found != status::done))
        release();
    return found;
}

// Acquires the lock if there seems to be a message. A subscriber that runs
// needs the lock only for a moment.
BOOST_IPQ_DECL bool reader::acquire()
{
    std::atomic<std::int64_t>& lock = m_queue.header().reader;
    for (std::uint32_t waited = 0;;)
    {
        std::int64_t owner = lock.load(std::memory_order_relaxed);
        if (owner == 0)
        {
            if (m_queue.is_empty() && !is_refilled())
                return false;
            // acquire: pairs with release()
            if (lock.compare_exchange_strong(
                    owner, m_queue.id(), std::memory_order_acquire,
                    std::memory_order_relaxed))
                return true;
        }
        // Asks even if the queue is empty: a recovery that died leaves it so,
        // with the gate closed.
        else if (m_queue.is_empty() || waited >= max_cloudtoid_lock_pauses)
        {
            if (!recover(owner))
                return false;
        }
        platform::pause(max_lock_pause);
        waited += max_lock_pause;
    }
}

// At the end of a burst, the publisher may still be writing: looks again a
// little later. A single message, such as a request, is no burst.
BOOST_IPQ_DECL bool reader::is_refilled()
{
    const std::uint32_t taken = m_taken.load(std::memory_order_relaxed);
    const std::uint32_t burst =
        taken - m_taken_before.load(std::memory_order_relaxed);
    m_taken_before.store(taken, std::memory_order_relaxed);
    return burst > 1 &&
           m_burst.wait(
               position(taken, 0), 0, [this] { return !m_queue.is_empty(); },
               cloudtoid_pauses_per_message);
}

// Frees the lock of a dead owner. Returns whether it did.
BOOST_IPQ_DECL bool reader::recover(std::int64_t owner)
{
    if (owner == m_queue.id() || !m_probes.due())
        return false;
    const auto begin = clock::now();
    const bool dead = !m_queue.is_alive(owner);
    m_probes.finished(begin);
    // acq_rel: what the dead owner has written comes before. The kernel has
    // told that it is dead.
    if (!dead || !m_queue.header().reader.compare_exchange_strong(
                     owner, m_queue.id(), std::memory_order_acq_rel,
                     std::memory_order_relaxed))
        return false;
    // seq_cst: as wait_for_writer()
    m_queue.gate().exchange(0, std::memory_order_seq_cst);
    release();
    return true;
}

// Reads and checks the length of a record.
BOOST_IPQ_DECL bool
reader::read_length(oldest& record, std::int64_t write) const noexcept
{
    const std::int32_t length =
        m_queue.record_at(record.at).length.load(std::memory_order_relaxed);
    record.length = static_cast<std::size_t>(length);
    return length >= 0 && record.length <= max_length() &&
           span_of(record.length) <= write - record.position;
}

// Finds the oldest message.
BOOST_IPQ_DECL status reader::find(oldest& record)
{
    queue_header& header = m_queue.header();
    // A damaged queue may never be at rest.
    for (int i = 0; i < max_cloudtoid_rounds; ++i)
    {
        // relaxed: only the owner of the lock changes it
        record.position = header.read.load(std::memory_order_relaxed);
        // acquire: pairs with the publishers
        const std::int64_t write = header.write.load(std::memory_order_acquire);
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                !are_positions(record.position, write) ||
                static_cast<std::uint64_t>(write - record.position) >
                    capacity()))
            return status::corrupt;
        if (record.position == write)
            return status::would_block;
        record.at = m_queue.offset(record.position);
        // acquire: pairs with the release of the publisher
        const std::int32_t state =
            m_queue.record_at(record.at).state.load(std::memory_order_acquire);
        const bool has_length = read_length(record, write);
        if (BOOST_IPQ_DETAIL_LIKELY(state == ready))
            return has_length ? status::done : status::corrupt;
        // The subscriber that claimed a record is dead: this one has the lock.
        if (state != claimed || !has_length)
            return wait_for_writer(record.position, write);
        remove(record);
    }
    return status::would_block;
}

// Takes a record out of the queue.
BOOST_IPQ_DECL void reader::remove(const oldest& record) noexcept
{
    record_header& header = m_queue.record_at(record.at);
    header.state.store(claimed, std::memory_order_relaxed);
    // The process may die at any instruction. A survivor sees what it has
    // written so far, so only the compiler's order counts.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const std::int64_t end = record.position + span_of(record.length);
    m_queue.clear(
        record.position + static_cast<std::int64_t>(header_size), end);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    header.state.store(unfinished, std::memory_order_relaxed);
    header.length.store(0, std::memory_order_relaxed);
    // release: publishers that find room see zeroes
    m_queue.header().read.store(end, std::memory_order_release);
    // relaxed: only the owner of the lock changes it, and it is only a hint
    m_taken.store(
        m_taken.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

// A publisher reserved the record and has not finished it. If it is dead, the
// records up to the tail are dropped: where they begin is not known. The
// protocol asks for ten seconds by the own clock.
BOOST_IPQ_DECL status
reader::wait_for_writer(std::int64_t read, std::int64_t write)
{
    const clock::time_point now = clock::now();
    if (m_unready.position != read)
    {
        m_unready.position = read;
        m_unready.tail = write;
        m_unready.since = now;
        return status::would_block;
    }
    if (now - m_unready.since < cloudtoid_recovery_time)
        return status::would_block;
    // seq_cst: pairs with the beginning of a call that sends
    m_queue.gate().exchange(1, std::memory_order_seq_cst);
    const auto open = [this] {
        m_queue.gate().exchange(0, std::memory_order_seq_cst);
    };
    const scope_exit<decltype(open)> guard{open};
    m_unready.since = now;
    if (any_call())
        return status::would_block;
    m_queue.clear(read, m_unready.tail);
    // release: publishers that find room see zeroes
    m_queue.header().read.store(m_unready.tail, std::memory_order_release);
    m_unready.position = -1;
    return status::would_block;
}

// Is a publisher that lives in a call?
BOOST_IPQ_DECL bool reader::any_call() const
{
    for (std::size_t i = 0; i < max_publishers; ++i)
    {
        publisher_slot& slot = m_queue.slot(i);
        // acquire: the end of a call comes after what it has written
        const std::int64_t owner = slot.owner.load(std::memory_order_acquire);
        if (owner != 0 && slot.calls.load(std::memory_order_seq_cst) != 0 &&
            m_queue.is_alive(owner))
            return true;
    }
    return false;
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
