// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_SUBSCRIBER_HPP
#define BOOST_IPQ_ASYNC_SUBSCRIBER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/async_object.hpp>
#include <boost_ipq/detail/async/buffers.hpp>
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

//! Receives messages in an event loop of Boost.Asio.
//!
//! async_object describes construction, cancel(), close(), the observers, the
//! order of operations, and the errors that every handler may receive.
//! `async_subscriber in(io, open_only, "name");` opens a queue.
//!
//! Thread safety: as async_object.
//!
//! Crash safety: a message that an operation has taken is lost if the process
//! dies before the handler has run. No other process waits for the dead
//! process.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>,
    class Side = detail::subscriber_side>
class basic_async_subscriber : public async_object<Side, Executor, Allocator>
{
    using base = async_object<Side, Executor, Allocator>;

public:
    //! This kind of object with a different executor.
    template <class Other>
    struct rebind_executor
    {
        //! That object.
        using other = basic_async_subscriber<Other, Allocator, Side>;
    };

    //! As the constructors of async_object.
    using base::base;

    //! Requires: the memory of the buffers stays valid until the handler is
    //! called.
    //! Effects: takes the oldest message, when there is one, into the buffers.
    //! `buffers` is a buffer or a sequence of buffers.
    //! Completion signature: void(boost::system::error_code, std::size_t), with
    //! the size of the message; with errc::buffer_too_small if the message is
    //! longer than the buffers, and with the errors of async_object. After an
    //! error the message is still in the queue, and the size is 0, except that
    //! errc::buffer_too_small comes with the size of the message.
    //! Returns: what the completion token determines.
    //! Throws: what copying the buffers and the handler or allocating the
    //! operation throws. No operation was started then.
    //! Complexity: one allocation with the handler's allocator, one copy of the
    //! message.
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
        return start(
            detail::sequence_target<MutableBufferSequence>(buffers),
            std::forward<Token>(token));
    }

    //! As `async_dequeue(buffers, token)`, but appends the message to a dynamic
    //! buffer (DynamicBuffer_v1 or DynamicBuffer_v2), which grows to hold it.
    //! The operation fails with errc::buffer_too_small if the buffer would
    //! exceed its max_size(), and with not_enough_memory if an allocation
    //! fails. The buffer must not be used while the operation is outstanding.
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
        return start(
            detail::dynamic_target<dynamic_buffer>(
                dynamic_buffer(std::forward<DynamicBuffer>(buffer))),
            std::forward<Token>(token));
    }

private:
    template <class Target, class Token>
    auto start(Target target, Token&& token)
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code, std::size_t)>(
            this->initiation(), token,
            detail::receiving_task<Target>(std::move(target)));
    }
};

//! The asynchronous subscriber for any executor, with the standard allocator.
using async_subscriber = basic_async_subscriber<>;

} // namespace boost_ipq

#endif
