// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_STATUS_HPP
#define BOOST_IPQ_DETAIL_CORE_STATUS_HPP

#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/error.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {
namespace detail {

// The result of one attempt at the ring.
enum class status
{
    done,
    would_block, // full, or nothing to take
    busy,        // a living process holds a lock, and the caller gave up
    declined,    // the caller's memory is too small; the message stays
    other,       // the message is not of the wanted type; it stays
    too_large,   // the message can never fit
    corrupt,     // the segment holds what no publisher writes
    detached, // this process is not a participant (closed, or a forked child)
    canceled, // the wait was canceled
    stopped,  // the handle is stopped, and the call would have to wait
    moved,    // a dead letter was moved; there may be a message behind it
    removed,  // the queue was removed, and nothing is left to take
    too_many, // a broadcast has the maximum of subscribers
    invalid   // an argument is invalid
};

// Is the attempt to be repeated?
constexpr bool is_unfinished(status result) noexcept
{
    return result == status::would_block || result == status::busy;
}

boost::system::error_code out_of_memory() noexcept;

boost::system::error_code error_of(status value) noexcept;

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/core/status.ipp>
#endif

#endif
