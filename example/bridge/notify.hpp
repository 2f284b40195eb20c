// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_NOTIFY_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_NOTIFY_HPP

// Tells the service manager how the service is, as sd_notify() does, by one
// datagram to the socket that it names.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace bridge {

inline void notify(const std::string& state)
{
    const char* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un to{};
    if (!path || !*path || std::strlen(path) >= sizeof to.sun_path)
        return;
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    to.sun_family = AF_UNIX;
    std::strcpy(to.sun_path, path);
    if (to.sun_path[0] == '@') // an abstract name
        to.sun_path[0] = 0;
    ::sendto(
        fd, state.data(), state.size(), MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr*>(&to),
        static_cast<socklen_t>(
            offsetof(sockaddr_un, sun_path) + std::strlen(path)));
    ::close(fd);
}

// The manager compares it with its own clock.
inline std::string reloading()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return "RELOADING=1\nMONOTONIC_USEC=" +
           std::to_string(now.tv_sec * 1000000LL + now.tv_nsec / 1000);
}

} // namespace bridge

#endif
