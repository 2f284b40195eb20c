// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_FLOCKED_FILE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_FLOCKED_FILE_HPP

// A file with a lock of flock(2), which the kernel drops when the last
// descriptor of the open file is closed, however the process ends.
//
// A forked child shares the open file, and would keep the lock of a parent that
// dies. It closes its descriptor before anything else runs.

#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

class flocked_file : private fork_listener
{
public:
    using error_code = boost::system::error_code;

    flocked_file() noexcept = default;
    ~flocked_file() override { close(); }

    // Opens the file; links are not followed, and a FIFO is not waited for. The
    // umask applies to a file that O_CREAT makes.
    void open(const std::string& path, int flags, error_code& ec)
    {
        const no_thread_cancellation guard;
        close();
        ec = result(fork_registry::instance().add(*this, [&] {
            m_open = true;
            m_descriptor = retry([&] {
                return ::open(
                    path.c_str(),
                    flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
                    0666);
            });
            return m_descriptor >= 0;
        }));
        if (ec)
            close();
    }

    void close() noexcept
    {
        const no_thread_cancellation guard;
        if (m_open)
            fork_registry::instance().remove(*this, [this] {
                if (m_descriptor >= 0)
                    ::close(m_descriptor);
                m_descriptor = -1;
                m_open = false;
            });
    }

    // False in a forked child, too.
    bool is_open() const noexcept { return m_descriptor >= 0; }

    // Takes the lock, or changes its kind. False: with LOCK_NB, others hold it,
    // or `ec` says why not.
    bool lock(int operation, error_code& ec) noexcept
    {
        const no_thread_cancellation guard;
        ec = result(
            retry([&] { return ::flock(m_descriptor, operation); }) == 0);
        if (!ec)
            return true;
        if ((operation & LOCK_NB) != 0 && ec.value() == EWOULDBLOCK)
            ec.clear();
        return false;
    }

    // Fails if it is no regular file, or has a second name.
    void require_regular(error_code& ec) const noexcept
    {
        struct stat status;
        ec = result(::fstat(m_descriptor, &status) == 0);
        if (!ec && !S_ISREG(status.st_mode))
            ec.assign(ENXIO, boost::system::system_category());
        else if (!ec && status.st_nlink > 1)
            ec.assign(EMLINK, boost::system::system_category());
    }

    std::uint64_t size(error_code& ec) const noexcept
    {
        struct stat status;
        ec = result(::fstat(m_descriptor, &status) == 0);
        return ec ? 0 : static_cast<std::uint64_t>(status.st_size);
    }

    void truncate(std::uint64_t size, error_code& ec) noexcept
    {
        ec = result(retry([&] {
                        return ::ftruncate(
                            m_descriptor, static_cast<off_t>(size));
                    }) == 0);
    }

    int descriptor() const noexcept { return m_descriptor; }

    // For boost::interprocess::mapped_region.
    auto get_mapping_handle() const noexcept
    {
        auto handle = boost::interprocess::file_mapping().get_mapping_handle();
        handle.handle = m_descriptor;
        return handle;
    }

private:
    static error_code result(bool succeeded) noexcept
    {
        return succeeded ? error_code()
                         : error_code(errno, boost::system::system_category());
    }

    void forked() noexcept override
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
    }

    int m_descriptor = -1;
    bool m_open = false;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
