// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_QUEUE_NAME_HPP
#define BOOST_IPQ_DETAIL_CORE_QUEUE_NAME_HPP

// Which names a queue can have.

#include <boost_ipq/detail/core/limits.hpp>
#include <string_view>

namespace boost_ipq {
namespace detail {

inline bool is_queue_name(std::string_view name) noexcept
{
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "abcdefghijklmnopqrstuvwxyz"
                                         "0123456789._-";
    return !name.empty() && name.size() <= max_queue_name && name[0] != '.' &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace detail
} // namespace boost_ipq

#endif
