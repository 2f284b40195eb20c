// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_MEMORY_FILE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_MEMORY_FILE_HPP

// The file that holds a segment. It is opened once: the descriptor that is
// checked is the one that is mapped.

#include <boost_ipq/detail/platform/posix/ownership.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Permissions of an object that only its creator may open yet.
inline boost::interprocess::permissions
while_created(const boost::interprocess::permissions&) noexcept
{
    return boost::interprocess::permissions(0600);
}

// Has a limit of the user's disk space been reached?
inline bool is_quota(const boost::system::error_code& ec) noexcept
{
    return ec.category() == boost::system::system_category() &&
           ec.value() == EDQUOT;
}

// Fails if a file may not have that many bytes (ulimit -f): the signal SIGXFSZ
// would end a process that made it longer.
inline void
check_file_size(std::uint64_t size, boost::system::error_code& ec) noexcept
{
    struct rlimit limit;
    const bool allowed = ::getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
                         limit.rlim_cur == RLIM_INFINITY ||
                         size <= limit.rlim_cur;
    ec.assign(allowed ? 0 : EFBIG, boost::system::system_category());
}

class memory_file
{
public:
    using error_code = boost::system::error_code;

    // Boost creates them.
    static constexpr bool creates = false;

    memory_file() noexcept = default;
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    ~memory_file()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    // Opens an existing regular file. Whatever else has that name, a link or a
    // FIFO for example, is neither followed nor waited for.
    void open(const std::string& path, bool writable, error_code& ec) noexcept
    {
        const int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC |
                          O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
        do
            m_descriptor = ::open(path.c_str(), flags);
        while (m_descriptor < 0 && errno == EINTR);
        if (m_descriptor < 0 || ::fstat(m_descriptor, &m_status) != 0)
            ec.assign(errno, boost::system::system_category());
        else if (!S_ISREG(m_status.st_mode))
            ec = boost::system::errc::make_error_code(
                boost::system::errc::no_such_device_or_address);
        else
            ec.clear();
    }

    // In bytes, when it was opened or resized.
    std::uint64_t size() const noexcept
    {
        return static_cast<std::uint64_t>(m_status.st_size);
    }

    // Does it belong to this user, and have no second name?
    bool is_own() const noexcept
    {
        return m_status.st_uid == ::geteuid() && m_status.st_nlink == 1;
    }

    // Can no other user have opened it, if it was created with that name and
    // while_created()? Would its group be the same if this process created it?
    bool is_private(const std::string& path) const
    {
        return is_own() && (m_status.st_mode & 07777) == 0600 &&
               m_status.st_gid == group_of_new_file(path);
    }

    // For messages.
    std::string owner() const
    {
        return "user " + std::to_string(m_status.st_uid);
    }

    void resize(std::uint64_t size, error_code& ec) noexcept
    {
        int result;
        do
            result = ::ftruncate(m_descriptor, static_cast<off_t>(size));
        while (result != 0 && errno == EINTR);
        ec.assign(result == 0 ? 0 : errno, boost::system::system_category());
        if (result == 0)
            m_status.st_size = static_cast<off_t>(size);
    }

    int descriptor() const noexcept { return m_descriptor; }

    // For boost::interprocess::mapped_region.
    auto get_mapping_handle() const noexcept
    {
        auto result = boost::interprocess::file_mapping().get_mapping_handle();
        result.handle = m_descriptor;
        return result;
    }

private:
    int m_descriptor = -1;
    struct stat m_status = {};
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
