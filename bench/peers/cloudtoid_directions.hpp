// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_CLOUDTOID_DIRECTIONS_HPP
#define BOOST_IPQ_BENCH_PEERS_CLOUDTOID_DIRECTIONS_HPP

#include "cloudtoid.hpp"
#include <boost_ipq/cloudtoid.hpp>
#include <cstddef>
#include <string>

namespace bench {

// A queue of cloudtoid/interprocess in which each end is ours or theirs.
template <bool OurSender, bool OurReceiver>
struct cloudtoid_direction;

struct our_cloudtoid_sender
{
    explicit our_cloudtoid_sender(const cloudtoid& c)
        : out(boost_ipq::cloudtoid::queue_options(c.queue, c.capacity)
                  .path(c.directory.path()))
    {
    }

    bool try_send(const void* data, std::size_t size)
    {
        return out.try_enqueue(data, size);
    }

    void send(const void* data, std::size_t size) { out.enqueue(data, size); }

    boost_ipq::cloudtoid::publisher out;
};

struct our_cloudtoid_receiver
{
    explicit our_cloudtoid_receiver(const cloudtoid& c)
        : in(boost_ipq::cloudtoid::queue_options(c.queue, c.capacity)
                 .path(c.directory.path())),
          buffer(c.message_size)
    {
    }

    template <class F>
    bool try_receive(F&& f)
    {
        std::size_t size = 0;
        if (!in.try_dequeue(buffer.data(), buffer.size(), size))
            return false;
        f(buffer.data(), size);
        return true;
    }

    template <class F>
    void receive(F&& f)
    {
        std::size_t size = 0;
        in.dequeue(buffer.data(), buffer.size(), size);
        f(buffer.data(), size);
    }

    boost_ipq::cloudtoid::subscriber in;
    std::vector<char> buffer;
};

template <>
struct cloudtoid_direction<false, false> : cloudtoid
{
    static constexpr const char* name = "rust_to_rust";
    using cloudtoid::cloudtoid;
};

template <>
struct cloudtoid_direction<true, false> : cloudtoid
{
    static constexpr const char* name = "cpp_to_rust";
    using cloudtoid::cloudtoid;
    using sender = our_cloudtoid_sender;
};

template <>
struct cloudtoid_direction<false, true> : cloudtoid
{
    static constexpr const char* name = "rust_to_cpp";
    using cloudtoid::cloudtoid;
    using receiver = our_cloudtoid_receiver;
};

template <>
struct cloudtoid_direction<true, true> : cloudtoid
{
    static constexpr const char* name = "cpp_to_cpp";
    using cloudtoid::cloudtoid;
    using sender = our_cloudtoid_sender;
    using receiver = our_cloudtoid_receiver;
};

} // namespace bench

#endif
