// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_CHANNEL_HPP
#define BOOST_IPQ_BENCH_PEERS_CHANNEL_HPP

// A channel is what a row measures: our queue in one of its forms, a peer, or
// the machine's floor. Each is a class with this small interface:
//
//     struct name : channel_traits                // redefine what differs
//     {
//         static constexpr const char* name = "name";
//         name(std::size_t capacity, std::size_t size);    // before the fork
//         struct sender
//         {
//             explicit sender(const name&);        // in its own process
//             bool try_send(const void* data, std::size_t size);
//             void send(const void* data, std::size_t size);   // waits
//         };
//         struct receiver
//         {
//             explicit receiver(const name&);
//             // Calls f(const void*, std::size_t) with a message.
//             template <class F> bool try_receive(F&& f);
//             template <class F> void receive(F&& f);          // waits
//         };
//     };
//
// All messages of a channel have the size given to its constructor. A channel
// that this system does not support throws `unsupported`: the row shows why.

#include "../support/system.hpp"
#include <cstddef>

namespace bench {

// What a throughput row writes and reads of each message.
enum class contents
{
    stamps,     // a copying call writes all; its ends are read
    first_word, // only the first 8 bytes, in place
    all         // every byte
};

struct channel_traits
{
    static constexpr bool waits = true; // has send() and receive()
    static constexpr bool several_senders = true;
    static constexpr bool competing = true;    // several receivers
    static constexpr bool immediate = true;    // a sent message can be received
    static constexpr bool own_threads = false; // has threads: is not pinned
    static constexpr bool own_program = false; // one end per process
    static constexpr std::size_t batch = 1;    // messages in one call
    static constexpr bool quick = true;        // is also part of --quick
    static constexpr contents read = contents::stamps;

    // Largest message that stays whole with several senders or receivers.
    static constexpr std::size_t shared_limit = std::size_t(-1);

    // Returns: whether the channel supports these numbers of processes.
    template <class Channel>
    static constexpr bool
    allows(std::size_t size, unsigned senders, unsigned receivers) noexcept
    {
        return ((senders == 1 && receivers == 1) ||
                size <= Channel::shared_limit) &&
               (senders == 1 || Channel::several_senders) &&
               (receivers == 1 || Channel::competing);
    }
};

template <class T>
struct type
{
    using channel = T;
};

} // namespace bench

#endif
