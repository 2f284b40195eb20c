// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ZEROMQ_BROADCAST_HPP
#define BOOST_IPQ_BENCH_PEERS_ZEROMQ_BROADCAST_HPP

#include "zeromq.hpp"
#include <zmq.h>
#include <cstddef>
#include <vector>

namespace bench {

// ZeroMQ, XPUB to SUB through a Unix socket. Sending waits for receivers whose
// buffer is full, as a PUB socket does not.
struct zeromq_broadcast : zeromq
{
    static constexpr const char* name = "zeromq";
    static constexpr bool lossless = true;
    static constexpr bool several_senders = false;

    zeromq_broadcast(std::size_t capacity, std::size_t size, unsigned receivers)
        : zeromq(capacity, size),
          receiver_count(receivers)
    {
    }

    struct sender : end
    {
        explicit sender(const zeromq_broadcast& c)
            : end(c, ZMQ_XPUB, ZMQ_SNDHWM),
              missing(c.receiver_count)
        {
            const int yes = 1;
            ::zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &yes, sizeof yes);
            ::zmq_setsockopt(socket, ZMQ_XPUB_VERBOSE, &yes, sizeof yes);
            if (::zmq_bind(socket, c.address.c_str()) != 0)
                fail("zmq_bind");
        }

        bool try_send(const void* data, std::size_t size)
        {
            // What is sent before a receiver has subscribed does not reach it.
            // Not in the constructor: the receiver may be a sender, too, which
            // waits for this process.
            char subscription[2];
            for (; missing != 0; --missing)
                if (::zmq_recv(socket, subscription, sizeof subscription, 0) <
                    0)
                    fail("zmq_recv");
            return call("zmq_send", [&] {
                       return ::zmq_send(socket, data, size, ZMQ_DONTWAIT);
                   }) >= 0;
        }

        unsigned missing; // receivers that have not subscribed
    };

    struct receiver : end
    {
        explicit receiver(const zeromq_broadcast& c)
            : end(c, ZMQ_SUB, ZMQ_RCVHWM),
              buffer(c.message_size)
        {
            ::zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
            if (::zmq_connect(socket, c.address.c_str()) != 0)
                fail("zmq_connect");
        }

        template <class F>
        bool try_receive(F&& f)
        {
            return receive_into(buffer, f, "zmq_recv", [&] {
                return ::zmq_recv(
                    socket, buffer.data(), buffer.size(), ZMQ_DONTWAIT);
            });
        }

        std::vector<char> buffer;
    };

    unsigned receiver_count;
};

} // namespace bench

#endif
