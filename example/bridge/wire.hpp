// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_WIRE_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_WIRE_HPP

// A TCP connection that another thread can cut, so that no call of a client
// library holds up the end of the bridge. The kernel says when the other side
// is gone: no heartbeats, and no limits of time that guess.

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace bridge {

// A pipe that wakes a poll.
class bell
{
public:
    bell()
    {
        if (::pipe(m_ends) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        for (int end : m_ends)
        {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
    }
    bell(const bell&) = delete;
    bell& operator=(const bell&) = delete;
    ~bell()
    {
        ::close(m_ends[0]);
        ::close(m_ends[1]);
    }
    // Async-signal-safe.
    void ring(char what = 1) noexcept
    {
        const int before = errno;
        // A full pipe rings already.
        if (::write(m_ends[1], &what, 1) < 0)
            errno = before;
    }
    // Returns whether it rang.
    bool quiet() noexcept
    {
        char bytes[64];
        bool rang = false;
        while (::read(m_ends[0], bytes, sizeof bytes) > 0)
            rang = true;
        return rang;
    }
    int descriptor() const noexcept { return m_ends[0]; }
    int writer() const noexcept { return m_ends[1]; }

private:
    int m_ends[2];
};

class wire
{
public:
    wire() = default;
    wire(const wire&) = delete;
    wire& operator=(const wire&) = delete;
    ~wire() { forget(); }

    // Returns a connected socket, which belongs to the caller.
    int connect(const std::string& host, const std::string& port)
    {
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        const int status =
            ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
        if (status != 0)
            throw std::runtime_error(
                "cannot find '" + host + "': " + ::gai_strerror(status));
        int error = 0, fd = -1;
        for (addrinfo* one = found; one && fd < 0; one = one->ai_next)
            fd = try_connect(*one, error);
        ::freeaddrinfo(found);
        if (fd < 0)
            throw std::system_error(error, std::generic_category());
        return fd;
    }

    // A socket that a client library has connected, and keeps.
    void adopt(int fd)
    {
        watch(fd);
        if (!keep(fd))
            throw std::system_error(errno, std::generic_category());
    }

    // Ends the connection, and those that are made later.
    void cut() noexcept
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_cut = true;
        if (m_copy >= 0)
            ::shutdown(m_copy, SHUT_RDWR);
    }

    // Holds back what does not fill a packet, until it says no. Where the
    // system cannot, the connection is only slower.
    static void cork(int fd, bool yes)
    {
        const int value = yes;
#ifdef TCP_CORK
        ::setsockopt(fd, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
#else
        static_cast<void>(fd + value);
#endif
    }

private:
    int try_connect(const addrinfo& to, int& error)
    {
        const int fd = ::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC, 0);
        if (fd >= 0)
        {
            watch(fd);
            if (keep(fd) && ::connect(fd, to.ai_addr, to.ai_addrlen) == 0)
                return fd;
        }
        error = errno;
        if (fd >= 0)
            ::close(fd);
        return -1;
    }

    // From here on cut() concerns this socket, also while it connects. False:
    // it came before.
    bool keep(int fd)
    {
        forget();
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
        errno = ECANCELED;
        return !m_cut;
    }

    void forget()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (m_copy >= 0)
            ::close(m_copy);
        m_copy = -1;
    }

    // The kernel asks the other side from time to time, and fails the
    // connection if it does not answer.
    static void watch(int fd)
    {
        const auto set = [fd](int level, int name, int value) {
            ::setsockopt(fd, level, name, &value, sizeof value);
        };
        set(IPPROTO_TCP, TCP_NODELAY, 1);
        set(SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_USER_TIMEOUT
        set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
        set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
        set(IPPROTO_TCP, TCP_KEEPCNT, 4);
        set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
#endif
    }

    std::mutex m_mutex{};
    int m_copy = -1;
    bool m_cut = false;
};

} // namespace bridge

#endif
