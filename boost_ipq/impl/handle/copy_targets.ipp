// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_COPY_TARGETS_IPP
#define BOOST_IPQ_IMPL_HANDLE_COPY_TARGETS_IPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL std::string buffer_target::text(status result, std::size_t) const
{
    return result == status::invalid ? null_text(capacity)
           : result == status::declined
               ? "a message of " + std::to_string(size) +
                     " bytes for a buffer of " + std::to_string(capacity)
               : std::string();
}

BOOST_IPQ_DECL std::string
truncating_target::text(status result, std::size_t) const
{
    return result == status::invalid ? null_text(capacity) : std::string();
}

BOOST_IPQ_DECL std::string object_target::text(status result, std::size_t) const
{
    return result == status::other
               ? "the next message is no object of " + std::to_string(size) +
                     " bytes and stays in the queue: take it with a plain "
                     "subscriber"
               : std::string();
}

} // namespace detail
} // namespace boost_ipq

#endif
