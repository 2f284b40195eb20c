// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BASIC_PUBLISHER_HPP
#define BOOST_IPQ_BASIC_PUBLISHER_HPP

#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/reserving_calls.hpp>
#include <boost_ipq/detail/handle/sending_calls.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/reservation.hpp>
#include <boost_ipq/storage.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

struct publisher_side
{
    using ring_type = ring_writer;
    static constexpr std::uint32_t role = 1u << 16;

    static event_count& awaited(attachment& queue) { return queue.room(); }
    static bool worth_telling(const ring_control& control) noexcept
    {
        return event_count::worth(control, control.messages);
    }
    static void tell(attachment& queue) { queue.messages().notify_one(); }
    // Of publishers all are woken, see subscriber_side.
    static bool more(const ring_writer&) noexcept { return false; }
    // Its message was too long for the room: it must not take the tokens of the
    // others, too, which were posted together with its own.
    static void pass_wakeup_on()
    {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
};

} // namespace detail

//! Puts messages into a queue.
//!
//! Any number of publishers in any number of processes may have a queue open.
//! The messages of one publisher arrive in the order sent.
//!
//! A message is given as pointer and size in bytes, or as a contiguous range
//! of trivially copyable elements: std::string_view, std::vector, std::array,
//! std::span, an array, boost::asio::const_buffer. An array of char, and so a
//! string literal, is sent whole, with its terminating zero.
//!
//! Each call has a twin with a trailing boost::system::error_code&, which sets
//! it instead of throwing `error`; false with a clear code means full, the
//! deadline, or a stop.
//!
//! Throws, from every sending call: message_too_large if the message could
//! never fit the queue, queue_corrupt if the queue's memory is damaged, `error`
//! with errc::invalid_argument for a null pointer with a size, and with
//! errc::closed if the handle is not open.
//!
//! Complexity: one copy of the message; no allocation; no system call unless
//! somebody sleeps, or has waited long for his turn.
//!
//! At the end of a burst, the first call that finds the queue full looks again
//! less than a microsecond later, and if a subscriber is making room, goes on
//! when there is some more, at most some microseconds later.
//!
//! Thread safety: one handle may send from several threads at once, and
//! cancel() may be called at any time. The destructor and close() may be called
//! while other threads wait: those return as canceled. Not async-signal-safe.
//! A forked child may use its copy of a handle; it joins the queue, as a
//! process of its own, by its first call.
//!
//! Crash safety: a message whose sending returned true is delivered. One being
//! sent when the process dies is delivered whole or not at all, and holds
//! nobody up.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_publisher
    : public detail::sending_calls<basic_publisher<Allocator, Storage>>,
      public detail::reserving_calls<basic_publisher<Allocator, Storage>>
{
public:
    using allocator_type = Allocator;

    //! Effects: a closed handle.
    basic_publisher() = default;

    //! Effects: opens a queue: create_only, open_only or open_or_create.
    //! Throws: queue_mismatch, queue_corrupt, or `error` with the reason.
    //! Complexity: creating touches every page of the queue once.
    //! Crash safety: a queue whose creator dies is created by the next who
    //! comes.
    template <class Mode>
    basic_publisher(
        Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : m_allocator(allocator),
          m_handle(detail::mode_of(mode), options, allocator)
    {
    }

    //! Effects: the same; on failure sets `ec` and leaves the handle closed.
    template <class Mode>
    basic_publisher(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_allocator(allocator)
    {
        detail::finish(ec, [&] {
            m_handle = handle(detail::mode_of(mode), options.get(), allocator);
            return detail::status::done;
        });
    }

    basic_publisher(basic_publisher&&) = default;
    basic_publisher& operator=(basic_publisher&& other) noexcept
    {
        using traits = std::allocator_traits<Allocator>;
        if constexpr (traits::propagate_on_container_move_assignment::value)
            m_allocator = std::move(other.m_allocator);
        m_handle = std::move(other.m_handle);
        return *this;
    }

    //! Effects: close().
    ~basic_publisher() = default;

    //! Effects: sends the ranges of bytes from `first` on, as many as fit, in
    //! order, in one publication: subscribers see all of them or none.
    //! Returns: how many were sent; 0 if the queue is full.
    //! Throws: as every sending call, before anything is sent.
    //! Complexity: one copy of each message, one lock, at most one wake-up of
    //! each sleeper.
    //! Crash safety: if the process dies meanwhile, all are sent or none.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(ForwardIterator first, ForwardIterator last)
    {
        std::size_t sent = 0;
        detail::finish(
            send_all(first, last, sent), m_handle,
            detail::message_batch<ForwardIterator>{first, last});
        return sent;
    }

    template <class ForwardIterator>
    std::size_t try_enqueue_all(
        ForwardIterator first, ForwardIterator last,
        boost::system::error_code& ec)
    {
        std::size_t sent = 0;
        detail::finish(ec, [&] { return send_all(first, last, sent); });
        return sent;
    }

    //! Effects: ends the waiting of every thread that waits in this handle.
    //! Their calls return false or empty, the twins set errc::canceled, and
    //! enqueue(), which has no such result, throws it. Later calls wait again.
    //! Returns when all have noticed.
    //! Throws: nothing.
    void cancel() noexcept { m_handle.cancel(); }

    //! Effects: cancel(), then leaves the queue. With lifetime::while_open
    //! the last handle takes the queue with it. Throws: nothing.
    void close() noexcept { m_handle.close(); }

    //! Returns: whether the handle has a queue.
    bool is_open() const noexcept { return m_handle.is_open(); }

    //! Returns: the largest message that fits the queue, in bytes.
    //! Requires: is_open().
    std::size_t max_message_size() const noexcept
    {
        return m_handle.ring().ring().max_length();
    }

    Allocator get_allocator() const { return m_allocator; }

private:
    friend class queue_factory;
    friend detail::sending_calls<basic_publisher>;
    friend detail::reserving_calls<basic_publisher>;
    using handle = detail::queue_handle<detail::publisher_side, Storage>;

    // One try to send; a class, since a lambda is not always inlined.
    struct sending
    {
        const detail::byte_view& message;

        template <class GiveUp>
        BOOST_FORCEINLINE detail::status
        operator()(detail::ring_writer& ring, const GiveUp& give_up) const
        {
            return ring.try_publish(message.data, message.size, give_up);
        }

        bool promising(const detail::ring_writer& ring) const noexcept
        {
            return ring.may_fit(message.size);
        }
    };

    struct reserving
    {
        detail::reserved_record& record;
        std::size_t size;

        template <class GiveUp>
        detail::status
        operator()(detail::ring_writer& ring, const GiveUp& give_up) const
        {
            return ring.try_reserve(record, size, give_up);
        }

        bool promising(const detail::ring_writer& ring) const noexcept
        {
            return ring.may_fit(size);
        }
    };

    BOOST_FORCEINLINE detail::status send_now(const detail::byte_view& message)
    {
        return message.valid() ? m_handle.now(sending{message})
                               : detail::status::invalid;
    }

    template <
        class Deadline = detail::no_deadline, class Stop = detail::never_stop>
    detail::status send(
        const detail::byte_view& message, const Deadline& deadline = Deadline(),
        const Stop& stop = Stop())
    {
        return message.valid() ? m_handle.wait(sending{message}, deadline, stop)
                               : detail::status::invalid;
    }

    template <class Iterator>
    detail::status send_all(Iterator first, Iterator last, std::size_t& sent)
    {
        const detail::status result =
            m_handle.template now<true>([&](auto& ring, const auto& give_up) {
                return ring.try_publish_all(first, last, sent, give_up);
            });
        if (result == detail::status::done && sent != 0)
            m_handle.queue()->messages().notify(sent);
        return result;
    }

    detail::status reserve_now(reservation& result, std::size_t size)
    {
        return reserved(result, size, [&](auto attempt) {
            return m_handle.template now<true>(attempt);
        });
    }

    template <
        class Deadline = detail::no_deadline, class Stop = detail::never_stop>
    detail::status reserve_waiting(
        reservation& result, std::size_t size,
        const Deadline& deadline = Deadline(), const Stop& stop = Stop())
    {
        return reserved(result, size, [&](auto attempt) {
            return m_handle.template wait<true>(attempt, deadline, stop);
        });
    }

    template <class Operation>
    detail::status
    reserved(reservation& result, std::size_t size, Operation operation)
    {
        auto queue = m_handle.queue();
        detail::reserved_record record;
        const detail::status end = operation(reserving{record, size});
        if (end == detail::status::done)
            result = reservation(std::move(queue), record);
        return end;
    }

    Allocator m_allocator;
    handle m_handle;
};

//! A publisher with the standard allocator.
using publisher = basic_publisher<>;

} // namespace boost_ipq

#endif
