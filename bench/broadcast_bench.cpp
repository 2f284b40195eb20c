// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every subscriber gets every message: deliveries, round trips, and what
// subscribers that lag cost.

#include "peers/all.hpp"
#include "peers/broadcasts.hpp"
#include "support/fan_out.hpp"
#include "support/lagging.hpp"
#include "support/placement.hpp"
#include "support/round_trip.hpp"
#include "support/rows.hpp"
#include <cstddef>
#include <string>

namespace {

using namespace bench;

std::string to_string(shape who)
{
    return std::to_string(who.senders) + "to" + std::to_string(who.receivers);
}

template <class Channel>
void add_fan_out(
    shape who, std::size_t size, const plan& how, const char* kind = "")
{
    if ((who.senders == 1 || Channel::several_senders) &&
        (!how.quick || Channel::quick))
        add_row(
            row("broadcast/" + to_string(who) + kind, size, Channel::name),
            size, [=] {
                return measure_with_floor(
                    [=] { return fan_out<Channel>::measure(who, size, how); });
            });
}

void add_shape(shape who, std::size_t size, const plan& how)
{
    add_fan_out<ipq_to_all>(who, size, how);
    if (who.all() == 2)
        add_fan_out<queue_to_one>(who, size, how);
    add_fan_out<ipq_to_all_runs>(who, size, how);
    if (who.all() == 2)
        add_fan_out<queue_to_one_runs>(who, size, how);
    add_fan_out<ipq_to_all_in_place>(who, size, how);
    if (who.all() == 2)
        add_fan_out<queue_to_one_in_place>(who, size, how);
    for_each_broadcast_peer([&](auto peer) {
        add_fan_out<typename decltype(peer)::channel>(who, size, how);
    });
}

// In place: messages of which 8 bytes are written and read, or every byte.
template <class Channel>
void add_in_place(shape who, std::size_t size, const plan& how)
{
    add_fan_out<touched<Channel>>(who, size, how, "/touched");
    add_fan_out<whole<Channel>>(who, size, how, "/whole");
}

void add_in_place(shape who, std::size_t size, const plan& how)
{
    add_in_place<ipq_to_all_in_place>(who, size, how);
    for_each_broadcast_lender([&](auto peer) {
        add_in_place<typename decltype(peer)::channel>(who, size, how);
    });
}

// Long enough for the scheduler to run every process.
plan for_crowds(plan how)
{
    how.warm_up_ns = 50 * 1000 * 1000;
    how.round_ns = 200 * 1000 * 1000;
    return how;
}

void add_fan_outs(const plan& how)
{
    for (const std::size_t size : {8, 64, 1024, 8192, 65536, 1048576})
        for (const shape who : {shape{1, 1}, {1, 2}, {1, 8}, {2, 2}})
        {
            const bool goals = who.all() == 2 || who.receivers == 8;
            if (!how.quick || (goals && size != 8192))
            {
                const plan mine = who.all() > cores() ? for_crowds(how) : how;
                add_shape(who, size, mine);
                if (goals && size >= 65536)
                    add_in_place(who, size, mine);
            }
        }
}

// With the constructor that processes_bench's channels have.
template <class Channel>
struct to_one : Channel
{
    to_one(std::size_t capacity, std::size_t size) : Channel(capacity, size, 1)
    {
    }
};

template <class Channel>
void add_round_trip(const plan& how)
{
    add_row(row("broadcast/round_trip", 64, Channel::name), 0, [=] {
        return measure_with_floor([=] {
            return round_trip<to_one<Channel>, calls::trying>::measure(
                64, how.round_ns);
        });
    });
}

void add_round_trips(const plan& how)
{
    add_row(row("broadcast/round_trip", 64, cache_line::name), 0, [=] {
        return measure_with_floor([=] {
            return round_trip<cache_line, calls::trying>::measure(
                64, how.round_ns);
        });
    });
    add_round_trip<ipq_to_all>(how);
    add_round_trip<queue_to_one>(how);
    add_round_trip<ipq_to_all_in_place>(how);
    for_each_broadcast_peer([&](auto peer) {
        using channel = typename decltype(peer)::channel;
        if constexpr (channel::lossless)
            add_round_trip<channel>(how);
    });
}

void add_lagging(const plan& how)
{
    for (const std::size_t size : {8, 64, 1024, 65536})
        for (const unsigned subscribers : {1u, 200u})
            if (subscribers == 1 || !how.quick)
                add_row(
                    row("lagging/" + std::to_string(subscribers), size,
                        ipq_to_all::name),
                    size, [=] {
                        return measure_lagging(
                            size, subscribers, 4 * how.round_ns);
                    });
}

} // namespace

int main(int argc, char** argv)
{
    const plan how = read_plan(argc, argv);
    name_absent_peers();
    add_round_trips(how);
    add_fan_outs(how);
    add_lagging(how);
    return run_rows(argc, argv);
}
