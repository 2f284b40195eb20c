// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_CHANNEL_HPP
#define BOOST_IPQ_BENCH_PEERS_CHANNEL_HPP

// A channel is what we measure: our queue in one of its forms, a peer, or the
// machine's floor. Each is a class with the same small interface:
//
//     struct name : channel_traits                // hides what differs
//     {
//         static constexpr const char* name = "name";
//         name(std::size_t capacity, std::size_t size);    // before the fork
//         struct sender
//         {
//             explicit sender(const name&);                // in its process
//             bool try_send(const void* data, std::size_t size);
//             void send(const void* data, std::size_t size);   // waits
//         };
//         struct receiver
//         {
//             explicit receiver(const name&);
//             // Call f(const void*, std::size_t) with a message.
//             template <class F> bool try_receive(F&& f);
//             template <class F> void receive(F&& f);          // waits
//         };
//     };
//
// Every message of one channel has the size that it was made for. What cannot
// be had here throws: the row then shows why.

#include "../support/system.hpp"
#include <cstddef>

namespace bench {

struct channel_traits
{
    static constexpr bool waits = true; // has send() and receive()
    static constexpr bool several_senders = true;
    static constexpr bool competing = true;    // several receivers
    static constexpr bool immediate = true;    // sent is ready to be received
    static constexpr bool own_threads = false; // so it is not pinned
    static constexpr bool own_program = false; // not both ends in one process
    static constexpr std::size_t batch = 1;    // messages in one call

    // Largest message that several senders or receivers keep apart.
    static constexpr std::size_t shared_limit = std::size_t(-1);

    // Returns: whether there may be so many of each.
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
