// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_CONVERT_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_CONVERT_HPP

namespace boost_ipq {
namespace detail {
namespace platform {

// A conversion between types that are the same on one system and differ on
// another: a cast would be useless on the first (-Wuseless-cast of GCC, which
// does not look into templates), and is needed on the other.
template <class To, class From>
constexpr To convert(From value) noexcept
{
    return static_cast<To>(value);
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
