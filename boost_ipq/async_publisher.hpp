// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_PUBLISHER_HPP
#define BOOST_IPQ_ASYNC_PUBLISHER_HPP

#include <boost_ipq/detail/async/buffers.hpp>
#include <boost_ipq/detail/async/io_object.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace boost_ipq {

//! Puts messages into a queue, in an event loop of Boost.Asio.
//!
//! An I/O object as Asio's own: operations are begun by async_enqueue(), with
//! any completion token, and served in the order begun. A handler never runs
//! inside the initiating function; it runs in its associated executor, by
//! default the object's. Outstanding operations are work of both.
//!
//! An operation that can be done at once is done at once. For those that
//! cannot, the first of them starts a thread, one for the object, which sleeps
//! as a publisher does in enqueue() and ends with close(). Nothing is polled.
//!
//! Errors reach the handler: errc::message_too_large, errc::queue_corrupt,
//! errc::invalid_argument for a null buffer with a size, errc::closed if the
//! object is not open, boost::asio::error::operation_aborted after cancel(),
//! close(), the destructor, or by the handler's cancellation slot (Boost 1.77)
//! with any type of cancellation: the
//! message was not sent.
//!
//! When the execution context is destroyed first, handlers that are outstanding
//! are destroyed without being called, and the thread ends.
//!
//! Thread safety: distinct objects are independent; one object is to be used
//! from one thread or strand at a time. Before a fork, and after it in parent
//! and child, call the context's notify_fork().
//!
//! Crash safety: as basic_publisher. A message whose handler was called without
//! error is delivered.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>>
class basic_async_publisher
    : public detail::async_object<detail::publisher_side, Executor, Allocator>
{
    using base =
        detail::async_object<detail::publisher_side, Executor, Allocator>;

public:
    //! The same object with another executor.
    template <class Other>
    struct rebind_executor
    {
        using other = basic_async_publisher<Other, Allocator>;
    };

    using base::base;

    //! Effects: sends one message, when there is room: the bytes of a buffer,
    //! or of all buffers of a sequence, which stay valid until the handler is
    //! called.
    //! Calls: void(boost::system::error_code).
    template <
        class ConstBufferSequence,
        class Token = boost::asio::default_completion_token_t<Executor>,
        std::enable_if_t<
            boost::asio::is_const_buffer_sequence<ConstBufferSequence>::value,
            int> = 0>
    auto async_enqueue(
        const ConstBufferSequence& buffers,
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code)>(
            typename base::initiation(*this), token,
            detail::sending_task<ConstBufferSequence>(buffers));
    }
};

//! An async_publisher for any executor.
using async_publisher = basic_async_publisher<>;

} // namespace boost_ipq

#endif
