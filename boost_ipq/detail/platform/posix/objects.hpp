// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP

// Owners and removal of objects: what Linux and macOS have in common. It is not
// an error if another process has already removed an object.

#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

inline int process_id() noexcept
{
    return static_cast<int>(::getpid());
}

// The default permissions of a queue.
inline boost::interprocess::permissions owner_only() noexcept
{
    return boost::interprocess::permissions(0600);
}

// Returns whether there was such a file and it is removed.
inline bool
remove_file(const std::string& path, boost::system::error_code& ec) noexcept
{
    const bool removed = ::unlink(path.c_str()) == 0;
    ec.assign(
        removed || errno == ENOENT ? 0 : errno,
        boost::system::system_category());
    return removed;
}

// Is there nothing at that path? False if that is unknown.
inline bool is_missing(const std::string& path) noexcept
{
    struct stat status;
    return ::lstat(path.c_str(), &status) != 0 &&
           (errno == ENOENT || errno == ENOTDIR);
}

// Returns whether there was such a semaphore and it is removed.
inline bool remove_semaphore(const std::string& name) noexcept
{
    return boost::interprocess::named_semaphore::remove(name.c_str());
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
