// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_BROADCAST_HPP
#define BOOST_IPQ_TYPED_BROADCAST_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Broadcasts of objects of one type.

#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace boost_ipq {

//! Sends objects of one type to all subscribers of a broadcast. It has the
//! calls of typed_publisher; basic_broadcast_publisher tells what is different
//! in a broadcast.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_broadcast_publisher
    : public typed_publisher<T, Codec, Allocator, detail::broadcast_in<Storage>>
{
    using base =
        typed_publisher<T, Codec, Allocator, detail::broadcast_in<Storage>>;

public:
    //! As the constructors of typed_handle.
    using base::base;
};

//! Receives all objects of a broadcast. It has the calls of typed_subscriber;
//! basic_broadcast_subscriber tells what is different in a broadcast.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_broadcast_subscriber
    : public typed_subscriber<
          T, Codec, Allocator, detail::broadcast_in<Storage>>
{
    using base =
        typed_subscriber<T, Codec, Allocator, detail::broadcast_in<Storage>>;
    using handle =
        typed_handle<T, Codec, basic_broadcast_subscriber<Allocator, Storage>>;

public:
    //! As the constructors of typed_handle.
    using base::base;

    //! Effects: as `typed_handle(mode, options, codec, allocator)`; the
    //! subscriber first gets the newest `old.messages()` objects that are still
    //! there.
    //! Throws, complexity: as the constructor of basic_broadcast_subscriber
    //! with a history.
    template <class Mode>
    typed_broadcast_subscriber(
        Mode mode, const queue_options& options, history old,
        const Codec& codec = Codec(), const Allocator& allocator = Allocator())
        : base(mode, options.with_history(old.messages()), codec, allocator)
    {
    }

    //! As `typed_broadcast_subscriber(mode, options, old, codec, allocator)`,
    //! but reports failure through `ec`, and the handle is closed then.
    template <class Mode>
    typed_broadcast_subscriber(
        Mode mode, const detail::options_argument& options, history old,
        boost::system::error_code& ec, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : base(
              mode, options.then([old](const queue_options& given) {
                  return given.with_history(old.messages());
              }),
              ec, codec, allocator)
    {
    }

    //! As `typed_broadcast_subscriber(mode, options, old, codec, allocator)`,
    //! but waits for other processes as basic_handle(mode, options, limit)
    //! does.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    typed_broadcast_subscriber(
        Mode mode, const queue_options& options, history old,
        const Limit& limit, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : base(
              mode, options.with_history(old.messages()), limit, codec,
              allocator)
    {
    }

    //! As `typed_broadcast_subscriber(mode, options, old, limit, codec,
    //! allocator)`, but reports failure through `ec`, and the handle is closed
    //! then.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    typed_broadcast_subscriber(
        Mode mode, const detail::options_argument& options, history old,
        const Limit& limit, boost::system::error_code& ec,
        const Codec& codec = Codec(), const Allocator& allocator = Allocator())
        : base(
              mode, options.then([old](const queue_options& given) {
                  return given.with_history(old.messages());
              }),
              limit, ec, codec, allocator)
    {
    }

    //! Returns: the number of objects that were dropped before this subscriber
    //! read them, as basic_broadcast_subscriber::missed().
    //! Throws: nothing.
    //! Complexity: constant.
    std::uint64_t missed() const noexcept
    {
        return this->handle::m_untyped.missed();
    }
};

} // namespace boost_ipq

#endif
