// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_CONTAINER_FAILURE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_CONTAINER_FAILURE_HPP

// The exception that Boost.Container throws, since Boost 1.76, instead of
// std::bad_alloc.

#include <boost/container/throw_exception.hpp>
#include <boost/version.hpp>

namespace boost_ipq {
namespace detail {
namespace platform {

#if BOOST_VERSION >= 107600 && !defined(BOOST_CONTAINER_USE_STD_EXCEPTIONS)
using container_bad_alloc = boost::container::bad_alloc;
#else
struct container_bad_alloc // never thrown
{
};
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
