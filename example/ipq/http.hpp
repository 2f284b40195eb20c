// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_HTTP_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_HTTP_HPP

// Asks a program for its counters, by HTTP.

#include "command.hpp"
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#ifndef _WIN32
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#endif

namespace ipq {

#ifdef _WIN32
inline std::string ask(const std::string&)
{
    throw std::runtime_error("not on this system: give the file instead");
}
#else

// A program that does not answer, or slowly, must not stop the view.
constexpr std::chrono::milliseconds time_limit{500};

class connection
{
public:
    explicit connection(const std::string& address)
    {
        const auto colon = address.rfind(':');
        std::string host = address.substr(0, colon);
        if (host.size() > 2 && host.front() == '[' && host.back() == ']')
            host = host.substr(1, host.size() - 2);
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        const int status = ::getaddrinfo(
            host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
        if (status != 0)
            throw std::runtime_error(::gai_strerror(status));
        int error = 0;
        for (auto to = found; to && m_fd < 0; to = to->ai_next)
            error = open(*to);
        ::freeaddrinfo(found);
        if (m_fd < 0)
            fail(error);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() { close(); }

    void write(const std::string& text)
    {
        // Short enough for the socket's buffer. SIGPIPE is ignored.
        if (::send(m_fd, text.data(), text.size(), 0) !=
            static_cast<ssize_t>(text.size()))
            fail(errno);
    }

    std::string read_all()
    {
        constexpr std::size_t limit = 1 << 20;
        std::string result;
        char buffer[4096];
        for (;;)
        {
            const auto n = ::recv(m_fd, buffer, sizeof buffer, 0);
            if (n < 0 && errno != EINTR)
                fail(errno);
            if (n == 0 || result.size() > limit || interrupted())
                return result;
            if (n > 0)
                result.append(buffer, static_cast<std::size_t>(n));
            if (std::chrono::steady_clock::now() >= m_end)
                fail(EAGAIN);
        }
    }

private:
    // Returns the error, or 0.
    int open(const addrinfo& to)
    {
        m_fd = ::socket(to.ai_family, to.ai_socktype, to.ai_protocol);
        if (m_fd < 0)
            return errno;
        const timeval limit{0, 1000 * time_limit.count()};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (::connect(m_fd, to.ai_addr, to.ai_addrlen) == 0)
            return 0;
        const int error = errno;
        close();
        return error;
    }

    [[noreturn]] void fail(int error)
    {
        close();
        if (error == EAGAIN || error == EINPROGRESS)
            throw std::runtime_error("no answer");
        throw std::runtime_error(std::generic_category().message(error));
    }

    void close()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }

    int m_fd = -1;
    const std::chrono::steady_clock::time_point m_end =
        std::chrono::steady_clock::now() + time_limit;
};

// Returns the head and the body of the answer.
inline std::string ask(const std::string& address)
{
    connection to(address);
    to.write("GET /metrics HTTP/1.0\r\nHost: " + address + "\r\n\r\n");
    return to.read_all();
}
#endif

} // namespace ipq

#endif
