// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BASIC_SUBSCRIBER_HPP
#define BOOST_IPQ_BASIC_SUBSCRIBER_HPP

#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/handle/consume_batch.hpp>
#include <boost_ipq/detail/handle/in_place_calls.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/receiving_calls.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace boost_ipq {

namespace detail {

struct subscriber_side
{
    using ring_type = ring_reader;
    static constexpr std::uint32_t role = 1;

    static event_count& awaited(attachment& queue) { return queue.messages(); }
    static bool worth_telling(const ring_control& control) noexcept
    {
        return event_count::worth(control, control.room);
    }
    // All: the room may be too small for one and large enough for another.
    static void tell(attachment& queue) { queue.room().notify_all(); }
    static void pass_wakeup_on() noexcept {}
    static bool more(const ring_reader& ring) noexcept
    {
        return ring.something();
    }
};

} // namespace detail

//! Takes messages out of a queue.
//!
//! Any number of subscribers in any number of processes may have a queue open;
//! they compete: each message goes to exactly one, first in, first out.
//!
//! A message is received into a resizable contiguous container of bytes
//! (std::vector, std::string, boost::container::small_vector), which is
//! resized to it, or into a caller's buffer.
//!
//! Each call has a twin with a trailing boost::system::error_code&, which sets
//! it instead of throwing `error`; false with a clear code means empty, the
//! deadline, or a stop.
//!
//! Throws, from every receiving call: buffer_too_small, with the message's
//! length in `size` and the message left in the queue; queue_corrupt if the
//! queue's memory is damaged; `error` with errc::invalid_argument for a null
//! buffer with a capacity, and with errc::closed if the handle is not open;
//! what the container's allocator throws, with the message left in the queue.
//!
//! Complexity: one copy of the message; no allocation but the container's; no
//! system call unless somebody sleeps, or has waited long for his turn.
//!
//! At the end of a burst, the first call that finds the queue empty looks again
//! less than a microsecond later, and if a publisher is sending, goes on when
//! there is some more, at most some microseconds later.
//!
//! Thread safety: one handle may receive in several threads at once, and
//! cancel() may be called at any time. The destructor and close() may be called
//! while other threads wait: those return as canceled. Not async-signal-safe.
//! A forked child may use its copy of a handle; it joins the queue, as a
//! process of its own, by its first call.
//!
//! Crash safety: a message is lost only if the process dies after the call had
//! moved the queue past it. A subscriber that dies holds nobody up.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_subscriber
    : public detail::receiving_calls<basic_subscriber<Allocator, Storage>>,
      public detail::in_place_calls<basic_subscriber<Allocator, Storage>>
{
    using base = detail::receiving_calls<basic_subscriber<Allocator, Storage>>;

public:
    using allocator_type = Allocator;

    //! What dequeue() returns.
    using message_type = std::vector<
        std::byte, typename std::allocator_traits<
                       Allocator>::template rebind_alloc<std::byte>>;

    //! Effects: a closed handle.
    basic_subscriber() = default;

    //! Effects: opens a queue: create_only, open_only or open_or_create.
    //! Throws: queue_mismatch, queue_corrupt, or `error` with the reason.
    //! Complexity: creating touches every page of the queue once.
    //! Crash safety: a queue whose creator dies is created by the next who
    //! comes.
    template <class Mode>
    basic_subscriber(
        Mode mode, const queue_options& options,
        const Allocator& allocator = Allocator())
        : m_allocator(allocator),
          m_handle(detail::mode_of(mode), options, allocator)
    {
    }

    //! Effects: the same; on failure sets `ec` and leaves the handle closed.
    template <class Mode>
    basic_subscriber(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : m_allocator(allocator)
    {
        detail::finish(ec, [&] {
            m_handle = handle(detail::mode_of(mode), options.get(), allocator);
            return detail::status::done;
        });
    }

    basic_subscriber(basic_subscriber&&) = default;
    basic_subscriber& operator=(basic_subscriber&& other) noexcept
    {
        using traits = std::allocator_traits<Allocator>;
        if constexpr (traits::propagate_on_container_move_assignment::value)
            m_allocator = std::move(other.m_allocator);
        m_handle = std::move(other.m_handle);
        return *this;
    }

    //! Effects: close().
    ~basic_subscriber() = default;

    //! Effects: waits for a message and takes it.
    //! Returns: the message, in a container with the handle's allocator.
    //! Throws: also `error` with errc::canceled after cancel().
    using base::dequeue;

    message_type dequeue()
    {
        message_type message(m_allocator);
        const detail::container_target<message_type> sink(message);
        detail::complete(receive_waiting(sink), m_handle, sink);
        return message;
    }

    message_type dequeue(boost::system::error_code& ec)
    {
        message_type message(m_allocator);
        detail::finish(ec, [&] {
            return receive_waiting(
                detail::container_target<message_type>(message));
        });
        return message;
    }

    //! Effects: ends the waiting of every thread that waits in this handle.
    //! Their calls return false or empty, the twins set errc::canceled, and
    //! dequeue(), which has no such result, throws it. Later calls wait again.
    //! Returns when all have noticed.
    //! Throws: nothing.
    void cancel() noexcept { m_handle.cancel(); }

    //! Effects: cancel(), then leaves the queue. With lifetime::while_open
    //! the last handle takes the queue with it. Throws: nothing.
    void close() noexcept { m_handle.close(); }

    //! Returns: whether the handle has a queue.
    bool is_open() const noexcept { return m_handle.is_open(); }

    //! Returns: the largest message that fits the queue, in bytes: a buffer of
    //! that size takes every message. Requires: is_open().
    std::size_t max_message_size() const noexcept
    {
        return m_handle.ring().ring().max_length();
    }

    Allocator get_allocator() const { return m_allocator; }

private:
    friend class queue_factory;
    using handle = detail::queue_handle<detail::subscriber_side, Storage>;

    friend base;
    friend detail::in_place_calls<basic_subscriber>;
    template <class, class, class, class>
    friend class typed_subscriber;

    // One try to take a message; grows the sink, outside of the lock, as
    // needed. A class, since a lambda is not always inlined.
    template <class Sink>
    struct receiving
    {
        Sink& sink;

        template <class GiveUp>
        BOOST_FORCEINLINE detail::status
        operator()(detail::ring_reader& ring, const GiveUp& give_up) const
        {
            const detail::status result = ring.try_take(sink, give_up);
            return BOOST_IPQ_DETAIL_UNLIKELY(result == detail::status::declined)
                       ? grown(ring, give_up)
                       : result;
        }

        // It looks without the lock.
        bool promising(const detail::ring_reader&) const noexcept
        {
            return true;
        }

        template <class GiveUp>
        BOOST_IPQ_DETAIL_NOINLINE detail::status
        grown(detail::ring_reader& ring, const GiveUp& give_up) const
        {
            detail::status result = detail::status::declined;
            while (result == detail::status::declined && sink.grow())
                result = ring.try_take(sink, give_up);
            return result;
        }
    };

    struct claiming
    {
        detail::claim& held;

        template <class GiveUp>
        detail::status
        operator()(detail::ring_reader& ring, const GiveUp& give_up) const
        {
            return ring.try_claim(held, give_up);
        }

        bool promising(const detail::ring_reader&) const noexcept
        {
            return true;
        }
    };

    template <class Sink>
    BOOST_FORCEINLINE detail::status receive_now(Sink sink)
    {
        return sink.valid() ? m_handle.now(receiving<Sink>{sink})
                            : detail::status::invalid;
    }

    template <
        class Sink, class Deadline = detail::no_deadline,
        class Stop = detail::never_stop>
    detail::status receive_waiting(
        Sink sink, const Deadline& deadline = Deadline(),
        const Stop& stop = Stop())
    {
        return sink.valid()
                   ? m_handle.wait(receiving<Sink>{sink}, deadline, stop)
                   : detail::status::invalid;
    }

    detail::status claim_now(delivery& result)
    {
        return claimed(result, [&](auto attempt) {
            return m_handle.template now<true>(attempt);
        });
    }

    template <
        class Deadline = detail::no_deadline, class Stop = detail::never_stop>
    detail::status claim_waiting(
        delivery& result, const Deadline& deadline = Deadline(),
        const Stop& stop = Stop())
    {
        return claimed(result, [&](auto attempt) {
            return m_handle.template wait<true>(attempt, deadline, stop);
        });
    }

    template <class Function>
    detail::status consume_some(Function& f, std::size_t& count)
    {
        const auto queue = m_handle.queue();
        detail::claimed_run run;
        const detail::status end =
            m_handle.template now<true>([&](auto& ring, const auto& give_up) {
                return ring.try_claim_run(run, give_up);
            });
        return end == detail::status::done
                   ? detail::consume_batch(*queue, run).consume(f, count)
                   : end;
    }

    template <class Operation>
    detail::status claimed(delivery& result, Operation operation)
    {
        auto queue = m_handle.queue();
        detail::claim held;
        const detail::status end = operation(claiming{held});
        if (end == detail::status::done)
            result = delivery(std::move(queue), held);
        return end;
    }

    Allocator m_allocator;
    handle m_handle;
};

//! A subscriber with the standard allocator.
using subscriber = basic_subscriber<>;

} // namespace boost_ipq

#endif
