// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_PUBLISHER_HPP
#define BOOST_IPQ_CLOUDTOID_PUBLISHER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/basic_sender.hpp>
#include <boost_ipq/cloudtoid_basic_handle.hpp>
#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/writer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {
namespace cloudtoid {

//! Sends messages to a queue of cloudtoid/interprocess, version 3. Programs in
//! other languages may have it open with the packages of that project.
//!
//! A message is given as a pointer and a size in bytes, or as a contiguous
//! range of trivially copyable elements, as for boost_ipq::publisher. The
//! messages of one publisher arrive in the order sent.
//!
//! The calls are those of basic_sender. What holds for every sending call,
//! unless its description says otherwise:
//!
//! Returns: false also while a subscriber keeps publishers out for a moment:
//! after a death, it removes what was left.
//!
//! Stopping: after stop(), a call that waits sends if there is room, and else
//! returns false, sets errc::stopped, or throws it. A token of any type is
//! asked at least every millisecond.
//!
//! Throws: message_too_large if the message could never fit the queue;
//! queue_corrupt if the queue's memory is damaged; `error` with
//! errc::invalid_argument for a null pointer with a size, and with errc::closed
//! if the handle is not open or belongs to the parent of this process.
//!
//! Complexity: one copy of the message. No allocation. No system call, except
//! to wake a subscriber that sleeps. A call that waits looks again and again,
//! with longer and longer pauses, of at most a millisecond: the protocol has no
//! signal for room.
//!
//! Thread safety: safe. Not async-signal-safe, except stop(). A process that is
//! stopped inside a call holds up the subscribers until it continues.
//!
//! Crash safety: a message whose sending call has reported success is
//! delivered, unless the queue ends first, or a publisher died while it sent an
//! earlier message: after ten seconds, subscribers drop that message and those
//! that were sent after it until then. That is the protocol's rule.
class publisher
    : public basic_sender<
          basic_handle<detail::cloudtoid::writer, std::allocator<std::byte>>>
{
    using base = basic_sender<
        basic_handle<detail::cloudtoid::writer, std::allocator<std::byte>>>;

public:
    //! Effects: makes a closed handle.
    //! Throws: nothing.
    publisher() = default;

    //! Effects: opens the queue, or creates it if no process has it open.
    //! Throws: queue_mismatch if the queue has a different capacity;
    //! queue_corrupt if it is damaged; `error` with
    //! errc::too_many_processes if it has 2,048 publishers; `error` with
    //! errc::no_space, errc::permission_denied, or an error of the system;
    //! std::bad_alloc. Complexity: some system calls. Creating a queue makes
    //! the system reserve its pages. Waits while another process opens or
    //! closes a queue in the same directory.
    explicit publisher(const queue_options& options)
        : base(options, std::allocator<std::byte>())
    {
    }

    //! As publisher(options), but reports failure through `ec`, and the
    //! handle is closed then.
    publisher(const queue_options& options, boost::system::error_code& ec)
        : base(options, ec, std::allocator<std::byte>())
    {
    }

    //! Requires: each element of [first, last) is a range of bytes. The call
    //! iterates more than once.
    //! Effects: sends as many of the elements as fit, from `first` on, each as
    //! one message. Subscribers may see some of them before others are sent,
    //! and messages of other publishers may come in between.
    //! Returns: the number of messages sent; 0 if the queue is full.
    //! Throws: message_too_large, or what the iterators throw. No message was
    //! sent then, unless an iterator throws only in its second pass.
    //! Complexity: one copy of each message.
    //! Crash safety: if the process dies during the call, the messages that
    //! were sent so far arrive.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(ForwardIterator first, ForwardIterator last)
    {
        std::size_t sent = 0;
        this->m_handle.try_once(
            detail::sending_all<ForwardIterator>{first, last, sent});
        return sent;
    }

    //! As try_enqueue_all(first, last), but reports failure through `ec`, and
    //! returns 0 then.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(
        ForwardIterator first, ForwardIterator last,
        boost::system::error_code& ec)
    {
        std::size_t sent = 0;
        this->m_handle.try_once(
            detail::sending_all<ForwardIterator>{first, last, sent}, ec);
        return sent;
    }
};

} // namespace cloudtoid
} // namespace boost_ipq

#endif
