// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_OBJECTS_HPP

// Owners and removal of objects: what Linux and macOS have in common. It is not
// an error if another process has already removed an object.

#include <boost_ipq/detail/platform/posix/ownership.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace boost_ipq {
namespace detail {
namespace platform {

inline int process_id() noexcept
{
    return ::getpid();
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

inline bool is_regular_file(const std::string& path) noexcept
{
    return look_at(path).regular;
}

// The names in a directory. Without <filesystem>, which takes long to compile.
inline std::vector<std::string>
names_in(const std::string& directory, boost::system::error_code& ec)
{
    struct close_directory
    {
        void operator()(DIR* opened) const noexcept { ::closedir(opened); }
    };
    std::vector<std::string> result;
    const std::unique_ptr<DIR, close_directory> opened(
        ::opendir(directory.c_str()));
    errno = opened ? 0 : errno;
    if (opened)
        while (const struct dirent* const entry = ::readdir(opened.get()))
        {
            result.emplace_back(entry->d_name);
            errno = 0;
        }
    ec.assign(errno, boost::system::system_category());
    return result;
}

inline std::string absolute_path(const std::string& path)
{
    if (path[0] == '/')
        return path;
    const std::unique_ptr<char, void (*)(void*)> here(
        ::getcwd(nullptr, 0), &std::free);
    if (!here)
        throw std::system_error(errno, std::generic_category(), path);
    return std::string(here.get()) + "/" + path;
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
