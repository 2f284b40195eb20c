// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_RESERVATION_HPP
#define BOOST_IPQ_RESERVATION_HPP

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost/assert.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {

//! Room in a queue's ring that its publisher fills in place.
//!
//! Several may be outstanding at a time, and be committed in any order;
//! messages are delivered in the order of their reservation. An uncommitted
//! one holds up the messages behind it.
//!
//! It keeps the queue open, also when its publisher is closed. A forked child
//! does not own the reservations of its parent: its copies do nothing.
//!
//! Thread safety: different reservations may be used by different threads.
//!
//! Crash safety: if the process dies before commit(), the message is never
//! delivered, and holds nobody up.
class reservation
{
public:
    //! Effects: an empty reservation.
    reservation() noexcept = default;

    reservation(reservation&& other) noexcept
        : m_queue(std::move(other.m_queue)),
          m_record(other.m_record)
    {
    }

    reservation& operator=(reservation&& other) noexcept
    {
        if (this != &other)
        {
            abandon();
            m_queue = std::move(other.m_queue);
            m_record = other.m_record;
        }
        return *this;
    }

    //! Effects: abandon().
    ~reservation() { abandon(); }

    //! Returns: whether there is room to fill: not when the queue was full, nor
    //! after commit() or abandon().
    explicit operator bool() const noexcept { return m_queue != nullptr; }

    //! Returns: the room; aligned as the queue's messages are.
    //! Requires: not empty.
    void* data() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        return m_queue->ring().body(m_record.offset);
    }

    //! Returns: its size in bytes. Requires: not empty.
    std::size_t size() const noexcept { return m_record.header.length(); }

    //! Effects: the message is delivered; the reservation is empty.
    //! Requires: not empty. Throws: nothing. Complexity: constant.
    void commit() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        side().commit(m_record);
        leave();
    }

    //! Effects: the first `size` bytes are delivered as the message; the rest
    //! of the room is given back; the reservation is empty.
    //! Requires: not empty.
    //! Throws: `error` with errc::invalid_argument if `size` is larger than
    //! size(); the reservation is as it was.
    void commit(std::size_t size)
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        if (size > this->size())
            detail::throw_error(
                errc::invalid_argument,
                "a commit of " + std::to_string(size) + " bytes, where " +
                    std::to_string(this->size()) + " were reserved");
        side().commit(m_record, size);
        leave();
    }

    void commit(std::size_t size, boost::system::error_code& ec)
    {
        detail::reported(ec, [&] {
            commit(size);
            return true;
        });
    }

    //! Effects: gives the room back, if not empty. Throws: nothing.
    void abandon() noexcept
    {
        if (!m_queue)
            return;
        side().abandon(m_record);
        // Publishers that wait for room may skip it now.
        m_queue->room().notify_all();
        leave();
    }

private:
    template <class Allocator, class Storage>
    friend class basic_publisher;

    reservation(
        std::shared_ptr<detail::attachment> queue,
        const detail::reserved_record& record) noexcept
        : m_queue(std::move(queue)),
          m_record(record)
    {
    }

    detail::ring_writer side() const noexcept
    {
        return m_queue->side<detail::ring_writer>();
    }

    // What is behind the record may be taken now.
    void leave() noexcept
    {
        m_queue->messages().notify_one();
        m_queue.reset();
    }

    std::shared_ptr<detail::attachment> m_queue;
    detail::reserved_record m_record;
};

} // namespace boost_ipq

#endif
