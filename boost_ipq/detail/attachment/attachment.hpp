// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_HPP

// One process's attachment to one queue: the ring, this process's incarnation,
// and the event counts. All handles of the process share it, because two
// mappings of one segment defeat store forwarding. A derived class knows where
// the ring is.

#include <boost_ipq/detail/attachment/dead_letter_queue.hpp>
#include <boost_ipq/detail/attachment/outstanding.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

class attachment
{
public:
    attachment(const attachment&) = delete;
    attachment& operator=(const attachment&) = delete;
    virtual ~attachment();

    const ring_view& ring() const noexcept { return m_ring; }

    // What subscribers wait for, and what publishers wait for.
    event_count& messages() noexcept { return m_messages; }
    event_count& room() noexcept { return m_room; }

    // The reservations and deliveries that were made through it.
    detail::outstanding& outstanding() noexcept { return m_outstanding; }

    // The events in this process that are not logged yet.
    event_counters& events() const noexcept { return m_ring.peers->events(); }

    // Called when an operation found that this process is not a participant: it
    // is a forked child, which joins at its first operation. False: gave up.
    virtual bool rejoin(give_up_condition give_up) = 0;

    // Called when a sleep has ended without a wake-up.
    virtual void idle() noexcept = 0;

    // The queue was removed: senders fail from now on, and subscribers when
    // nothing is left. Called at any time, also more than once.
    void note_removed() noexcept
    {
        set_removed(*m_ring.control);
        m_messages.wake_all();
        m_room.wake_all();
    }

    // True once, for the attachment that created the queue.
    bool take_created() noexcept
    {
        return m_created.exchange(false, std::memory_order_relaxed);
    }
    void note_created() noexcept
    {
        m_created.store(true, std::memory_order_relaxed);
    }

    // Bytes, as they were asked for.
    std::size_t capacity() const noexcept { return m_capacity; }

    // The file that wakers touch for wait sets; -1: none.
    virtual int watched_file() const noexcept { return -1; }

    // The number of processes that have such handles. Looks only at memory.
    virtual std::uint32_t processes(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept = 0;

    // Is there a living process with such handles, or one that has just joined
    // and shows none yet? Asks the kernel about each.
    virtual bool any_alive(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept = 0;

    // Counts handles, for inspection: one_publisher or one_subscriber.
    virtual void add_role(std::uint32_t role) noexcept = 0;
    void remove_role(std::uint32_t role) noexcept { add_role(0u - role); }

    // Counts this process's handles. Without one, no dead-letter queue is kept
    // open: two queues that name each other would keep each other.
    void add_handle() noexcept
    {
        // seq_cst, as in has_handles(): dead_letter_queue::put() keeps its
        // queue and then looks, or the last handle sees what it has kept
        m_handles.fetch_add(1, std::memory_order_seq_cst);
    }
    void remove_handle() noexcept
    {
        if (m_handles.fetch_sub(1, std::memory_order_seq_cst) == 1 && m_letters)
            m_letters->close();
    }
    bool has_handles() const noexcept
    {
        return m_handles.load(std::memory_order_seq_cst) != 0;
    }

protected:
    attachment(
        ring_view ring, std::size_t capacity,
        const std::atomic<incarnation>& self, const liveness& peers,
        std::unique_ptr<semaphore> messages, std::unique_ptr<semaphore> room)
        : m_capacity(capacity),
          m_ring(seen_by(ring, self, peers, m_outstanding.made)),
          m_messages(
              ring.control->messages, ring.control->attention,
              std::move(messages)),
          m_room(ring.control->room, ring.control->attention, std::move(room))
    {
    }

    // Called before there is a handle.
    void set_dead_letters(std::unique_ptr<dead_letter_queue> letters) noexcept
    {
        m_letters = std::move(letters);
        m_ring.letters = m_letters.get();
    }

private:
    static ring_view seen_by(
        ring_view ring, const std::atomic<incarnation>& self,
        const liveness& peers, made_counts& made) noexcept
    {
        ring.made = &made;
        ring.self_word = &self;
        ring.peers = &peers;
        return ring;
    }

    const std::size_t m_capacity;
    detail::outstanding m_outstanding{};
    ring_view m_ring;
    event_count m_messages;
    event_count m_room;
    std::atomic<bool> m_created{false};
    std::atomic<std::uint32_t> m_handles{0};
    std::unique_ptr<dead_letter_queue> m_letters{}; // null: no limit
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/dead_letter_queue.ipp>
#endif

#endif
