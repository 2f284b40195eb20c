// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_ERROR_CONTEXT_IPP
#define BOOST_IPQ_IMPL_HANDLE_ERROR_CONTEXT_IPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL std::string null_text(std::size_t size)
{
    return "a null pointer with a size of " + std::to_string(size) + " bytes";
}

BOOST_IPQ_DECL std::string
message_of_size::text(status result, std::size_t limit) const
{
    return result == status::invalid ? null_text(size)
           : result == status::too_large
               ? "a message of " + std::to_string(size) +
                     " bytes, and at most " + std::to_string(limit) + " fit"
               : std::string();
}

} // namespace detail
} // namespace boost_ipq

#endif
