// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_SUBSCRIBER_HPP
#define BOOST_IPQ_CLOUDTOID_SUBSCRIBER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/basic_receiver.hpp>
#include <boost_ipq/cloudtoid_basic_handle.hpp>
#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/function_target.hpp>
#include <boost_ipq/detail/cloudtoid/reader.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {
namespace cloudtoid {

//! Receives messages from a queue of cloudtoid/interprocess, version 3.
//! Programs in other languages may have it open with the packages of that
//! project. Subscribers compete: each message goes to exactly one of them.
//!
//! A message is received into a resizable contiguous container of bytes, or
//! into a caller's buffer, as by boost_ipq::subscriber.
//!
//! The calls are those of basic_receiver. What holds for every receiving call,
//! unless its description says otherwise:
//!
//! Returns: false also if another subscriber or a publisher stands in the way:
//! it does not run, or has died recently.
//!
//! Stopping: after stop(), a call that waits takes a message that is there, and
//! else returns false, sets errc::stopped, or throws it. A token of any type is
//! asked at least every 5 milliseconds.
//!
//! Throws: buffer_too_small if the message is longer than the caller's buffer,
//! with its length in `size`; queue_corrupt if the queue's memory is damaged;
//! `error` with errc::invalid_argument for a null buffer with a capacity, and
//! with errc::closed if the handle is not open or belongs to the parent of this
//! process; what the container's allocator throws. The message stays in the
//! queue then.
//!
//! Complexity: one copy of the message, and its memory is set to zero. No
//! allocation except the container's. A call that need not wait makes no system
//! call, except to ask the kernel whether a subscriber that stands in the way
//! is alive. A call that waits sleeps for at most 5 milliseconds at a time.
//!
//! Thread safety: safe. Not async-signal-safe, except stop(). A process that is
//! stopped inside a call holds up the other subscribers until it continues.
//!
//! Crash safety: a message is lost only if the process dies after the call has
//! begun to remove it. Subscribers continue within a tenth of a second after
//! the death of another subscriber, and ten seconds after the death of a
//! publisher inside a call; then they drop the message that it was sending and
//! those sent after it. That is the protocol's rule.
template <class Allocator = std::allocator<std::byte>>
class basic_subscriber
    : public basic_receiver<basic_handle<detail::cloudtoid::reader, Allocator>>
{
    using base =
        basic_receiver<basic_handle<detail::cloudtoid::reader, Allocator>>;

public:
    //! Effects: makes a closed handle.
    //! Throws: nothing.
    basic_subscriber() = default;

    //! Effects: opens the queue, or creates it if no process has it open.
    //! The handle allocates the messages that it returns with `allocator`.
    //! Throws: queue_mismatch if the queue has a different capacity;
    //! queue_corrupt if it is damaged; `error` with errc::no_space,
    //! errc::permission_denied, or an error of the system; std::bad_alloc.
    //! Complexity: some system calls. Creating a queue makes the system reserve
    //! its pages. Waits while another process opens or closes a queue in the
    //! same directory.
    explicit basic_subscriber(
        const queue_options& options, const Allocator& allocator = Allocator())
        : base(options, allocator)
    {
    }

    //! As basic_subscriber(options, allocator), but reports failure through
    //! `ec`, and the handle is closed then.
    basic_subscriber(
        const queue_options& options, boost::system::error_code& ec,
        const Allocator& allocator = Allocator())
        : base(options, ec, allocator)
    {
    }

    //! Requires: f(const void*, std::size_t) can be called. It does not use
    //! this queue as a subscriber.
    //! Effects: if there is a message now, calls `f` with the oldest message,
    //! then takes it. No other subscriber, in any process, receives meanwhile.
    //! Returns: the number of messages, 0 or 1; 0 also as try_dequeue(message).
    //! Throws: also what `f` throws. The message stays in the queue then.
    //! Complexity: no copy, unless the message goes over the end of the queue's
    //! memory; then it is copied once, with the handle's allocator.
    //! Crash safety: if the process dies before `f` has returned, the message
    //! stays in the queue. So a message that `f` forwards or stores is not
    //! lost, but may be delivered twice.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return this->m_handle.try_once(
            detail::cloudtoid::consuming(f, this->m_allocator));
    }

    //! As consume_one(f), but reports failure through `ec`, and returns 0 then.
    //! If `f` throws an `error`, std::invalid_argument or std::bad_alloc, that
    //! is reported, too; other exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        return this->m_handle.try_once(
            detail::cloudtoid::consuming(f, this->m_allocator), ec);
    }

    //! Effects: repeats consume_one(f) until it returns 0.
    //! Returns: the number of messages.
    //! Throws: as consume_one(f).
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        std::size_t count = 0;
        while (consume_one(f) != 0)
            ++count;
        return count;
    }

    //! As consume_all(f), but reports failure through `ec` as consume_one(f,
    //! ec), and returns the number of messages before it.
    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        std::size_t count = 0;
        while (consume_one(f, ec) != 0)
            ++count;
        return count;
    }
};

//! A subscriber with the standard allocator.
using subscriber = basic_subscriber<>;

} // namespace cloudtoid
} // namespace boost_ipq

#endif
