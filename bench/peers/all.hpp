// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ALL_HPP
#define BOOST_IPQ_BENCH_PEERS_ALL_HPP

#include "boost_ipq.hpp"
#include "forms.hpp"
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
#if defined(BOOST_IPQ_BENCH_CLOUDTOID)
#include "cloudtoid.hpp"
#endif
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
#include "iceoryx2.hpp"
#endif
#include <benchmark/benchmark.h>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

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
    f(type<iceoryx_loans>());
#endif
#if defined(BOOST_IPQ_BENCH_CLOUDTOID)
    f(type<cloudtoid>());
#endif
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
    f(type<iceoryx2>());
    f(type<iceoryx2_loans>());
#endif
}

// Effects: calls f(type<channel>) for each channel that works in place.
template <class F>
void for_each_in_place(F f)
{
    f(type<ipq_in_place>());
#if defined(BOOST_IPQ_BENCH_ICEORYX)
    f(type<iceoryx_loans>());
#endif
#if defined(BOOST_IPQ_BENCH_ICEORYX2)
    f(type<iceoryx2_loans>());
#endif
}

// Effects: reports the peers that are not installed.
inline void name_absent_peers()
{
#if defined(BOOST_IPQ_BENCH_RUST_ABSENT)
    [[maybe_unused]] const std::string why =
        " (" BOOST_IPQ_BENCH_RUST_ABSENT ")";
#else
    [[maybe_unused]] const std::string why;
#endif
    std::string absent;
#if !defined(BOOST_IPQ_BENCH_ZEROMQ)
    absent += ", zeromq";
#endif
#if !defined(BOOST_IPQ_BENCH_ICEORYX)
    absent += ", iceoryx";
#endif
#if !defined(BOOST_IPQ_BENCH_CLOUDTOID)
    absent += ", cloudtoid" + why;
#endif
#if !defined(BOOST_IPQ_BENCH_ICEORYX2)
    absent += ", iceoryx2" + why;
#endif
    if (!absent.empty())
        benchmark::AddCustomContext("absent_peers", absent.substr(2));
}

using all_sizes = std::index_sequence<
    8, 64, 256, 1024, 2048, 4096, 8192, 16384, 65536, 262144, 1048576>;

// Effects: calls f(std::integral_constant) for each size.
template <std::size_t... Sizes, class F>
void for_each_size(std::index_sequence<Sizes...>, F f)
{
    (f(std::integral_constant<std::size_t, Sizes>()), ...);
}

} // namespace bench

#endif
