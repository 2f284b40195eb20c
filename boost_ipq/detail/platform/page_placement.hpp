// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_PAGE_PLACEMENT_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_PAGE_PLACEMENT_HPP

#include <optional>

namespace boost_ipq {
namespace detail {
namespace platform {

// The largest number of a node: Linux has no more.
constexpr unsigned max_numa_node = 1023;

// What was asked for the pages of a segment that is created.
struct page_placement
{
    bool is_special() const noexcept { return huge || numa_node; }

    bool huge = false;
    std::optional<unsigned> numa_node;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
