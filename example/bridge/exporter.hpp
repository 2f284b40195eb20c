// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_EXPORTER_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_EXPORTER_HPP

// The counters in the text format of Prometheus: in a file, and for those who
// ask on the loopback.

#include "counters.hpp"
#include "endpoint.hpp"
#include "log.hpp"
#include "wire.hpp"
#include <arpa/inet.h>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace bridge {

// A reader sees the old file or the new one.
inline void write_metrics(const std::string& name, const all_counters& routes)
{
    const auto fresh = name + ".new";
    std::ofstream file(fresh);
    print(file, routes);
    file.close();
    // An error that lasts is logged once.
    static bool failed = false;
    const bool fails = !file || std::rename(fresh.c_str(), name.c_str()) != 0;
    if (fails && !failed)
        log_at(level::warning, "cannot write '" + name + "'");
    failed = fails;
}

class exporter
{
public:
    exporter() = default;
    exporter(const exporter&) = delete;
    exporter& operator=(const exporter&) = delete;
    ~exporter() { close(); }

    // "127.0.0.1:9464", or with ::1; nothing: no more. If it throws, it listens
    // where it did.
    void listen(const std::string& where)
    {
        if (where.empty())
            return close();
        const endpoint end = parse_endpoint("tcp://" + where + "/metrics");
        sockaddr_in v4{};
        sockaddr_in6 v6{};
        v4.sin_family = AF_INET;
        v6.sin6_family = AF_INET6;
        v4.sin_port = v6.sin6_port =
            htons(static_cast<std::uint16_t>(std::stoul(end.port)));
        const bool is_v4 =
            ::inet_pton(AF_INET, end.host.c_str(), &v4.sin_addr) == 1;
        if (is_v4
                ? (ntohl(v4.sin_addr.s_addr) >> 24) != 127
                : ::inet_pton(AF_INET6, end.host.c_str(), &v6.sin6_addr) != 1 ||
                      !IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr))
            throw po::error("--metrics-listen takes a loopback address, such "
                            "as 127.0.0.1:9464");
        if (is_v4)
            open(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
        else
            open(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
    }

    int descriptor() const noexcept { return m_fd; }

    // A client has connected: answers, whatever is asked.
    void answer(const all_counters& routes)
    {
        const int fd = ::accept(m_fd, nullptr, nullptr);
        if (fd < 0)
            return;
        // A client that does not read delays the service no longer.
        const timeval limit{0, 200000};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        char question[2048];
        if (::recv(fd, question, sizeof question, 0) > 0)
        {
            const auto text = page(routes);
            std::size_t sent = 0;
            while (sent < text.size())
            {
                const auto n = ::send(
                    fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
                if (n <= 0)
                    break;
                sent += static_cast<std::size_t>(n);
            }
        }
        ::shutdown(fd, SHUT_WR);
        ::close(fd);
    }

private:
    static std::string page(const all_counters& routes)
    {
        std::ostringstream body;
        print(body, routes);
        return "HTTP/1.0 200 OK\r\nContent-Type: text/plain; "
               "version=0.0.4\r\nContent-Length: " +
               std::to_string(body.str().size()) + "\r\n\r\n" + body.str();
    }

    void open(const sockaddr* where, socklen_t size)
    {
        const int fd =
            ::socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (fd < 0 || ::bind(fd, where, size) != 0 || ::listen(fd, 16) != 0)
        {
            const int error = errno;
            if (fd >= 0)
                ::close(fd);
            throw std::system_error(
                error, std::generic_category(), "--metrics-listen");
        }
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
        close();
        m_fd = fd;
    }

    void close()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }

    int m_fd = -1;
};

} // namespace bridge

#endif
