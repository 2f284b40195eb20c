// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_STATUS_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_STATUS_HPP

// What the tool knows about queues, before it is printed in one form or
// another.

#include "command.hpp"
#include "system.hpp"
#include <boost_ipq/inspect.hpp>
#include <map>
#include <optional>

namespace ipq {

// Messages a second.
struct rates
{
    double sent = 0;
    double received = 0;
};

// A queue, or why it cannot be examined.
struct entry
{
    std::string name;
    boost_ipq::queue_status status{};
    std::string error{};
    std::optional<rates> speed{};              // if it was looked at twice
    std::optional<std::size_t> dead_letters{}; // if that queue exists
    std::map<std::uint32_t, std::string> commands{}; // of living processes

    std::string command(std::uint32_t pid) const
    {
        const auto found = commands.find(pid);
        return found == commands.end() ? std::string() : found->second;
    }
};

// A number of a queue, with its name in JSON and in Prometheus.
struct named_number
{
    const char* name;
    const char* metric; // nullptr: none
    bool counter;       // it only grows
    const char* help;
    std::uint64_t value;
};

// Messages that wait behind the oldest one in place, if one is.
inline std::size_t held_back(const boost_ipq::queue_status& s)
{
    return s.oldest_held ? s.oldest_held->newer : 0;
}

inline std::vector<named_number> numbers(const boost_ipq::queue_status& s)
{
    return {
        {"capacity", "capacity_bytes", false, "Capacity of the queue.",
         s.capacity},
        {"bytes", "used_bytes", false, "Bytes of the capacity in use.",
         s.bytes},
        {"messages", "messages", false, "Messages sent and not yet taken.",
         s.messages},
        {"reservations", "reservations", false,
         "Messages being filled in place.", s.reservations},
        {"deliveries", "deliveries", false,
         "Messages being read in place or to be delivered again.",
         s.deliveries},
        {"sent", "sent_total", true, "Messages sent since the creation.",
         s.sent},
        {"received", "received_total", true,
         "Messages received since the creation.", s.received},
        {"waiting_publishers", "waiting_publishers", false,
         "Publishers that sleep.", s.waiting_publishers},
        {"waiting_subscribers", "waiting_subscribers", false,
         "Subscribers that sleep.", s.waiting_subscribers},
        {"held_back", "held_back_messages", false,
         "Messages that are newer than the oldest one in place.", held_back(s)},
        {"max_deliveries", nullptr, false, "", s.max_deliveries},
        {"message_alignment", nullptr, false, "", s.message_alignment},
        {"type_size", nullptr, false, "", s.type_size},
        {"type_alignment", nullptr, false, "", s.type_alignment},
        {"layout_version", nullptr, false, "", s.layout_version}};
}

inline const char* role(const boost_ipq::queue_participant& p)
{
    if (p.publishers && p.subscribers)
        return "both";
    return p.publishers ? "publisher" : p.subscribers ? "subscriber" : "none";
}

inline bool is_broadcast(const boost_ipq::queue_status& s)
{
    return s.kind == boost_ipq::queue_kind::broadcast;
}

inline const char* kind_name(const boost_ipq::queue_status& s)
{
    return is_broadcast(s) ? "broadcast" : "queue";
}

inline const char* overflow_name(const boost_ipq::queue_status& s)
{
    return s.overflow == boost_ipq::overflow::block ? "block" : "drop_oldest";
}

inline const char* lifetime_name(const boost_ipq::queue_status& s)
{
    return s.lifetime == boost_ipq::lifetime::while_open ? "while_open"
                                                         : "persistent";
}

// Asks the system which programs the living processes run.
inline void add_commands(entry& e)
{
    for (const auto& p : e.status.participants)
        if (p.alive)
            e.commands[p.pid] = command_of(p.pid, e.name);
}

// Looks into the dead-letter queue, too.
inline void add_dead_letters(entry& e, const po::variables_map& values)
{
    if (e.status.dead_letter.empty())
        return;
    boost::system::error_code ec;
    const auto letters =
        boost_ipq::inspect(named(e.status.dead_letter, values), ec);
    if (!ec)
        e.dead_letters = letters.messages;
}

// Returns false if there is no such queue. Damaged queues and those of a
// different version are reported, each with the reason.
inline bool examine(entry& e, const po::variables_map& values)
{
    boost::system::error_code ec;
    e.status = boost_ipq::inspect(named(e.name, values), ec);
    if (ec)
        e.error = ec.message();
    return ec != boost_ipq::errc::not_found;
}

// All queues in the directory, but for those that disappear meanwhile.
inline std::vector<entry> all_entries(const po::variables_map& values)
{
    auto names = boost_ipq::list_queues(directory_of(values));
    std::sort(names.begin(), names.end());
    std::vector<entry> result;
    for (const auto& name : names)
        if (entry e{name}; examine(e, values))
            result.push_back(e);
    return result;
}

// The rates between two views. The totals are smaller when a new queue has the
// name.
inline std::optional<rates>
rates_since(const entry& before, const entry& now, double seconds)
{
    const auto &a = before.status, &b = now.status;
    if (seconds <= 0 || a.sent > b.sent || a.received > b.received)
        return {};
    return rates{
        double(b.sent - a.sent) / seconds,
        double(b.received - a.received) / seconds};
}

} // namespace ipq

#endif
