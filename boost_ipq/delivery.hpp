// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DELIVERY_HPP
#define BOOST_IPQ_DELIVERY_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/message_id.hpp>
#include <boost/assert.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace boost_ipq {

//! A message that its subscriber reads in place.
//!
//! Several deliveries may be outstanding at a time, and may be acknowledged in
//! any order. While a message is read in place, neither its room nor the room
//! of the messages behind it becomes free.
//!
//! A delivery keeps the queue open, even after its subscriber is closed. A
//! forked child does not own the deliveries of its parent: its copies do
//! nothing.
//!
//! Thread safety: different deliveries may be used by different threads; one
//! delivery by one thread at a time.
//!
//! Crash safety: if the process dies before acknowledge(), the message is
//! delivered again.
class delivery
{
public:
    //! Effects: makes an empty delivery.
    //! Throws: nothing.
    delivery() noexcept = default;

    delivery(const delivery&) = delete;
    delivery& operator=(const delivery&) = delete;

    //! Effects: moves the message from `other`, which is empty afterwards.
    //! Throws: nothing.
    delivery(delivery&& other) noexcept
        : m_queue(std::exchange(other.m_queue, nullptr)),
          m_claim(other.m_claim)
    {
    }

    //! Effects: give_back(), then moves the message from `other`, which is
    //! empty afterwards.
    //! Throws: nothing.
    delivery& operator=(delivery&& other) noexcept
    {
        if (this != &other)
        {
            give_back();
            m_queue = std::exchange(other.m_queue, nullptr);
            m_claim = other.m_claim;
        }
        return *this;
    }

    //! Effects: give_back().
    //! Throws: nothing.
    ~delivery()
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_queue != nullptr))
            give_back();
    }

    //! Returns: whether there is a message; false if none was taken, and after
    //! acknowledge() or give_back().
    //! Throws: nothing.
    explicit operator bool() const noexcept { return m_queue != nullptr; }

    //! Requires: not empty.
    //! Returns: the address of the message, aligned to the queue's message
    //! alignment.
    //! Throws: nothing.
    const void* data() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        return m_queue->ring().message(m_claim.offset);
    }

    //! Requires: not empty.
    //! Returns: the message's size in bytes.
    //! Throws: nothing.
    std::size_t size() const noexcept { return m_claim.size(); }

    //! Requires: not empty.
    //! Returns: how often the message was delivered, with this delivery: 1 the
    //! first time. A delivery counts when a call returns it, or when the
    //! function of consume_one() or consume_all() is called with it; calls that
    //! copy a message do not count. The count survives the death of every
    //! process.
    //!
    //! It is exact in a queue with queue_options::max_deliveries(). In others
    //! it is exact for up to eight messages that are delivered for the third
    //! time or more often at the same time; for more, it may be 2 instead of a
    //! larger number. There, messages that a process had taken for
    //! consume_all() when it died count as delivered. In a broadcast it is
    //! exact: the deliveries of this message by this subscriber.
    //! Throws: nothing.
    //! Complexity: constant.
    std::uint32_t delivery_count() const noexcept { return m_claim.deliveries; }

    //! Requires: not empty.
    //! Returns: whether the message was delivered before, without being
    //! acknowledged: delivery_count() > 1.
    //! Throws: nothing.
    bool redelivered() const noexcept { return m_claim.redelivered(); }

    //! Requires: not empty.
    //! Returns: the id of the message. It is the same each time that the
    //! message is delivered, to whichever process, so a receiver that keeps the
    //! ids of what it has done can tell a repetition. Ids of a queue or
    //! broadcast grow in the order in which messages are delivered first; a
    //! reservation that was abandoned leaves a gap.
    //! Throws: nothing.
    //! Complexity: constant. No system call.
    message_id id() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        const detail::ring_control& control = *m_queue->ring().control;
        // acquire: pairs with the release in count_half_laps(); the position is
        // loaded later, so it is not before that half lap
        const auto half_laps =
            control.publishers.half_laps.load(std::memory_order_acquire);
        // relaxed: the message was sent before it was claimed
        const detail::position head(
            control.publishers.head.load(std::memory_order_relaxed));
        // The head may be behind the message: it moves after the header.
        const auto ahead =
            static_cast<std::int32_t>(m_claim.count - head.count());
        return {
            control.epoch, detail::messages_so_far(half_laps, head) +
                               static_cast<std::uint64_t>(std::int64_t(ahead))};
    }

    //! Requires: not empty.
    //! Effects: removes the message from the queue: it is never delivered
    //! again. The delivery is empty afterwards.
    //! Throws: nothing.
    //! Complexity: constant. No system call, unless a publisher sleeps.
    //! Crash safety: if the process dies in the call, the message is either
    //! acknowledged or delivered again.
    BOOST_FORCEINLINE void acknowledge() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_claim.holder != nullptr))
            return settle_in_holder(true);
        detail::acknowledge(m_queue->ring(), m_claim);
        m_queue->room().notify_all();
        std::exchange(m_queue, nullptr)->outstanding().one_gone();
    }

    //! Requires: not empty.
    //! Effects: moves the message to the dead-letter queue of the queue, see
    //! queue_options::dead_letter(). If that has no room, or cannot be used,
    //! the message is delivered once more, and then moved. In a queue without a
    //! dead-letter queue: acknowledge(). The delivery is empty afterwards.
    //! Throws: nothing.
    //! Complexity: one copy of the message. The first use of the dead-letter
    //! queue in a process opens or creates it.
    //! Crash safety: if the process dies in the call, the message is in the
    //! queue, in the dead-letter queue, or in both.
    BOOST_IPQ_DETAIL_NOINLINE void reject() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        if (m_queue->ring().lead == 0)
            return acknowledge();
        detail::reject(m_queue->ring(), m_claim);
        leave();
    }

    //! Requires: not empty.
    //! Effects: gives the message back: it is the next to be delivered. In a
    //! queue that limits deliveries, it moves to the dead-letter queue instead
    //! if it was delivered often enough. The delivery is empty afterwards. The
    //! destructor does the same.
    //! Throws: nothing.
    //! Complexity: as acknowledge(). No system call, unless a subscriber
    //! sleeps, or the message moves.
    //! Crash safety: if the process dies in the call, the message is delivered
    //! again.
    void release() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        give_back();
    }

    //! Effects: release(), if there is a message.
    //! Throws: nothing.
    //! Complexity, crash safety: as release().
    BOOST_IPQ_DETAIL_NOINLINE void give_back() noexcept
    {
        if (!m_queue)
            return;
        if (m_claim.holder)
            return settle_in_holder(false);
        if (m_queue->ring().lead == 0)
            detail::give_back(m_queue->ring(), m_claim);
        else
            detail::give_back_or_move(m_queue->ring(), m_claim);
        leave();
    }

private:
    template <class Allocator, class Storage>
    friend class basic_subscriber;

    // Of a broadcast: its subscriber holds the message.
    BOOST_IPQ_DETAIL_NOINLINE void settle_in_holder(bool acknowledged) noexcept
    {
        m_queue = nullptr;
        m_claim.holder->settle(m_claim, acknowledged);
    }

    // Another subscriber can take the message.
    void leave() noexcept
    {
        m_queue->messages().notify_one();
        std::exchange(m_queue, nullptr)->outstanding().one_gone();
    }

    detail::attachment* m_queue = nullptr; // see outstanding.hpp
    detail::claim m_claim{};
};

} // namespace boost_ipq

#endif
