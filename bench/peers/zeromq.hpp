// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ZEROMQ_HPP
#define BOOST_IPQ_BENCH_PEERS_ZEROMQ_HPP

#include "descriptor.hpp"
#include "channel.hpp"
#include <zmq.h>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// ZeroMQ, PUSH to PULL through a Unix socket. It distributes messages to the
// receivers in turn; they do not compete.
struct zeromq : channel_traits
{
    static constexpr const char* name = "zeromq";
    static constexpr bool quick = false;
    static constexpr bool competing = false;
    static constexpr bool immediate = false;
    static constexpr bool own_threads = true;

    zeromq(std::size_t capacity, std::size_t size)
        : address("ipc://@" + unique_name()),
          message_size(size),
          limit(static_cast<int>(capacity / size / 2))
    {
    }

    struct end
    {
        end(const zeromq& c, int kind, int option)
            : context(::zmq_ctx_new()),
              socket(::zmq_socket(context, kind))
        {
            if (!socket)
                fail("zmq_socket");
            ::zmq_setsockopt(socket, option, &c.limit, sizeof c.limit);
        }

        end(const end&) = delete;
        end& operator=(const end&) = delete;

        ~end()
        {
            ::zmq_close(socket);
            ::zmq_ctx_term(context);
        }

        void* context;
        void* socket;
    };

    struct sender : end
    {
        explicit sender(const zeromq& c) : end(c, ZMQ_PUSH, ZMQ_SNDHWM)
        {
            if (::zmq_connect(socket, c.address.c_str()) != 0)
                fail("zmq_connect");
        }

        bool try_send(const void* data, std::size_t size)
        {
            return put(data, size, ZMQ_DONTWAIT);
        }

        void send(const void* data, std::size_t size) { put(data, size, 0); }

        bool put(const void* data, std::size_t size, int flags)
        {
            return call("zmq_send", [&] {
                       return ::zmq_send(socket, data, size, flags);
                   }) >= 0;
        }
    };

    struct receiver : end
    {
        explicit receiver(const zeromq& c)
            : end(c, ZMQ_PULL, ZMQ_RCVHWM),
              buffer(c.message_size)
        {
            if (::zmq_bind(socket, c.address.c_str()) != 0)
                fail("zmq_bind");
        }

        template <class F>
        bool try_receive(F&& f)
        {
            return take(f, ZMQ_DONTWAIT);
        }

        template <class F>
        void receive(F&& f)
        {
            take(f, 0);
        }

        template <class F>
        bool take(F& f, int flags)
        {
            return receive_into(buffer, f, "zmq_recv", [&] {
                return ::zmq_recv(socket, buffer.data(), buffer.size(), flags);
            });
        }

        std::vector<char> buffer;
    };

    std::string address;
    std::size_t message_size;
    int limit;
};

} // namespace bench

#endif
