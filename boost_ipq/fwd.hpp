// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_FWD_HPP
#define BOOST_IPQ_FWD_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Declarations of the handles, for headers that only name them.

#include <boost_ipq/storage.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {
namespace detail {
struct handle_access;
} // namespace detail

//! Sends messages; defined in publisher.hpp.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_publisher;

//! Receives messages; defined in subscriber.hpp.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_subscriber;

//! Sends messages to all subscribers; defined in broadcast.hpp.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_broadcast_publisher;

//! Receives all messages; defined in broadcast.hpp.
template <
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class basic_broadcast_subscriber;

namespace detail {

// The handles of a queue, or of a broadcast, in that storage.
template <class Allocator, class Storage>
struct publisher_in
{
    using type = basic_publisher<Allocator, Storage>;
};

template <class Allocator, class Storage>
struct subscriber_in
{
    using type = basic_subscriber<Allocator, Storage>;
};

} // namespace detail

//! A publisher in shared memory or in a file, with the standard allocator.
using publisher = basic_publisher<>;

//! A subscriber in shared memory or in a file, with the standard allocator.
using subscriber = basic_subscriber<>;

} // namespace boost_ipq

#endif
