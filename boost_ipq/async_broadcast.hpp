// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_BROADCAST_HPP
#define BOOST_IPQ_ASYNC_BROADCAST_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Broadcasts in an event loop of Boost.Asio.

#include <boost_ipq/async_publisher.hpp>
#include <boost_ipq/async_subscriber.hpp>
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/handle/broadcast_side.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

template <>
struct async_storage<broadcast_publisher_side>
{
    using type = broadcast_in<shared_storage>;
};

template <>
struct async_storage<broadcast_subscriber_side>
{
    using type = broadcast_in<shared_storage>;
};

} // namespace detail

//! Sends messages to all subscribers of a broadcast. The calls are those of
//! basic_async_publisher.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>>
using basic_async_broadcast_publisher = basic_async_publisher<
    Executor, Allocator, detail::broadcast_publisher_side>;

//! Receives each message of a broadcast. The calls are those of
//! basic_async_subscriber.
template <
    class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>>
class basic_async_broadcast_subscriber
    : public basic_async_subscriber<
          Executor, Allocator, detail::broadcast_subscriber_side>
{
    using base = basic_async_subscriber<
        Executor, Allocator, detail::broadcast_subscriber_side>;

public:
    //! This kind of object with a different executor.
    template <class Other>
    struct rebind_executor
    {
        //! That object.
        using other = basic_async_broadcast_subscriber<Other, Allocator>;
    };

    //! As the constructors of async_object.
    using base::base;

    //! Requires: `where` is an executor or an execution context.
    //! Effects: as the constructor without `old`, but begins with the last
    //! messages that are still there, as basic_broadcast_subscriber does.
    //! Throws, complexity, crash safety: as that constructor.
    template <class Where, class Mode>
    basic_async_broadcast_subscriber(
        Where&& where, Mode mode, const queue_options& options, history old)
        : base(where, mode, options.with_history(old.messages()))
    {
    }

    //! Returns: as basic_broadcast_subscriber::missed(). 0 if the object is
    //! closed.
    //! Throws: nothing. Complexity: constant.
    std::uint64_t missed() const noexcept
    {
        const auto* const reader = this->reader();
        return reader ? reader->missed() : 0;
    }

private:
    const detail::broadcast_cursor* reader() const noexcept
    {
        const auto* const ring = this->opened_ring();
        return ring ? ring->reader().get() : nullptr;
    }
};

//! The asynchronous publisher for any executor, with the standard allocator.
using async_broadcast_publisher = basic_async_broadcast_publisher<>;

//! The asynchronous subscriber for any executor, with the standard allocator.
using async_broadcast_subscriber = basic_async_broadcast_subscriber<>;

} // namespace boost_ipq

#endif
