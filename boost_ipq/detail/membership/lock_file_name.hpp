// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_NAME_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_LOCK_FILE_NAME_HPP

// What an entry of a directory is, by its name.

#include <boost_ipq/detail/core/queue_name.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

// Can a lock file have that name?
inline bool is_lock_file_name(const std::string& file)
{
    constexpr std::size_t length = sizeof object_names::lock_suffix - 1;
    return file.rfind(object_names::prefix, 0) == 0 && file.size() >= length &&
           file.compare(
               file.size() - length, length, object_names::lock_suffix) == 0;
}

// The name of the queue that a lock file has according to its own name, unless
// that contains a hash. Empty: none.
inline std::string name_in(const std::string& file)
{
    constexpr std::size_t prefix = sizeof object_names::prefix - 1;
    constexpr std::size_t around =
        prefix + sizeof object_names::lock_suffix - 1;
    std::string name = file.size() <= around
                           ? std::string()
                           : file.substr(prefix, file.size() - around);
    return is_queue_name(name) ? name : std::string();
}

} // namespace detail
} // namespace boost_ipq

#endif
