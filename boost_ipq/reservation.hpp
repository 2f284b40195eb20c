// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_RESERVATION_HPP
#define BOOST_IPQ_RESERVATION_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost/assert.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace boost_ipq {

//! Room for a message in the queue's memory, which the publisher fills in
//! place.
//!
//! Several reservations may be outstanding at a time, and may be committed in
//! any order. Messages are delivered in the order of their reservation: one
//! that is not committed yet holds up the messages behind it.
//!
//! A reservation keeps the queue open, even after its publisher is closed. A
//! forked child does not own the reservations of its parent: its copies do
//! nothing.
//!
//! Thread safety: different reservations may be used by different threads; one
//! reservation by one thread at a time.
//!
//! Crash safety: if the process dies before commit(), the message is never
//! delivered, and the messages behind it are not held up.
class reservation
{
public:
    //! Effects: makes an empty reservation.
    //! Throws: nothing.
    reservation() noexcept = default;

    reservation(const reservation&) = delete;
    reservation& operator=(const reservation&) = delete;

    //! Effects: moves the room from `other`, which is empty afterwards.
    //! Throws: nothing.
    reservation(reservation&& other) noexcept
        : m_queue(std::exchange(other.m_queue, nullptr)),
          m_record(other.m_record)
    {
    }

    //! Effects: abandon(), then moves the room from `other`, which is empty
    //! afterwards.
    //! Throws: nothing.
    reservation& operator=(reservation&& other) noexcept
    {
        if (this != &other)
        {
            abandon();
            m_queue = std::exchange(other.m_queue, nullptr);
            m_record = other.m_record;
        }
        return *this;
    }

    //! Effects: abandon().
    //! Throws: nothing.
    ~reservation()
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_queue != nullptr))
            abandon();
    }

    //! Returns: whether there is room to fill; false if none was reserved, and
    //! after commit() or abandon().
    //! Throws: nothing.
    explicit operator bool() const noexcept { return m_queue != nullptr; }

    //! Requires: not empty.
    //! Returns: the address of the room, aligned to the queue's message
    //! alignment.
    //! Throws: nothing.
    void* data() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        return m_queue->ring().message(m_record.offset);
    }

    //! Requires: not empty.
    //! Returns: the size of the room in bytes.
    //! Throws: nothing.
    std::size_t size() const noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        return m_queue->ring().message_size(m_record.header);
    }

    //! Requires: not empty.
    //! Effects: sends the message. The reservation is empty afterwards.
    //! Throws: nothing.
    //! Complexity: constant. No system call, unless a subscriber sleeps.
    //! Crash safety: if the process dies in the call, the message is delivered
    //! whole or not at all.
    BOOST_FORCEINLINE void commit() noexcept
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        detail::commit(m_queue->ring(), m_record);
        leave();
    }

    //! Requires: not empty.
    //! Effects: sends the first `size` bytes as the message, and gives the rest
    //! of the room back. The reservation is empty afterwards.
    //! Throws: `error` with errc::invalid_argument if `size` is larger than
    //! size(); the reservation is unchanged then.
    //! Complexity, crash safety: as commit().
    void commit(std::size_t size)
    {
        BOOST_ASSERT_MSG(m_queue, "the reservation is empty");
        if (size > this->size())
            detail::throw_error(
                errc::invalid_argument,
                "a commit of " + std::to_string(size) + " bytes, where " +
                    std::to_string(this->size()) + " were reserved");
        detail::commit(m_queue->ring(), m_record, size);
        leave();
    }

    //! As commit(size), but reports failure through `ec`.
    void commit(std::size_t size, boost::system::error_code& ec)
    {
        detail::reported(ec, [&] {
            commit(size);
            return true;
        });
    }

    //! Effects: gives the room back, if there is any. The message is never
    //! delivered. The reservation is empty afterwards.
    //! Throws: nothing.
    //! Complexity: constant. No system call, unless a publisher or a subscriber
    //! sleeps.
    BOOST_IPQ_DETAIL_NOINLINE void abandon() noexcept
    {
        if (!m_queue)
            return;
        detail::abandon(m_queue->ring(), m_record);
        // Publishers that wait for room may skip the record now.
        m_queue->room().notify_all();
        leave();
    }

private:
    template <class Allocator, class Storage>
    friend class basic_publisher;
    friend struct detail::handle_access;

    // A subscriber can take the message, or those behind an abandoned one, now.
    void leave() noexcept
    {
        m_queue->messages().notify_one();
        std::exchange(m_queue, nullptr)->outstanding().one_gone();
    }

    detail::attachment* m_queue = nullptr; // see outstanding.hpp
    detail::reserved_record m_record{};
};

} // namespace boost_ipq

#endif
