// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ALL_HPP
#define BOOST_IPQ_BENCH_PEERS_ALL_HPP

#include "boost_ipq.hpp"
#include "message_queue.hpp"
#include "pipe.hpp"
#include "posix_queue.hpp"
#include "socketpair.hpp"
#include "spsc_queue.hpp"
// Defined by CMake if the peer is installed.
#if defined(BOOST_IPQ_BENCH_ZEROMQ)
#include "zeromq.hpp"
#endif
#if defined(BOOST_IPQ_BENCH_ICEORYX)
#include "iceoryx.hpp"
#endif
#include <benchmark/benchmark.h>
#include <cstddef>
#include <string>

namespace bench {

// Effects: calls f(type<channel>) for each peer, with that message size.
template <std::size_t Size, class F>
void for_each_peer(F f)
{
    f(type<message_queue>());
    f(type<spsc_queue<Size>>());
    f(type<pipe>());
    f(type<socketpair>());
    f(type<posix_queue>());
#if defined(BOOST_IPQ_BENCH_ZEROMQ)
    f(type<zeromq>());
#endif
#if defined(BOOST_IPQ_BENCH_ICEORYX)
    f(type<iceoryx>());
#endif
}

// Effects: reports the peers that are not installed.
inline void name_absent_peers()
{
    std::string absent;
#if !defined(BOOST_IPQ_BENCH_ZEROMQ)
    absent += " zeromq";
#endif
#if !defined(BOOST_IPQ_BENCH_ICEORYX)
    absent += " iceoryx";
#endif
    if (!absent.empty())
        benchmark::AddCustomContext("absent_peers", absent.substr(1));
}

// Effects: calls f(std::integral_constant) for each size.
template <std::size_t... Sizes, class F>
void for_each_size(std::index_sequence<Sizes...>, F f)
{
    (f(std::integral_constant<std::size_t, Sizes>()), ...);
}

} // namespace bench

#endif
