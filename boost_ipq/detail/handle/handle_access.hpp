// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_HANDLE_ACCESS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_HANDLE_ACCESS_HPP

// What parts of the library that are built on public handles need beyond their
// public calls.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/reservation.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {

template <class Side, class Allocator, class Storage>
class basic_handle;

template <class T, class Codec, class Handle>
class typed_handle;

namespace detail {

// Handles are its friends.
struct handle_access
{
    // Null if the handle is closed.
    template <class Side, class Allocator, class Storage>
    static const std::shared_ptr<attachment>&
    queue(const basic_handle<Side, Allocator, Storage>& handle) noexcept
    {
        return handle.m_handle.queue();
    }

    // This process's end of the ring.
    template <class Side, class Allocator, class Storage>
    static const auto&
    ring(const basic_handle<Side, Allocator, Storage>& handle) noexcept
    {
        return handle.m_handle.ring();
    }

    // The handle that sends or receives the bytes.
    template <class T, class Codec, class Handle>
    static const Handle&
    untyped(const typed_handle<T, Codec, Handle>& handle) noexcept
    {
        return handle.m_untyped;
    }

    // Where the record of a reservation is in the buffer.
    static std::size_t offset(const reservation& room) noexcept
    {
        return room.m_record.offset;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
