// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_CLOUDTOID_HPP
#define BOOST_IPQ_BENCH_PEERS_CLOUDTOID_HPP

#include "channel.hpp"
#include "rust_peer.hpp"
#include <sched.h>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// cloudtoid/interprocess, version 3, in Rust. Its senders have no waiting call:
// a sender that waits yields.
struct cloudtoid : channel_traits
{
    static constexpr const char* name = "cloudtoid";

    cloudtoid(std::size_t bytes, std::size_t size)
        : queue(unique_name()),
          capacity(bytes / size * ((size + 15) & ~std::size_t(7))),
          message_size(size),
          first(open_sender(*this))
    {
    }

    static rust_sender open_sender(const cloudtoid& c)
    {
        return rust_sender(
            rust_open(
                boost_ipq_bench_cloudtoid_open_sender, c.directory.path(),
                c.queue.c_str(), c.capacity),
            boost_ipq_bench_cloudtoid_close_sender);
    }

    struct sender
    {
        explicit sender(const cloudtoid& c) : out(open_sender(c)) {}

        bool try_send(const void* data, std::size_t size)
        {
            return rust_done(
                boost_ipq_bench_cloudtoid_try_send(out.get(), data, size));
        }

        void send(const void* data, std::size_t size)
        {
            while (!try_send(data, size))
                ::sched_yield();
        }

        rust_sender out;
    };

    struct receiver
    {
        explicit receiver(const cloudtoid& c)
            : in(rust_open(
                     boost_ipq_bench_cloudtoid_open_receiver,
                     c.directory.path(), c.queue.c_str(), c.capacity),
                 boost_ipq_bench_cloudtoid_close_receiver),
              buffer(c.message_size)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            std::size_t size = 0;
            if (!rust_done(boost_ipq_bench_cloudtoid_try_receive(
                    in.get(), buffer.data(), buffer.size(), &size)))
                return false;
            f(buffer.data(), size);
            return true;
        }

        template <class F>
        void receive(F&& f)
        {
            through_c<F> look(f);
            rust_done(boost_ipq_bench_cloudtoid_receive(
                in.get(), look.template call<const void>, &look));
            look.rethrow();
        }

        rust_receiver in;
        std::vector<char> buffer;
    };

    shared_directory directory;
    std::string queue;
    std::size_t capacity;
    std::size_t message_size;
    rust_sender first; // the queue ends with its last participant
};

} // namespace bench

#endif
