// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CORE_STATUS_IPP
#define BOOST_IPQ_IMPL_CORE_STATUS_IPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/error.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL boost::system::error_code out_of_memory() noexcept
{
    return boost::system::errc::make_error_code(
        boost::system::errc::not_enough_memory);
}

BOOST_IPQ_DECL boost::system::error_code error_of(status value) noexcept
{
    switch (value)
    {
    case status::declined:
        return errc::buffer_too_small;
    case status::other:
        return errc::queue_mismatch;
    case status::too_large:
        return errc::message_too_large;
    case status::corrupt:
        return errc::queue_corrupt;
    case status::detached:
        return errc::closed;
    case status::busy:
        return errc::busy;
    case status::canceled:
        return errc::canceled;
    case status::stopped:
        return errc::stopped;
    case status::removed:
        return errc::queue_removed;
    case status::too_many:
        return errc::too_many_subscribers;
    case status::invalid:
        return errc::invalid_argument;
    default:
        return {};
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
