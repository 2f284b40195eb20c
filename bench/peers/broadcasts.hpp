// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_BROADCASTS_HPP
#define BOOST_IPQ_BENCH_PEERS_BROADCASTS_HPP

// Channels whose receivers all get every message. As in channel.hpp, but the
// constructor also takes the number of receivers, and `lossless` says whether
// each gets all messages, or only those for which it had room.

#include "boost_ipq.hpp"
#include "forms.hpp"
// Defined by CMake if the peer is installed.
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
#include "iceoryx2.hpp"
#endif
#if defined(BOOST_IPQ_BENCH_ZEROMQ)
#include "zeromq_broadcast.hpp"
#endif
#include <cstddef>

namespace bench {

// Form is one of those in boost_ipq.hpp.
template <template <class> class Form, class Handles = broadcast_handles>
struct to_all : Form<Handles>
{
    static constexpr bool lossless = true;

    to_all(std::size_t capacity, std::size_t size, unsigned)
        : Form<Handles>(capacity, size)
    {
    }
};

struct ipq_to_all : to_all<ipq_copying>
{
    static constexpr const char* name = "boost_ipq";
    using to_all::to_all;
};

struct ipq_to_all_in_place : to_all<ipq_lending>
{
    static constexpr const char* name = "boost_ipq_in_place";
    using to_all::to_all;
};

// Copies in batches; reads in place.
struct ipq_to_all_runs : to_all<ipq_runs>
{
    static constexpr const char* name = "boost_ipq_runs";
    using to_all::to_all;
};

// Our queue, in rows with one receiver.
struct queue_to_one : to_all<ipq_copying, queue_handles>
{
    static constexpr const char* name = "boost_ipq_queue";
    using to_all::to_all;
};

struct queue_to_one_in_place : to_all<ipq_lending, queue_handles>
{
    static constexpr const char* name = "boost_ipq_queue_in_place";
    using to_all::to_all;
};

struct queue_to_one_runs : to_all<ipq_runs, queue_handles>
{
    static constexpr const char* name = "boost_ipq_queue_runs";
    using to_all::to_all;
};

#if defined(BOOST_IPQ_BENCH_ICEORYX2)
// Base is iceoryx2 or iceoryx2_loans.
template <class Base, bool Lossless>
struct iceoryx2_to_all : Base
{
    static constexpr bool lossless = Lossless;

    iceoryx2_to_all(std::size_t capacity, std::size_t size, unsigned receivers)
        : Base(capacity, size, receivers, Lossless)
    {
    }
};

struct iceoryx2_copied : iceoryx2_to_all<iceoryx2, true>
{
    using iceoryx2_to_all::iceoryx2_to_all;
};

// Receivers whose buffer is full do not get the message.
struct iceoryx2_copied_lossy : iceoryx2_to_all<iceoryx2, false>
{
    static constexpr const char* name = "iceoryx2_lossy";
    using iceoryx2_to_all::iceoryx2_to_all;
};

struct iceoryx2_lent : iceoryx2_to_all<iceoryx2_loans, true>
{
    using iceoryx2_to_all::iceoryx2_to_all;
};

struct iceoryx2_lent_lossy : iceoryx2_to_all<iceoryx2_loans, false>
{
    static constexpr const char* name = "iceoryx2_lossy_loans";
    using iceoryx2_to_all::iceoryx2_to_all;
};
#endif

// Effects: calls f(type<channel>) for each peer that works in place.
template <class F>
void for_each_broadcast_lender([[maybe_unused]] F f)
{
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
    f(type<iceoryx2_lent>());
    f(type<iceoryx2_lent_lossy>());
#endif
}

// Effects: calls f(type<channel>) for each peer.
template <class F>
void for_each_broadcast_peer([[maybe_unused]] F f)
{
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
    f(type<iceoryx2_copied>());
    f(type<iceoryx2_copied_lossy>());
    f(type<iceoryx2_lent>());
    f(type<iceoryx2_lent_lossy>());
#endif
#if defined(BOOST_IPQ_BENCH_ZEROMQ)
    f(type<zeromq_broadcast>());
#endif
}

} // namespace bench

#endif
