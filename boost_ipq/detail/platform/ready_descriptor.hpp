// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_READY_DESCRIPTOR_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_READY_DESCRIPTOR_HPP

// A descriptor that is readable after set(), until clear(): a pipe that holds a
// byte then. Windows has none that its event loops could wait for.

#include <boost/system/error_code.hpp>

#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

class ready_descriptor
{
public:
    ready_descriptor() noexcept = default;
    ready_descriptor(const ready_descriptor&) = delete;
    ready_descriptor& operator=(const ready_descriptor&) = delete;

#if defined(_WIN32)
    void open(boost::system::error_code& ec) noexcept
    {
        ec = boost::system::errc::make_error_code(
            boost::system::errc::operation_not_supported);
    }
    bool is_open() const noexcept
    {
        return false;
    }
    int get() const noexcept
    {
        return -1;
    }
    void set() noexcept {}
    void clear() noexcept {}
#else
    ~ready_descriptor()
    {
        if (is_open())
        {
            ::close(get());
            ::close(m_write.load(std::memory_order_relaxed));
        }
    }

    void open(boost::system::error_code& ec) noexcept
    {
        int ends[2];
        if (::pipe(ends) != 0)
        {
            ec.assign(errno, boost::system::system_category());
            return;
        }
        for (const int end : ends)
        {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
        m_read = ends[0];
        // release: pairs with set() in a signal handler
        m_write.store(ends[1], std::memory_order_release);
        ec.clear();
    }

    bool is_open() const noexcept
    {
        return m_write.load(std::memory_order_acquire) >= 0;
    }

    int get() const noexcept
    {
        return m_read;
    }

    // Async-signal-safe. A full pipe is readable, too.
    void set() noexcept
    {
        const int end = m_write.load(std::memory_order_acquire);
        const char byte = 0;
        if (end >= 0) [[maybe_unused]]
            const auto written = ::write(end, &byte, 1);
    }

    void clear() noexcept
    {
        char bytes[64];
        while (::read(m_read, bytes, sizeof bytes) > 0)
        {
        }
    }

private:
    int m_read = -1;
    std::atomic<int> m_write{-1};
#endif
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
