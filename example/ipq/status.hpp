// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_STATUS_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_STATUS_HPP

// What the tool knows about queues, before it is printed in one form or
// another.

#include "command.hpp"
#include <boost_ipq/inspect.hpp>

namespace ipq {

// A queue, or why it cannot be examined.
struct entry
{
    std::string name;
    boost_ipq::queue_status status{};
    std::string error{};
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

// All queues in the directory. Those that disappear meanwhile are left out;
// damaged ones and those of another version are reported, each with the reason.
inline std::vector<entry> all_entries(const po::variables_map& values)
{
    auto names = boost_ipq::list_queues(directory_of(values));
    std::sort(names.begin(), names.end());
    std::vector<entry> result;
    for (const auto& name : names)
    {
        boost::system::error_code ec;
        entry e{name};
        e.status = boost_ipq::inspect(named(name, values), ec);
        if (ec == boost_ipq::errc::not_found)
            continue;
        if (ec)
            e.error = ec.message();
        result.push_back(e);
    }
    return result;
}

} // namespace ipq

#endif
