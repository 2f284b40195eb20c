// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Between processes: throughput, round trips, the cost of waiting.

#include "peers/all.hpp"
#include "peers/floor.hpp"
#include "support/idle.hpp"
#include "support/placement.hpp"
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

// Effects: adds a row that also measures how near the processors are.
template <class Measure>
void add_placed_row(const std::string& name, std::size_t size, Measure measure)
{
    add_row(name, size, [=] { return measure_with_floor(measure); });
}

template <class Channel>
bool left_out(const plan& how)
{
    return how.quick && !Channel::quick;
}

template <class Channel, calls Calls = calls::trying>
void add_throughput(
    const char* kind, shape who, std::size_t size, const plan& how)
{
    if (!left_out<Channel>(how) &&
        Channel::template allows<Channel>(size, who.senders, who.receivers))
        add_placed_row(
            row("throughput/" + to_string(who) + '/' + kind, size,
                Channel::name),
            size, [=] {
                return throughput<Channel, Calls>::measure(who, size, how);
            });
}

template <class Channel>
void add_throughputs(shape who, std::size_t size, const plan& how)
{
    add_throughput<Channel>("try", who, size, how);
    if constexpr (Channel::waits)
        if (!how.quick)
            add_throughput<Channel, calls::waiting>("waiting", who, size, how);
}

template <std::size_t Size>
void add_shape(shape who, const plan& how)
{
    add_throughputs<ipq>(who, Size, how);
    add_throughputs<ipq_in_place>(who, Size, how);
    for_each_peer<Size>([&](auto peer) {
        add_throughputs<typename decltype(peer)::channel>(who, Size, how);
    });
}

// In place: messages of which 8 bytes are written and read, or every byte.
void add_in_place(std::size_t size, const plan& how)
{
    for_each_in_place([&](auto channel) {
        using in_place = typename decltype(channel)::channel;
        add_throughput<touched<in_place>>("touched", {1, 1}, size, how);
    });
    for_each_in_place([&](auto channel) {
        using in_place = typename decltype(channel)::channel;
        add_throughput<whole<in_place>>("whole", {1, 1}, size, how);
    });
}

// Rows that goals compare follow each other, while the processors stay where
// they are.
void add_throughputs(const plan& how)
{
    for_each_size(all_sizes(), [&](auto size) {
        add_shape<size>({1, 1}, how);
        if (size == 64)
        {
            add_throughput<ipq_batch>("try", {1, 1}, size, how);
            if (how.quick)
            {
                add_throughput<ipq, calls::waiting>(
                    "waiting", {1, 1}, size, how);
                add_throughput<ipq>("try", {2, 2}, size, how);
            }
        }
        if (size == 64 || size == 1024 || size == 65536 || size == 1048576)
            add_in_place(size, how);
        if constexpr (size == 64 || size == 1024 || size == 65536)
            if (!how.quick)
                for (const shape who : {shape{2, 2}, {4, 1}, {1, 4}})
                    add_shape<size>(who, how);
    });
}

// Long enough for the scheduler to run every process.
void add_crowd(plan how)
{
    how.warm_up_ns = 100 * 1000 * 1000;
    how.round_ns = 1000 * 1000 * 1000;
    constexpr shape who{16, 16};
    add_throughputs<ipq>(who, 64, how);
    for_each_peer<64>([&](auto peer) {
        using channel = typename decltype(peer)::channel;
        if constexpr (channel::waits)
            add_throughput<channel, calls::waiting>("waiting", who, 64, how);
    });
}

template <class Channel, calls Calls, bool Sleepers = false>
void add_round_trip(const char* mode, const plan& how)
{
    if (left_out<Channel>(how))
        return;
    const std::size_t size = 64;
    const std::string name =
        row(std::string("round_trip/") + mode, size, Channel::name);
    const std::int64_t duration = Sleepers ? 300 * 1000 * 1000 : how.round_ns;
    add_placed_row(name, 0, [=] {
        return round_trip<Channel, Calls, Sleepers>::measure(size, duration);
    });
}

template <class Channel>
void add_round_trips(const plan& how)
{
    add_round_trip<Channel, calls::trying>("polling", how);
    if constexpr (Channel::waits)
        add_round_trip<Channel, calls::waiting>("waiting", how);
}

void add_round_trips(const plan& how)
{
    add_round_trip<cache_line, calls::trying>("polling", how);
    add_round_trips<ipq>(how);
    add_round_trips<ipq_in_place>(how);
    for_each_peer<64>([&](auto peer) {
        add_round_trips<typename decltype(peer)::channel>(how);
    });
}

template <class Channel>
void add_sleep(const plan& how)
{
    if constexpr (Channel::waits)
    {
        add_round_trip<Channel, calls::waiting, true>("sleeping", how);
        add_row(row("idle", 64, Channel::name), 0, [] {
            return measure_idle<Channel>(64, 1000 * 1000 * 1000);
        });
    }
}

void add_sleeps(const plan& how)
{
    add_round_trip<futex, calls::waiting, true>("sleeping", how);
    add_sleep<ipq>(how);
    for_each_peer<64>(
        [&](auto peer) { add_sleep<typename decltype(peer)::channel>(how); });
}

} // namespace

int main(int argc, char** argv)
{
    const plan how = read_plan(argc, argv);
    name_absent_peers();
    add_round_trips(how);
    add_throughputs(how);
    if (!how.quick)
    {
        add_sleeps(how);
        add_crowd(how);
    }
    return run_rows(argc, argv);
}
