// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BROADCAST_HPP
#define BOOST_IPQ_BROADCAST_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Every subscriber gets every message. Also includes what concerns the
//! broadcast itself: options, removal, inspection.

#include <boost_ipq/detail/handle/broadcast_side.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace boost_ipq {

//! The number of old messages that a new subscriber of a broadcast gets.
class history
{
public:
    //! Throws: nothing.
    constexpr explicit history(std::size_t messages) noexcept
        : m_messages(messages)
    {
    }

    //! Returns: the number.
    //! Throws: nothing.
    constexpr std::size_t messages() const noexcept { return m_messages; }

private:
    std::size_t m_messages;
};

//! Sends messages to all subscribers of a broadcast.
//!
//! It has the calls of basic_publisher, with the same meaning, and the same
//! guarantees when a process dies. There is one copy of each message, however
//! many subscribers there are. What is different:
//!
//! - A broadcast is full if the room is needed that a subscriber's next message
//!   takes. With overflow::block, that is any living subscriber: publishers
//!   wait for the slowest. With overflow::drop_oldest, it is one that reads in
//!   place: of all others, the oldest messages are dropped. In both cases a
//!   reservation that is not committed yet keeps its room, too.
//! - Without subscribers, messages go nowhere. The newest ones stay for those
//!   that ask for a history(), until their room is needed.
//! - size() and bytes() count what is kept: what a subscriber has not read yet,
//!   and the history.
//! - A subscriber that dies holds publishers up for some 50 milliseconds at
//!   most.
//!
//! A name is a queue or a broadcast: opening it as the other fails with
//! `queue_mismatch`. The capacity of a broadcast is at most 4 GiB less
//! 64 MiB and 64 KiB.
template <class Allocator, class Storage>
class basic_broadcast_publisher
    : public basic_publisher<Allocator, detail::broadcast_in<Storage>>
{
    using base = basic_publisher<Allocator, detail::broadcast_in<Storage>>;

public:
    //! As the constructors of basic_handle. Throws: also std::invalid_argument
    //! if the broadcast must be created, and the capacity is too large.
    using base::base;

    // overflow::drop_oldest is what a broadcast has instead.
    template <class... Arguments>
    bool try_enqueue_overwriting(Arguments&&...) = delete;
};

//! Receives all messages of a broadcast.
//!
//! It has the calls of basic_subscriber. Each subscriber has a position of its
//! own: it gets every message that is sent after it was opened, in order. At
//! most 1,024 subscribers may have a broadcast open. What is different:
//!
//! - With overflow::drop_oldest, a subscriber that is slow loses the oldest
//!   messages, see missed(). A message that is received is always whole.
//! - Copying a message holds no other process up, even if this one is stopped
//!   meanwhile. If the copy was overtaken, it is discarded, and the call goes
//!   on with the next message that is still there. A try call that publishers
//!   have overtaken again and again, as in a ring that is too small for their
//!   speed, returns as if there was no message.
//! - Reading in place (try_receive(), consume_all() and the like) keeps the
//!   room of the message, and of those behind it, under both policies.
//! - consume_all() takes up to 64 messages at a time, and lets publishers use
//!   the room of what was read after every 4 KiB, or after every sixty-fourth
//!   of the capacity if that is more. If the function throws, that message and
//!   those behind it are delivered again.
//! - A delivery that is not acknowledged is delivered again by the same
//!   subscriber. It ends with the subscriber's process: no other gets it.
//! - Several threads that use one handle share its position: each message goes
//!   to one of them.
//! - A forked child may use its copy of a handle. Its first call makes it a
//!   subscriber of its own, which gets what is sent from then on.
//!
//! Complexity: no call takes a lock that other processes wait for, except for
//! the constructor, and a copy that was overtaken three times in a row. No
//! allocation except the container's, unless more than 16 deliveries of one
//! subscriber are outstanding.
template <class Allocator, class Storage>
class basic_broadcast_subscriber
    : public basic_subscriber<Allocator, detail::broadcast_in<Storage>>
{
    using base = basic_subscriber<Allocator, detail::broadcast_in<Storage>>;
    using handle = basic_handle<
        detail::broadcast_subscriber_side, Allocator,
        detail::broadcast_in<Storage>>;

public:
    //! As the constructors of basic_handle: the subscriber gets what is sent
    //! from now on. Throws: also `error` with errc::too_many_subscribers;
    //! queue_busy if a stopped process holds the lock of the publishers for
    //! longer than queue_options::busy_after().
    using base::base;

    //! Effects: as basic_handle(mode, options, allocator); the subscriber
    //! first gets the newest `old.messages()` messages that are still there.
    //! Complexity: also linear in the records of up to a sixteenth of the
    //! capacity, or of all of it before it was used for the first time.
    //! Publishers may have to wait for it.
    template <class Mode>
    basic_broadcast_subscriber(
        Mode mode, const queue_options& options, history old,
        const Allocator& allocator = Allocator())
        : base(mode, options.with_history(old.messages()), allocator)
    {
    }

    //! As basic_broadcast_subscriber(mode, options, old, allocator), but
    //! reports failure through `ec`, and the handle is closed then.
    template <class Mode>
    basic_broadcast_subscriber(
        Mode mode, const detail::options_argument& options, history old,
        boost::system::error_code& ec, const Allocator& allocator = Allocator())
        : base(
              mode, options.then([old](const queue_options& given) {
                  return given.with_history(old.messages());
              }),
              ec, allocator)
    {
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as basic_broadcast_subscriber(mode, options, old, allocator),
    //! but waits for other processes as basic_handle(mode, options, limit)
    //! does.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    //! Complexity: as without a limit.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    basic_broadcast_subscriber(
        Mode mode, const queue_options& options, history old,
        const Limit& limit, const Allocator& allocator = Allocator())
        : base(mode, options.with_history(old.messages()), limit, allocator)
    {
    }

    //! As basic_broadcast_subscriber(mode, options, old, limit, allocator), but
    //! reports failure through `ec`, and the handle is closed then.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    basic_broadcast_subscriber(
        Mode mode, const detail::options_argument& options, history old,
        const Limit& limit, boost::system::error_code& ec,
        const Allocator& allocator = Allocator())
        : base(
              mode, options.then([old](const queue_options& given) {
                  return given.with_history(old.messages());
              }),
              limit, ec, allocator)
    {
    }

    //! Returns: the number of messages that were dropped before this
    //! subscriber read them, since it was opened; 0 if the handle is closed.
    //! With overflow::block it is 0. What this subscriber itself has dropped
    //! does not count (try_dequeue_latest(), purge()). A reservation that was
    //! abandoned counts as a message here.
    //! Throws: nothing.
    //! Complexity: constant.
    //! Thread safety: safe.
    std::uint64_t missed() const noexcept
    {
        return reader() ? reader()->missed() : 0;
    }

    //! Returns: the number of messages that wait for this subscriber. One that
    //! is being filled counts, one that is being read in place does not. A hint
    //! while others work. 0 if the handle is closed.
    //! Throws: nothing.
    //! Complexity: constant.
    //! Thread safety: safe.
    std::size_t size() const noexcept { return contents().messages; }

    //! Returns: the bytes of the capacity from the oldest message that this
    //! subscriber waits for or reads in place, to the newest. A hint while
    //! others work. 0 if the handle is closed.
    //! Throws: nothing. Complexity, thread safety: as size().
    std::size_t bytes() const noexcept { return contents().bytes; }

    //! Returns: whether size() is 0.
    //! Throws: nothing. Complexity, thread safety: as size().
    bool empty() const noexcept { return size() == 0; }

private:
    const std::shared_ptr<detail::broadcast_cursor>& reader() const noexcept
    {
        return this->handle::m_handle.ring().reader();
    }

    detail::ring_contents contents() const noexcept
    {
        return reader() ? reader()->contents() : detail::ring_contents();
    }
};

// A handle's allocator follows from the constructor's argument.
template <class Mode, class Options>
basic_broadcast_publisher(Mode, const Options&) -> basic_broadcast_publisher<>;
template <class Mode, class Options, class Allocator>
basic_broadcast_publisher(Mode, const Options&, const Allocator&)
    -> basic_broadcast_publisher<Allocator>;
template <class Mode, class Options>
basic_broadcast_publisher(Mode, const Options&, boost::system::error_code&)
    -> basic_broadcast_publisher<>;
template <class Mode, class Options>
basic_broadcast_subscriber(Mode, const Options&)
    -> basic_broadcast_subscriber<>;
template <class Mode, class Options>
basic_broadcast_subscriber(Mode, const Options&, history)
    -> basic_broadcast_subscriber<>;
template <class Mode, class Options, class Allocator>
basic_broadcast_subscriber(Mode, const Options&, const Allocator&)
    -> basic_broadcast_subscriber<Allocator>;
template <class Mode, class Options, class Allocator>
basic_broadcast_subscriber(Mode, const Options&, history, const Allocator&)
    -> basic_broadcast_subscriber<Allocator>;
template <class Mode, class Options>
basic_broadcast_subscriber(Mode, const Options&, boost::system::error_code&)
    -> basic_broadcast_subscriber<>;
template <class Mode, class Options>
basic_broadcast_subscriber(
    Mode, const Options&, history, boost::system::error_code&)
    -> basic_broadcast_subscriber<>;
template <class Mode, class Options, class Limit, detail::if_limit<Limit> = 0>
basic_broadcast_subscriber(Mode, const Options&, history, const Limit&)
    -> basic_broadcast_subscriber<>;
template <class Mode, class Options, class Limit, detail::if_limit<Limit> = 0>
basic_broadcast_subscriber(
    Mode, const Options&, history, const Limit&, boost::system::error_code&)
    -> basic_broadcast_subscriber<>;

//! A publisher of a broadcast in shared memory or in a file, with the standard
//! allocator.
using broadcast_publisher = basic_broadcast_publisher<>;

//! A subscriber of a broadcast in shared memory or in a file, with the standard
//! allocator.
using broadcast_subscriber = basic_broadcast_subscriber<>;

} // namespace boost_ipq

#endif
