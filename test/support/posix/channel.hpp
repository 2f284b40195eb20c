// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_POSIX_CHANNEL_HPP
#define BOOST_IPQ_TEST_POSIX_CHANNEL_HPP

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace test {

// Lines of text between a process and its child, both ways.
class channel
{
public:
    channel() noexcept = default;
    explicit channel(int descriptor) noexcept : m_descriptor(descriptor) {}

    channel(channel&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }

    channel& operator=(channel&& other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }

    ~channel() { close(); }

    // Returns: two connected ends; a started child inherits neither.
    static std::pair<channel, channel> make()
    {
#if defined(SOCK_CLOEXEC)
        constexpr int type = SOCK_STREAM | SOCK_CLOEXEC;
#else
        constexpr int type = SOCK_STREAM;
#endif
        int ends[2];
        if (::socketpair(AF_UNIX, type, 0, ends) != 0)
            throw std::system_error(
                errno, std::generic_category(), "socketpair");
#if !defined(SOCK_CLOEXEC)
        ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
        return {channel(ends[0]), channel(ends[1])};
    }

    // In a child, its end has this file descriptor.
    static constexpr int inherited_descriptor = 198;

    static channel inherited() noexcept
    {
        ::fcntl(inherited_descriptor, F_SETFD, FD_CLOEXEC);
        return channel(inherited_descriptor);
    }

    int descriptor() const noexcept
    {
        return m_descriptor;
    }

    void close() noexcept
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
    }

    // Effects: sends a line. Throws: std::system_error if the other end is
    // closed.
    void tell(const std::string& line)
    {
        const std::string text = line + '\n';
        for (std::size_t sent = 0; sent < text.size();)
        {
            const auto count =
                ::write(m_descriptor, text.data() + sent, text.size() - sent);
            if (count < 0 && errno != EINTR)
                throw std::system_error(
                    errno, std::generic_category(), "telling '" + line + "'");
            sent += count < 0 ? 0 : static_cast<std::size_t>(count);
        }
    }

    // Returns: the next line; waits for it.
    // Throws: std::runtime_error if the other end is closed.
    std::string hear()
    {
        std::string line;
        for (char c;;)
        {
            const auto count = ::read(m_descriptor, &c, 1);
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                throw std::runtime_error(
                    "the other process ended, after saying '" + line + "'");
            if (c == '\n')
                return line;
            line += c;
        }
    }

    // Returns: whether hear() would not wait.
    bool is_readable() const
    {
        struct pollfd polled = {m_descriptor, POLLIN, 0};
        return ::poll(&polled, 1, 0) > 0;
    }

private:
    int m_descriptor = -1;
};

} // namespace test

#endif
