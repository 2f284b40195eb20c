// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CLOUDTOID_QUEUE_OPTIONS_IPP
#define BOOST_IPQ_IMPL_CLOUDTOID_QUEUE_OPTIONS_IPP

#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/detail/cloudtoid/layout.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

namespace boost_ipq {
namespace cloudtoid {

BOOST_IPQ_DECL
queue_options::queue_options(const std::string& name, std::size_t capacity)
    : m_name(name),
      m_capacity(capacity)
{
    using namespace detail::platform;
    constexpr std::size_t most =
        (std::numeric_limits<std::ptrdiff_t>::max)() / 2 -
        detail::cloudtoid::records_offset;
    if (name.empty() || name == "." || name == ".." ||
        name.size() > max_cloudtoid_name ||
        name.find('\0') != std::string::npos ||
        name.find_first_of(no_cloudtoid_name) != std::string::npos)
        throw std::invalid_argument(
            "boost_ipq: that name of " + std::to_string(name.size()) +
            " bytes cannot name a queue of cloudtoid/interprocess: use 1 to " +
            std::to_string(max_cloudtoid_name) + " bytes that name a file");
    if (capacity <= 16 || capacity % 8 != 0 || capacity > most)
        throw std::invalid_argument(
            "boost_ipq: the capacity of queue '" + name + "' is " +
            std::to_string(capacity) +
            " bytes: give more than 16, divisible by 8");
    path({});
}

BOOST_IPQ_DECL queue_options& queue_options::path(const std::string& directory)
{
    using namespace detail::platform;
    m_path =
        absolute_path(directory.empty() ? cloudtoid_default_path() : directory);
    return *this;
}

} // namespace cloudtoid
} // namespace boost_ipq

#endif
