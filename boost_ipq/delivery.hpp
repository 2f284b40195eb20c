// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DELIVERY_HPP
#define BOOST_IPQ_DELIVERY_HPP

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost/assert.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace boost_ipq {

//! A message that its subscriber reads in place.
//!
//! Several may be outstanding at a time, and be acknowledged in any order. The
//! room of a message that is being read, and of all behind it, is not free.
//!
//! It keeps the queue open, also when its subscriber is closed. A forked child
//! does not own the deliveries of its parent: its copies do nothing.
//!
//! Thread safety: different deliveries may be used by different threads.
//!
//! Crash safety: if the process dies before acknowledge(), the message is
//! delivered again.
class delivery
{
public:
    //! Effects: an empty delivery.
    delivery() noexcept = default;

    delivery(delivery&& other) noexcept
        : m_queue(std::move(other.m_queue)),
          m_claim(other.m_claim)
    {
    }

    delivery& operator=(delivery&& other) noexcept
    {
        if (this != &other)
        {
            give_back();
            m_queue = std::move(other.m_queue);
            m_claim = other.m_claim;
        }
        return *this;
    }

    //! Effects: give_back().
    ~delivery() { give_back(); }

    //! Returns: whether there is a message: not when the queue was empty, nor
    //! after acknowledge() or give_back().
    explicit operator bool() const noexcept { return m_queue != nullptr; }

    //! Returns: the message; aligned as the queue says. Requires: not empty.
    const void* data() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        return m_queue->ring().body(m_claim.offset);
    }

    //! Returns: its size in bytes. Requires: not empty.
    std::size_t size() const noexcept { return m_claim.header.length(); }

    //! Returns: whether somebody may have seen it before: it was not
    //! acknowledged then. Requires: not empty.
    bool redelivered() const noexcept { return m_claim.again; }

    //! Effects: the message is done with and never delivered again; the
    //! delivery is empty. Requires: not empty. Throws: nothing.
    void acknowledge() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the delivery is empty");
        side().acknowledge(m_claim);
        m_queue->room().notify_all();
        m_queue.reset();
    }

    //! Effects: leaves the message, if there is one, to whoever comes next;
    //! the delivery is empty. Throws: nothing.
    void give_back() noexcept
    {
        if (!m_queue)
            return;
        side().give_back(m_claim);
        m_queue->messages().notify_one();
        m_queue.reset();
    }

private:
    template <class Allocator, class Storage>
    friend class basic_subscriber;

    delivery(
        std::shared_ptr<detail::attachment> queue,
        const detail::claim& claim) noexcept
        : m_queue(std::move(queue)),
          m_claim(claim)
    {
    }

    detail::ring_reader side() const noexcept
    {
        return m_queue->side<detail::ring_reader>();
    }

    std::shared_ptr<detail::attachment> m_queue;
    detail::claim m_claim;
};

} // namespace boost_ipq

#endif
