// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_HPP

// One process's attachment to one queue, which all its handles share: the ring
// (two mappings of one segment defeat store forwarding), who this process is
// in it, the signals. Where the ring lies is the storage's affair.

#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <atomic>
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
    virtual ~attachment() = default;

    const ring_view& ring() const noexcept { return m_ring; }
    const std::atomic<incarnation>& self() const noexcept { return m_self; }
    const liveness& witness() const noexcept { return m_witness; }
    event_count& messages() noexcept { return m_messages; }
    event_count& room() noexcept { return m_room; }

    // A side of the ring, as this process sees it.
    template <class Side>
    Side side() const noexcept
    {
        return Side(m_ring, m_self, m_witness);
    }

    // Called when an operation found this process to be no member: it is a
    // forked child, which becomes one by its first operation.
    virtual void rejoin() = 0;

    // Called by sleepers to whom nothing happened for a while.
    virtual void idle() noexcept = 0;

    // True once, of the attachment that created the queue.
    bool take_created() noexcept
    {
        return m_created.exchange(false, std::memory_order_relaxed);
    }
    void note_created() noexcept
    {
        m_created.store(true, std::memory_order_relaxed);
    }

    // Counts handles, for inspection: 1 << 16 a publisher, 1 a subscriber.
    virtual void add_role(std::uint32_t role) noexcept = 0;
    void remove_role(std::uint32_t role) noexcept { add_role(0u - role); }

protected:
    attachment(
        const ring_view& ring, const std::atomic<incarnation>& self,
        const liveness& witness, std::unique_ptr<semaphore> messages,
        std::unique_ptr<semaphore> room)
        : m_ring(ring),
          m_self(self),
          m_witness(witness),
          m_messages(
              ring.control->messages, ring.control->fence, std::move(messages)),
          m_room(ring.control->room, ring.control->fence, std::move(room))
    {
    }

private:
    const ring_view m_ring;
    const std::atomic<incarnation>& m_self;
    const liveness& m_witness;
    event_count m_messages;
    event_count m_room;
    std::atomic<bool> m_created{false};
};

} // namespace detail
} // namespace boost_ipq

#endif
