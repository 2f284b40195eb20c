// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_PUBLISHER_HPP
#define BOOST_IPQ_ASYNC_PUBLISHER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/async_object.hpp>
#include <boost_ipq/detail/async/buffers.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace boost_ipq {

//! Sends messages in an event loop of Boost.Asio.
//!
//! async_object describes construction, cancel(), close(), the observers, the
//! order of operations, and the errors that every handler may receive.
//! `async_publisher out(io, open_only, "name");` opens a queue.
//!
//! Thread safety: as async_object.
//!
//! Crash safety: a message whose handler was called without an error is
//! delivered. A message that is being sent when the process dies is delivered
//! whole or not at all. No other process waits for the dead process.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>,
    class Side = detail::publisher_side>
class basic_async_publisher : public async_object<Side, Executor, Allocator>
{
    using base = async_object<Side, Executor, Allocator>;

public:
    //! This kind of object with a different executor.
    template <class Other>
    struct rebind_executor
    {
        //! That object.
        using other = basic_async_publisher<Other, Allocator, Side>;
    };

    //! As the constructors of async_object.
    using base::base;

    //! Requires: the memory of the buffers stays valid until the handler is
    //! called.
    //! Effects: sends the bytes of all buffers as one message, when there is
    //! room. `buffers` is a buffer or a sequence of buffers.
    //! Completion signature: void(boost::system::error_code), with
    //! errc::message_too_large if the message could never fit the queue, and
    //! with the errors of async_object. After an error the message was not
    //! sent.
    //! Returns: what the completion token determines.
    //! Throws: what copying the buffers and the handler or allocating the
    //! operation throws. No operation was started then.
    //! Complexity: one allocation with the handler's allocator, one copy of the
    //! message.
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
            this->initiation(), token,
            detail::sending_task<ConstBufferSequence>(buffers));
    }
};

//! The asynchronous publisher for any executor, with the standard allocator.
using async_publisher = basic_async_publisher<>;

} // namespace boost_ipq

#endif
