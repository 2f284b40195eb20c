// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASYNC_TYPED_HPP
#define BOOST_IPQ_ASYNC_TYPED_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Handles that send and receive objects in an event loop of Boost.Asio.

#include <boost_ipq/async_object.hpp>
#include <boost_ipq/detail/async/object_tasks.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! The base class of async_typed_publisher and async_typed_subscriber. Programs
//! do not name it.
template <class T, class Side, class Executor, class Allocator>
class async_typed_object : public async_object<Side, Executor, Allocator>
{
    using base = async_object<Side, Executor, Allocator>;

public:
    //! The type of the objects.
    using value_type = T;

    //! Requires: `where` is an executor or an execution context; `mode` is
    //! create_only, open_only or open_or_create.
    //! Effects: creates or opens a queue for objects of type T, as typed_handle
    //! does. `rest` is what the constructors of async_object take after the
    //! options: a limit, an error_code&, an allocator, in this order.
    //! Throws, complexity, crash safety: as the constructors of async_object;
    //! queue_mismatch also if the queue has a different type.
    template <class Where, class Mode, class... Rest>
    async_typed_object(
        Where&& where, Mode mode, const detail::options_argument& options,
        Rest&&... rest)
        : base(
              where, mode, typed<Rest...>(options), std::forward<Rest>(rest)...)
    {
    }

private:
    template <class... Rest>
    static constexpr bool reports =
        (std::is_same<Rest, boost::system::error_code&>::value || ...);

    // With an error_code&, the base class reports a bad name.
    template <class... Rest>
    static auto typed(const detail::options_argument& options)
    {
        const auto convert = detail::typed_options<T, no_codec>;
        if constexpr (reports<Rest...>)
            return options.then(convert);
        else
            return convert(options.get());
    }
};

//! Receives objects of one type in an event loop of Boost.Asio. T is trivially
//! copyable, as for a typed_subscriber without a codec. Types that need a codec
//! are received by a basic_async_subscriber, and decoded by its handlers.
//!
//! async_object describes cancel(), close(), the observers, the order of
//! operations, and the errors that every handler may receive. A handler also
//! receives errc::queue_mismatch for a message of a different size, which only
//! an untyped publisher can have sent; the message stays in the queue.
//!
//! Thread safety: as async_object.
//!
//! Crash safety: as basic_async_subscriber.
template <
    class T, class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>,
    class Side = detail::subscriber_side>
class async_typed_subscriber
    : public async_typed_object<T, Side, Executor, Allocator>
{
    using base = async_typed_object<T, Side, Executor, Allocator>;

public:
    //! This kind of object with a different executor.
    template <class Other>
    struct rebind_executor
    {
        //! That object.
        using other = async_typed_subscriber<T, Other, Allocator, Side>;
    };

    //! As the constructor of async_typed_object.
    using base::base;

    //! Requires: `value` stays valid until the handler is called.
    //! Effects: takes the oldest object, when there is one, into `value`.
    //! Completion signature: void(boost::system::error_code). After an error
    //! the object is still in the queue.
    //! Returns: what the completion token determines.
    //! Throws: what copying the handler or allocating the operation throws. No
    //! operation was started then.
    //! Complexity: one allocation with the handler's allocator, one copy.
    template <class Token = boost::asio::default_completion_token_t<Executor>>
    auto async_dequeue(
        T& value,
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code)>(
            this->initiation(), token, detail::object_receiving_task<T>(value));
    }

    //! Requires: T has a default constructor.
    //! Effects: takes the oldest object, when there is one.
    //! Completion signature: void(boost::system::error_code, T). After an error
    //! the object is still in the queue, and the handler receives T().
    //! Returns, throws, complexity: as `async_dequeue(value, token)`.
    template <
        class Token = boost::asio::default_completion_token_t<Executor>,
        std::enable_if_t<!std::is_same<std::decay_t<Token>, T>::value, int> = 0>
    auto async_dequeue(
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code, T)>(
            this->initiation(), token, detail::object_passing_task<T>());
    }
};

//! Sends objects of one type in an event loop of Boost.Asio. T is trivially
//! copyable, as for a typed_publisher without a codec.
//!
//! async_object describes cancel(), close(), the observers, the order of
//! operations, and the errors that every handler may receive.
//!
//! Thread safety: as async_object.
//!
//! Crash safety: as basic_async_publisher.
template <
    class T, class Executor = boost::asio::any_io_executor,
    class Allocator = std::allocator<std::byte>,
    class Side = detail::publisher_side>
class async_typed_publisher
    : public async_typed_object<T, Side, Executor, Allocator>
{
    using base = async_typed_object<T, Side, Executor, Allocator>;

public:
    //! This kind of object with a different executor.
    template <class Other>
    struct rebind_executor
    {
        //! That object.
        using other = async_typed_publisher<T, Other, Allocator, Side>;
    };

    //! As the constructor of async_typed_object.
    using base::base;

    //! Effects: sends a copy of the object, when there is room.
    //! Completion signature: void(boost::system::error_code). After an error
    //! the object was not sent.
    //! Returns: what the completion token determines.
    //! Throws: what copying the handler or allocating the operation throws. No
    //! operation was started then.
    //! Complexity: one allocation with the handler's allocator, two copies.
    template <class Token = boost::asio::default_completion_token_t<Executor>>
    auto async_enqueue(
        const T& value,
        Token&& token = boost::asio::default_completion_token_t<Executor>())
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code)>(
            this->initiation(), token, detail::object_sending_task<T>(value));
    }
};

} // namespace boost_ipq

#endif
