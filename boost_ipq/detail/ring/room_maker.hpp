// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_ROOM_MAKER_HPP
#define BOOST_IPQ_DETAIL_RING_ROOM_MAKER_HPP

#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// How publishers make room in a ring that is not emptied by subscribers: that
// of a broadcast. An interface, so that programs that use only queues compile
// none of it. Called only where room is out, and for reserved records.
class room_maker
{
public:
    enum class result
    {
        made, // `free` was moved
        full,
        corrupt
    };

    // With the publishers' lock held: moves `free` over records, so that one of
    // `span` bytes may fit. `limiter`: when to ask the kernel which subscribers
    // are alive.
    virtual result make_room(
        const ring_view& ring, std::size_t span,
        rate_limiter& limiter) const noexcept = 0;

    // Is make_room() worth the lock? A hint.
    virtual bool may_make_room(const ring_view& ring) const noexcept = 0;

    // A word that changes when make_room() may have become worth the lock.
    virtual std::uint64_t room_word(const ring_view& ring) const noexcept = 0;

    // With the publishers' lock held, before a reserved record is published at
    // the head.
    virtual void
    note_reserved(const ring_view& ring, position head) const noexcept = 0;

protected:
    ~room_maker() = default;
};

} // namespace detail
} // namespace boost_ipq

#endif
