// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_OUTSTANDING_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_OUTSTANDING_HPP

// Reservations and deliveries keep their attachment alive, also when its last
// handle was closed: their messages lie in its mapping.
//
// A shared_ptr in each of them would cost two locked instructions in each. So
// they are counted: those made, by one atomic addition before they are made,
// and those gone, by another, which is their last access to the attachment.
// When the last handle is closed, the number made is subtracted from the number
// gone. If some are outstanding, the result is negative, and the attachment
// keeps itself until the last of them brings it to zero, or until a new handle
// is opened, which adds the number again.
//
// The counts are atomic, although a lock of the ring is held when a record is
// made: its word lies in shared memory, and damage may let two threads in.

#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace boost_ipq {
namespace detail {

class outstanding
{
public:
    made_counts made{};

    // A reservation or a delivery has ended.
    BOOST_FORCEINLINE void one_gone() noexcept
    {
        // acq_rel: all accesses of the others come before the destruction
        if (BOOST_IPQ_DETAIL_UNLIKELY(
                m_gone.fetch_add(1, std::memory_order_acq_rel) == -1))
            release_keeper();
    }

    void handle_opened();

    // Called while there is another handle. Relaxed: that one keeps the
    // attachment alive.
    void handle_copied() noexcept
    {
        m_handles.fetch_add(1, std::memory_order_relaxed);
    }

    // `self` keeps the attachment alive.
    void handle_closed(const std::shared_ptr<void>& self) noexcept
    {
        // acq_rel: what was made through the other handles is counted before
        if (m_handles.fetch_sub(1, std::memory_order_acq_rel) == 1)
            last_handle_closed(self);
    }

private:
    void last_handle_closed(const std::shared_ptr<void>& self) noexcept;
    void release_keeper() noexcept;

    // The thread that gets a result destroys it without the mutex.
    std::shared_ptr<void> end_keeping() noexcept;

    std::atomic<std::int64_t> m_gone{0}; // less m_subtracted
    std::atomic<std::uint32_t> m_handles{0};
    fork_mutex m_mutex{}; // of the rest
    bool m_closed = false;
    std::int64_t m_subtracted = 0; // while closed
    std::uint32_t m_keeping = 0;   // that many threads will end the keeping
    std::shared_ptr<void> m_keeper{};
};

// A handle's reference to an attachment, and that of a call that waits: it may
// make a reservation or a delivery after the handle was closed.
template <class Attachment>
class handle_reference
{
public:
    handle_reference() noexcept = default;

    handle_reference(std::shared_ptr<Attachment> queue)
        : m_queue(std::move(queue))
    {
        m_queue->outstanding().handle_opened();
    }

    handle_reference(const handle_reference& other) noexcept
        : m_queue(other.m_queue)
    {
        m_queue->outstanding().handle_copied();
    }

    handle_reference& operator=(const handle_reference&) = delete;

    ~handle_reference() { reset(); }

    void reset() noexcept
    {
        if (m_queue)
            m_queue->outstanding().handle_closed(m_queue);
        m_queue.reset();
    }

    void swap(handle_reference& other) noexcept { m_queue.swap(other.m_queue); }

    const std::shared_ptr<Attachment>& get() const noexcept { return m_queue; }
    Attachment* operator->() const noexcept { return m_queue.get(); }
    Attachment& operator*() const noexcept { return *m_queue; }
    explicit operator bool() const noexcept { return m_queue != nullptr; }

private:
    std::shared_ptr<Attachment> m_queue{};
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/outstanding.ipp>
#endif

#endif
