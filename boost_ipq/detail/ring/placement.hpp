// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_PLACEMENT_HPP
#define BOOST_IPQ_DETAIL_RING_PLACEMENT_HPP

#include <boost_ipq/detail/ring/layout.hpp>
#include <boost/config.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Where a record goes.
struct placement
{
    enum kind : unsigned char
    {
        prefetched,   // its lines are
        unprefetched, // more lines are to be fetched behind it
        padded        // and `head` gets padding up to the end of the buffer
    };

    position head;
    std::size_t at;   // offset of the record
    std::size_t next; // offset behind it
    kind how;

    // The record begins at `head`.
    BOOST_FORCEINLINE void set_at_head(std::size_t span, kind k) noexcept
    {
        at = head.offset();
        next = at + span;
        how = k;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
