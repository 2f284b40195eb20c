// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_OBJECT_STATUS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_OBJECT_STATUS_HPP

#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace platform {

// What the system tells about an object, before it is opened or removed.
// Systems that have no owners and modes, and objects that have no path, look as
// if nothing was there: exclusive creation is the only check then.
struct object_status
{
    bool exists = false;
    bool regular = false; // a regular file
    bool linked = false;  // it has a second name
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint32_t mode = 0; // the permission bits
    std::uint64_t size = 0; // bytes
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
