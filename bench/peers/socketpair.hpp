// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_SOCKETPAIR_HPP
#define BOOST_IPQ_BENCH_PEERS_SOCKETPAIR_HPP

#include "descriptor.hpp"
#include "channel.hpp"
#include <sys/socket.h>
#include <cstddef>
#include <vector>

namespace bench {

// A pair of sockets that preserve message boundaries: SOCK_SEQPACKET.
struct socketpair : channel_traits
{
    static constexpr const char* name = "socketpair";
    static constexpr bool quick = false;

    socketpair(std::size_t capacity, std::size_t size) : message_size(size)
    {
        int both[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both) != 0)
            fail("socketpair");
        ends[0] = descriptor(both[0]);
        ends[1] = descriptor(both[1]);
        // Without privileges at most /proc/sys/net/core/wmem_max.
        const int bytes = static_cast<int>(capacity);
        for (const int option : {SO_SNDBUF, SO_SNDBUFFORCE})
            ::setsockopt(both[1], SOL_SOCKET, option, &bytes, sizeof bytes);
    }

    struct sender
    {
        explicit sender(const socketpair& c) : file(c.ends[1].get()) {}

        bool try_send(const void* data, std::size_t size)
        {
            return put(data, size, MSG_DONTWAIT);
        }

        void send(const void* data, std::size_t size) { put(data, size, 0); }

        bool put(const void* data, std::size_t size, int flags) const
        {
            return call("send", [&] {
                       return ::send(file, data, size, flags);
                   }) >= 0;
        }

        int file;
    };

    struct receiver
    {
        explicit receiver(const socketpair& c)
            : file(c.ends[0].get()),
              buffer(c.message_size)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            return take(f, MSG_DONTWAIT);
        }

        template <class F>
        void receive(F&& f)
        {
            take(f, 0);
        }

        template <class F>
        bool take(F& f, int flags)
        {
            return receive_into(buffer, f, "recv", [&] {
                return ::recv(file, buffer.data(), buffer.size(), flags);
            });
        }

        int file;
        std::vector<char> buffer;
    };

    descriptor ends[2];
    std::size_t message_size;
};

} // namespace bench

#endif
