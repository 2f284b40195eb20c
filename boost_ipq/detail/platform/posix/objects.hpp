// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP

// Owners and removal of objects, as Linux and macOS have them in common. An
// object that another process has removed already is no error.

#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
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

// Returns whether there was such a semaphore and it is removed.
inline bool remove_semaphore(const std::string& name) noexcept
{
    return boost::interprocess::named_semaphore::remove(name.c_str());
}

// Sets a semaphore's count to 0, or creates the semaphore with these
// permissions less those that the umask takes away.
inline void open_empty_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions)
{
    boost::interprocess::named_semaphore semaphore(
        boost::interprocess::open_or_create, name.c_str(), 0, permissions);
    while (semaphore.try_wait())
    {
    }
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
