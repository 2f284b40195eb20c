// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Between processes: throughput, round trips, the cost of waiting.

#include "peers/all.hpp"
#include "peers/floor.hpp"
#include "support/idle.hpp"
#include "support/round_trip.hpp"
#include "support/rows.hpp"
#include "support/throughput.hpp"
#include <cstddef>
#include <string>
#include <utility>

namespace {

using namespace bench;

std::string to_string(shape who)
{
    return std::to_string(who.senders) + "to" + std::to_string(who.receivers);
}

template <class Channel, calls Calls>
void add_throughput(shape who, std::size_t size, const plan& how)
{
    if (Channel::template allows<Channel>(size, who.senders, who.receivers))
        add_row(
            row("throughput/" + to_string(who) +
                    (Calls == calls::waiting ? "/waiting" : "/try"),
                size, Channel::name),
            how.repetitions, size, [=] {
                return throughput<Channel, Calls>::measure(who, size, how);
            });
}

template <class Channel>
void add_throughputs(shape who, std::size_t size, const plan& how)
{
    add_throughput<Channel, calls::trying>(who, size, how);
    if constexpr (Channel::waits)
        add_throughput<Channel, calls::waiting>(who, size, how);
}

void add_throughputs(const plan& how)
{
    using sizes = std::index_sequence<8, 64, 256, 1024, 65536, 1048576>;
    for (const shape who : {shape{1, 1}, {2, 2}, {4, 1}, {1, 4}})
        for_each_size(sizes(), [&](auto size) {
            if (how.quick && size != 64 && (who.all() != 2 || size < 65536))
                return;
            add_throughputs<ipq>(who, size, how);
            add_throughputs<ipq_in_place>(who, size, how);
            for_each_peer<size>([&](auto peer) {
                using channel = typename decltype(peer)::channel;
                add_throughputs<channel>(who, size, how);
            });
        });
    add_throughput<ipq_batch, calls::trying>({1, 1}, 64, how);
}

// Long enough for the scheduler to run every process.
void add_crowd(plan how)
{
    how.warm_up_ns = 100 * 1000 * 1000;
    how.round_ns = (how.quick ? 300 : 1000) * 1000 * 1000;
    constexpr shape who{16, 16};
    add_throughputs<ipq>(who, 64, how);
    for_each_peer<64>([&](auto peer) {
        using channel = typename decltype(peer)::channel;
        if constexpr (channel::waits)
            add_throughput<channel, calls::waiting>(who, 64, how);
    });
}

template <class Channel, calls Calls, bool Sleepers = false>
void add_round_trip(const char* mode, const plan& how)
{
    const std::size_t size = 64;
    const std::string name =
        row(std::string("round_trip/") + mode, size, Channel::name);
    const std::int64_t duration =
        Sleepers ? (how.quick ? 100 : 300) * 1000 * 1000 : how.round_ns;
    add_row(name, how.repetitions, 0, [=] {
        return round_trip<Channel, Calls, Sleepers>::measure(
            name, size, duration);
    });
}

template <class Channel>
void add_round_trips(const plan& how)
{
    add_round_trip<Channel, calls::trying>("polling", how);
    if constexpr (Channel::waits)
    {
        add_round_trip<Channel, calls::waiting>("waiting", how);
        add_round_trip<Channel, calls::waiting, true>("sleeping", how);
        add_row(row("idle", 64, Channel::name), 1, 0, [=] {
            return measure_idle<Channel>(
                64, (how.quick ? 500 : 2000) * std::int64_t(1000000));
        });
    }
}

void add_round_trips(const plan& how)
{
    add_round_trip<cache_line, calls::trying>("polling", how);
    add_round_trip<futex, calls::waiting>("waiting", how);
    add_round_trip<futex, calls::waiting, true>("sleeping", how);
    add_round_trips<ipq>(how);
    add_round_trips<ipq_in_place>(how);
    for_each_peer<64>([&](auto peer) {
        add_round_trips<typename decltype(peer)::channel>(how);
    });
}

} // namespace

int main(int argc, char** argv)
{
    const plan how = read_plan(argc, argv);
    name_absent_peers();
    add_round_trips(how);
    add_throughputs(how);
    add_crowd(how);
    return run_rows(argc, argv);
}
