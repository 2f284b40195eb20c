// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_OWNERSHIP_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_OWNERSHIP_HPP

// Owners and modes of objects. Objects are created with mode 0600, checked, and
// opened to other users at the end, through a descriptor that follows no link.

#include <boost_ipq/detail/platform/convert.hpp>
#include <boost_ipq/detail/platform/object_status.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

inline std::uint32_t user_id() noexcept
{
    return ::geteuid();
}

// The permissions of an object until it is finished.
inline boost::interprocess::permissions
while_made(const boost::interprocess::permissions&) noexcept
{
    return boost::interprocess::permissions(0600);
}

inline std::uint32_t
mode_of(const boost::interprocess::permissions& permissions) noexcept
{
    return static_cast<std::uint32_t>(permissions.get_permissions()) & 07777;
}

// Does the system give every new file in that directory the directory's group?
// Defined for each system.
bool inherits_group(const struct stat& directory) noexcept;

inline object_status status_of(const struct stat& status) noexcept
{
    object_status result;
    result.exists = true;
    result.regular = S_ISREG(status.st_mode);
    result.linked = status.st_nlink > 1;
    result.owner = static_cast<std::uint32_t>(status.st_uid);
    result.group = static_cast<std::uint32_t>(status.st_gid);
    result.mode = static_cast<std::uint32_t>(status.st_mode) & 07777;
    result.size = static_cast<std::uint64_t>(status.st_size);
    return result;
}

// What is at a path. Does not follow a link, and opens nothing.
inline object_status look_at(const std::string& path) noexcept
{
    struct stat status;
    return ::lstat(path.c_str(), &status) == 0 ? status_of(status)
                                               : object_status();
}

// The group that a file would have that this process made at that path.
inline std::uint32_t group_of_new_file(const std::string& path)
{
    struct stat directory;
    const std::string above = path.substr(0, path.rfind('/') + 1);
    return convert<std::uint32_t>(
        ::stat(above.c_str(), &directory) == 0 && inherits_group(directory)
            ? directory.st_gid
            : ::getegid());
}

// Gives a new file its mode. Fails if it is open to more users than that: some
// file systems have one mode for all files.
inline void set_mode(
    int descriptor, std::uint32_t mode, boost::system::error_code& ec) noexcept
{
    struct stat status;
    const bool changed = ::fchmod(descriptor, convert<mode_t>(mode)) == 0 ||
                         (::fstat(descriptor, &status) == 0 &&
                          (status_of(status).mode & ~mode & 0666) == 0);
    ec.assign(changed ? 0 : EPERM, boost::system::system_category());
}

// Opens a finished object to the users whom these permissions let in. Fails
// unless it is a regular file of this owner with one name. An empty path means
// an object that was created with its permissions.
inline void open_to_others(
    const std::string& path, std::uint32_t owner,
    const boost::interprocess::permissions& permissions,
    boost::system::error_code& ec) noexcept
{
    ec.clear();
    if (path.empty())
        return;
    const int descriptor =
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0)
        ec.assign(errno, boost::system::system_category());
    else if (
        !S_ISREG(status.st_mode) || status.st_nlink != 1 ||
        status_of(status).owner != owner)
        ec.assign(EPERM, boost::system::system_category());
    else
        set_mode(descriptor, mode_of(permissions), ec);
    if (descriptor >= 0)
        ::close(descriptor);
}

// Is another user between the creation of this file and set_mode()? Then the
// file is opened to others within moments.
inline bool is_being_made(const std::string& path) noexcept
{
    const object_status at = look_at(path);
    return at.regular && at.size == 0 && at.mode <= 0600 &&
           at.owner != user_id();
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
