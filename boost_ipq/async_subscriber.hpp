// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_SUBSCRIBER_HPP
#define BOOST_IPQ_ASYNC_SUBSCRIBER_HPP

#include <boost_ipq/detail/async/buffers.hpp>
#include <boost_ipq/detail/async/io_object.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Takes messages out of a queue, in an event loop of Boost.Asio.
//!
//! An I/O object as Asio's own: operations are begun by async_dequeue(), with
//! any completion token, and served in the order begun. A handler never runs
//! inside the initiating function; it runs in its associated executor, by
//! default the object's. Outstanding operations are work of both.
//!
//! An operation that can be done at once is done at once. For those that
//! cannot, the first of them starts a thread, one for the object, which sleeps
//! as a subscriber does in dequeue() and ends with close(). Nothing is polled.
//!
//! Errors reach the handler: errc::buffer_too_small, errc::queue_corrupt,
//! errc::invalid_argument for a null buffer with a size, errc::closed if the
//! object is not open, boost::asio::error::operation_aborted after cancel(),
//! close(), the destructor, or by the handler's cancellation slot (Boost 1.77)
//! with any type of cancellation: the
//! message stays in the queue.
//!
//! When the execution context is destroyed first, handlers that are outstanding
//! are destroyed without being called, and the thread ends.
//!
//! Thread safety: distinct objects are independent; one object is to be used
//! from one thread or strand at a time. Before a fork, and after it in parent
//! and child, call the context's notify_fork().
//!
//! Crash safety: as basic_subscriber. A message that was taken for an operation
//! is lost if the process dies before its handler has run.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>>
class basic_async_subscriber
    : public detail::async_object<detail::subscriber_side, Executor, Allocator>
{
    using base =
        detail::async_object<detail::subscriber_side, Executor, Allocator>;

public:
    //! The same object with another executor.
    template <class Other>
    struct rebind_executor
    {
        using other = basic_async_subscriber<Other, Allocator>;
    };

    using base::base;

    //! Effects: takes the oldest message, when there is one, into a buffer or a
    //! sequence of buffers, which stay valid until the handler is called.
    //! Calls: void(boost::system::error_code, std::size_t), with the message's
    //! size; with errc::buffer_too_small too: the message stays in the queue.
    template <
        class MutableBufferSequence,
        class Token = boost::asio::default_completion_token_t<Executor>,
        std::enable_if_t<
            boost::asio::is_mutable_buffer_sequence<
                MutableBufferSequence>::value,
            int> = 0>
    auto async_dequeue(
        const MutableBufferSequence& buffers,
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        return begin(
            detail::sequence_sink<MutableBufferSequence>(buffers),
            std::forward<Token>(token));
    }

    //! Effects: the same, appending the message to a dynamic buffer (v1 or v2),
    //! which grows to it. What is longer than its max_size() allows is
    //! errc::buffer_too_small.
    template <
        class DynamicBuffer,
        class Token = boost::asio::default_completion_token_t<Executor>,
        std::enable_if_t<
            boost::asio::is_dynamic_buffer<std::decay_t<DynamicBuffer>>::value,
            int> = 0>
    auto async_dequeue(
        DynamicBuffer&& buffer,
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        using dynamic_buffer = std::decay_t<DynamicBuffer>;
        return begin(
            detail::dynamic_sink<dynamic_buffer>(
                dynamic_buffer(std::forward<DynamicBuffer>(buffer))),
            std::forward<Token>(token));
    }

private:
    template <class Sink, class Token>
    auto begin(Sink sink, Token&& token)
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code, std::size_t)>(
            typename base::initiation(*this), token,
            detail::receiving_task<Sink>(std::move(sink)));
    }
};

//! An async_subscriber for any executor.
using async_subscriber = basic_async_subscriber<>;

} // namespace boost_ipq

#endif
