// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SUBSCRIBER_HPP
#define BOOST_IPQ_SUBSCRIBER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Receives messages. Also includes what concerns a queue itself: options,
//! removal, inspection, the factory.

// First: a compiler prints each header between the program and an error.
#include <boost_ipq/detail/handle/misuse.hpp>

#include <boost_ipq/basic_handle.hpp>
#include <boost_ipq/basic_receiver.hpp>
#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/handle/consume_batch.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/ring/peek.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace boost_ipq {

//! Receives messages from a queue.
//!
//! Any number of subscribers in any number of processes may have a queue open.
//! They compete: each message goes to exactly one of them, first in, first out.
//!
//! A message is received into a resizable contiguous container of bytes
//! (std::vector, std::string, boost::container::small_vector), which is
//! resized to the message, or into a caller's buffer.
//!
//! What holds for every receiving call, unless its description says otherwise:
//!
//! Stopping: after stop(), a call that waits takes a message that is there, and
//! else returns false or an empty delivery, sets errc::stopped, or throws it.
//!
//! Throws: buffer_too_small if the message is longer than the caller's buffer,
//! with its length in `size`; queue_corrupt if the queue's memory is damaged;
//! queue_removed if the queue was removed and nothing is left in it; queue_busy
//! if a call that must not wait finds a lock held by a process that is stopped,
//! see queue_options::busy_after(); `error` with errc::invalid_argument for a
//! null buffer with a capacity, and with errc::closed if the handle is not
//! open; what the container's allocator throws. The message stays in the queue
//! then.
//!
//! Complexity: one copy of the message. No allocation except the container's. A
//! call that need not wait makes no system call, except to wake publishers that
//! sleep. If it has to wait for the lock of the subscribers, or a process holds
//! a message in place, it may also ask the kernel whether another process is
//! alive. At the end of a burst, the first call that finds the queue empty
//! looks again less than a microsecond later; if there is a message then, it
//! waits a few microseconds for more messages.
//!
//! Thread safety: safe. If a process is stopped inside a call (by SIGSTOP or in
//! a debugger), the waiting calls of other subscribers may wait until it
//! continues; calls that must not wait, such as the `try_` calls, end with
//! queue_busy. A forked child may use its copy of a handle; its first call
//! joins the queue. Not async-signal-safe.
//!
//! Crash safety: a message is lost only if the process dies after the call has
//! moved the queue past it. No other process waits for the dead process.
template <class Allocator, class Storage>
class basic_subscriber : public basic_receiver<basic_handle<
                             typename detail::subscriber_side_of<Storage>::type,
                             Allocator, Storage>>
{
    using base = basic_receiver<basic_handle<
        typename detail::subscriber_side_of<Storage>::type, Allocator,
        Storage>>;

public:
    //! As the constructors of basic_handle.
    using base::base;

    //! The container that dequeue() returns.
    using typename base::message_type;

    //! Effects: takes the newest message into a container, if there is a
    //! message now, and drops the older ones, also those that were given back.
    //! While another process fills a message in place, those behind it cannot
    //! be taken yet, and the newest one is in front of it.
    //! Returns: false if there is none.
    //! Throws: as try_dequeue(message). No message was dropped then.
    //! Complexity: linear in the messages that wait, most of it without a lock.
    //! Crash safety: if the process dies in the call, older messages may have
    //! been dropped.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue_latest(Container& message)
    {
        return m_handle.try_once(detail::latest(detail::into(message)));
    }

    //! As try_dequeue_latest(message), but reports failure through `ec`, and
    //! returns false then.
    template <class Container, detail::if_container<Container> = 0>
    bool try_dequeue_latest(Container& message, boost::system::error_code& ec)
    {
        return m_handle.try_once(detail::latest(detail::into(message)), ec);
    }

    //! As try_dequeue_latest(message), but takes the message into a buffer, as
    //! try_dequeue(buffer, capacity, size) does.
    bool
    try_dequeue_latest(void* buffer, std::size_t capacity, std::size_t& size)
    {
        return m_handle.try_once(
            detail::latest(detail::into(buffer, capacity, size)));
    }

    //! As try_dequeue_latest(buffer, capacity, size), but reports failure
    //! through `ec`, and returns false then.
    bool try_dequeue_latest(
        void* buffer, std::size_t capacity, std::size_t& size,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(
            detail::latest(detail::into(buffer, capacity, size)), ec);
    }

    //! As try_dequeue_latest(buffer, capacity, size), but cuts a longer message
    //! to `capacity` bytes; `size` is its full length.
    bool try_dequeue_latest(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut)
    {
        return m_handle.try_once(
            detail::latest(detail::into(buffer, capacity, size, cut)));
    }

    //! As try_dequeue_latest(buffer, capacity, size, truncate), but reports
    //! failure through `ec`, and returns false then.
    bool try_dequeue_latest(
        void* buffer, std::size_t capacity, std::size_t& size, truncate_t cut,
        boost::system::error_code& ec)
    {
        return m_handle.try_once(
            detail::latest(detail::into(buffer, capacity, size, cut)), ec);
    }

    //! Effects: takes the oldest message, if there is a message now. The caller
    //! reads it in place and acknowledges it.
    //! Returns: an empty delivery if there is none.
    //! Complexity: constant. No copy.
    BOOST_FORCEINLINE delivery try_receive()
    {
        delivery result;
        if (m_handle.try_once(detail::claiming{result.m_claim}))
            result.m_queue = m_handle.queue().get();
        return result;
    }

    //! As try_receive(), but reports failure through `ec`, and returns an empty
    //! delivery then.
    delivery try_receive(boost::system::error_code& ec)
    {
        return claimed([&](detail::claiming attempt) {
            return m_handle.try_once(attempt, ec);
        });
    }

    //! Effects: waits for a message and takes it, to be read in place.
    //! Returns: an empty delivery if the wait was canceled by cancel() or
    //! close().
    //! Complexity: constant. No copy.
    delivery receive() { return claimed_within(detail::no_limit()); }

    //! As receive(), but reports failure through `ec`, and returns an empty
    //! delivery then. A canceled wait sets errc::canceled.
    delivery receive(boost::system::error_code& ec)
    {
        return claimed_within(detail::no_limit(), ec);
    }

    //! Effects: waits for a message until `stop.stop_requested()`, and takes
    //! it, to be read in place.
    //! Returns: an empty delivery if a stop was requested, or the wait was
    //! canceled by cancel() or close().
    //! Complexity: constant. No copy.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    delivery receive(const Stop& stop)
    {
        return claimed_within(detail::until_stopped(stop));
    }

    //! As receive(stop), but reports failure through `ec`, and returns an empty
    //! delivery then. A canceled wait sets errc::canceled.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    delivery receive(const Stop& stop, boost::system::error_code& ec)
    {
        return claimed_within(detail::until_stopped(stop), ec);
    }

    //! Effects: waits for a message until a time point or for a duration, as
    //! timed_dequeue() does, and takes it, to be read in place.
    //! Returns: an empty delivery if the deadline has passed, or the wait was
    //! canceled by cancel() or close().
    //! Complexity: constant. No copy.
    template <class Time, detail::if_deadline<Time> = 0>
    delivery timed_receive(const Time& deadline)
    {
        return claimed_within(detail::until(deadline));
    }

    //! As timed_receive(deadline), but reports failure through `ec`, and
    //! returns an empty delivery then. A canceled wait sets errc::canceled.
    template <class Time, detail::if_deadline<Time> = 0>
    delivery timed_receive(const Time& deadline, boost::system::error_code& ec)
    {
        return claimed_within(detail::until(deadline), ec);
    }

    //! Requires: f(const void*, std::size_t) can be called.
    //! Effects: if there is a message now, calls `f` with the oldest message in
    //! place, then acknowledges it.
    //! Returns: the number of messages, 0 or 1.
    //! Throws: also what `f` throws; the message is delivered again then.
    //! Complexity: constant. No copy.
    //! Crash safety: if the process dies before `f` has returned, the message
    //! is delivered again.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return consume(try_receive(), f);
    }

    //! As consume_one(f), but reports failure through `ec`, and returns 0 then.
    //! Exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        return consume(try_receive(ec), f);
    }

    //! Requires: f(const void*, std::size_t) can be called.
    //! Effects: calls `f` with each message in place, oldest first, then
    //! acknowledges it. Takes up to 64 messages at a time, and ends when there
    //! was no message behind those that it took. Messages that are sent or
    //! given back later are left to the next call.
    //! Returns: the number of messages.
    //! Throws: also what `f` throws. The message that `f` was called with is
    //! delivered again then; the messages behind it may count as redelivered,
    //! too.
    //! Complexity: two locks and at most one wake-up for every 64 messages. No
    //! copy.
    //! Crash safety: if the process dies, each message for which `f` has not
    //! returned is delivered again.
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        std::size_t count = 0;
        while (m_handle.check(consume_some(f, count), detail::any_message()))
        {
        }
        return count;
    }

    //! As consume_all(f), but reports failure through `ec`, and returns the
    //! number of messages before it. If `f` throws an `error`,
    //! std::invalid_argument or std::bad_alloc, that is reported, too; other
    //! exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        std::size_t count = 0;
        while (detail::finish(ec, [&] { return consume_some(f, count); }))
        {
        }
        return count;
    }

    //! Effects: drops the messages that wait now, also those that were given
    //! back. Messages that are sent meanwhile stay, and so do those that a
    //! process reads in place or still fills.
    //! Returns: how many.
    //! Complexity: linear in the messages. Both locks of the queue, each for a
    //! short time.
    //! Crash safety: if the process dies in the call, some of the messages are
    //! dropped, the oldest first.
    std::size_t purge()
    {
        std::size_t count = 0;
        m_handle.try_once(detail::purging{count});
        return count;
    }

    //! As purge(), but reports failure through `ec`, and returns the number of
    //! messages that were dropped before it.
    std::size_t purge(boost::system::error_code& ec)
    {
        std::size_t count = 0;
        m_handle.try_once(detail::purging{count}, ec);
        return count;
    }

    //! Requires: f(const void*, std::size_t) can be called.
    //! Effects: calls `f` with a copy of each message that waits now, oldest
    //! first, and leaves the messages in the queue. No lock is held, and `f`
    //! may use the queue. A message that is taken meanwhile may be left out. A
    //! message that a process reads in place does not wait.
    //! Returns: the number of messages; 0 if the queue was removed and is
    //! empty.
    //! Throws: also what `f` throws.
    //! Complexity: linear in the messages: one copy of each, no lock. Allocates
    //! only for messages of more than 8 KiB, with the handle's allocator.
    //! Crash safety: the queue is not changed.
    template <class Function>
    std::size_t peek(Function&& f)
    {
        return peek(f, (std::numeric_limits<std::size_t>::max)());
    }

    //! As peek(f), but for at most `n` messages.
    template <class Function>
    std::size_t peek(Function&& f, std::size_t n)
    {
        std::size_t count = 0;
        m_handle.check(look_at(f, n, count), detail::any_message());
        return count;
    }

    //! As peek(f), but reports failure through `ec`, and returns the number of
    //! messages before it. If `f` throws an `error`, std::invalid_argument or
    //! std::bad_alloc, that is reported, too; other exceptions of `f` are still
    //! thrown.
    template <class Function>
    std::size_t peek(Function&& f, boost::system::error_code& ec)
    {
        return peek(f, (std::numeric_limits<std::size_t>::max)(), ec);
    }

    //! As peek(f, ec), but for at most `n` messages.
    template <class Function>
    std::size_t peek(Function&& f, std::size_t n, boost::system::error_code& ec)
    {
        std::size_t count = 0;
        detail::finish(ec, [&] { return look_at(f, n, count); });
        return count;
    }

    // Calls that no other overload takes: the compiler says what to do instead.
    template <class Time, class... Code, detail::if_no_deadline<Time> = 0>
    delivery timed_receive(const Time&, Code&...)
    {
        detail::explain_deadline<Time>();
        return {};
    }

private:
    friend class queue_factory;
    using base::m_handle;

    template <class, class, class, class>
    friend class typed_subscriber;

    template <class Limit, class... Code>
    delivery claimed_within(const Limit& limit, Code&... ec)
    {
        return claimed([&](detail::claiming attempt) {
            return m_handle.wait(attempt, limit, ec...);
        });
    }

    // Returns the delivery that `operation` makes.
    template <class Operation>
    delivery claimed(Operation operation)
    {
        delivery result;
        // The handle may be gone after a wait.
        detail::attachment* const queue = m_handle.queue().get();
        if (operation(detail::claiming{result.m_claim}))
            result.m_queue = queue;
        return result;
    }

    template <class Function>
    detail::status look_at(Function& f, std::size_t most, std::size_t& count)
    {
        const auto queue = m_handle.queue(); // `f` may close the handle
        if (!queue)
            return detail::status::detached;
        // Not by detail::next_of(): a broadcast has its own, declared later.
        detail::peeker walk(queue->ring(), next_of(m_handle.ring()));
        alignas(detail::max_alignment) std::byte brief[detail::peeked_on_stack];
        message_type large(this->m_allocator);
        while (count < most)
        {
            std::size_t size = 0;
            const bool is_long = large.size() > sizeof brief;
            std::byte* const copy = is_long ? large.data() : brief;
            const detail::status next =
                walk.next(copy, is_long ? large.size() : sizeof brief, size);
            if (next == detail::status::declined)
                large.resize(size);
            else if (next != detail::status::done)
                return next;
            else
            {
                f(static_cast<const void*>(copy), size);
                ++count;
            }
        }
        return detail::status::done;
    }

    template <class Function>
    static std::size_t consume(delivery message, Function& f)
    {
        if (!message)
            return 0;
        f(message.data(), message.size());
        message.acknowledge();
        return 1;
    }

    // Returns: status::done if there may be more.
    template <class Function>
    detail::status consume_some(Function& f, std::size_t& count)
    {
        const auto queue = m_handle.queue(); // `f` may close the handle
        using runs = detail::runs_in<Storage>;
        typename runs::run run;
        typename runs::attempt attempt{run};
        const detail::status end = m_handle.now(attempt);
        if (end == detail::status::done)
            return typename runs::batch(*queue, run).consume(f, count);
        // The caller learns of the messages that were consumed before; the next
        // call reports the stopped process, or that the queue was removed.
        return count != 0 && (end == detail::status::busy ||
                              end == detail::status::removed)
                   ? detail::status::would_block
                   : end;
    }
};

namespace detail {
BOOST_IPQ_DETAIL_EXTERN_INSTANCES(subscriber_side, receiving<buffer_target>)
BOOST_IPQ_DETAIL_EXTERN_INSTANCES(subscriber_side, claiming)
} // namespace detail

// A handle's allocator follows from the constructor's argument.
template <class Mode, class Options>
basic_subscriber(Mode, const Options&) -> basic_subscriber<>;
template <class Mode, class Options, class Allocator>
basic_subscriber(Mode, const Options&, const Allocator&)
    -> basic_subscriber<Allocator>;
template <class Mode, class Options>
basic_subscriber(Mode, const Options&, boost::system::error_code&)
    -> basic_subscriber<>;
template <class Mode, class Options, class Allocator>
basic_subscriber(
    Mode, const Options&, boost::system::error_code&, const Allocator&)
    -> basic_subscriber<Allocator>;

} // namespace boost_ipq

#include <boost_ipq/inspect.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/requeue.hpp>
#include <boost_ipq/wait_for_queue.hpp>

#endif
