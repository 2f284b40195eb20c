// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_LOOK_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_LOOK_HPP

// The commands list and stat.

#include "json.hpp"
#include "prometheus.hpp"
#include <iomanip>

namespace ipq {

inline unsigned percent_full(const boost_ipq::queue_status& s)
{
    return s.capacity ? unsigned(100.0 * double(s.bytes) / double(s.capacity))
                      : 0;
}

inline po::options_description list_options()
{
    auto options = place_options();
    options.add_options()("json", "print an array with an object for each");
    return options;
}

inline void list(const po::variables_map& values)
{
    const auto entries = all_entries(values);
    if (values.count("json"))
        return print_json(entries);
    std::size_t width = 4;
    for (const auto& e : entries)
        width = (std::max)(width, e.name.size());
    const auto name = std::setw(int(width));
    std::cout
        << std::left << name << "NAME" << std::right
        << "  KIND         CAPACITY FULL  MESSAGES        SENT    RECEIVED"
           "  PROCESSES\n";
    for (const auto& e : entries)
    {
        const auto& s = e.status;
        std::cout << std::left << name << e.name << std::right;
        if (!e.error.empty())
        {
            std::cout << "  " << e.error << '\n';
            continue;
        }
        std::cout << "  " << std::left << std::setw(9) << kind_name(s)
                  << std::right << std::setw(12) << s.capacity << std::setw(4)
                  << percent_full(s) << '%' << std::setw(10) << s.messages
                  << std::setw(12) << s.sent << std::setw(12) << s.received;
        const char* between = "  ";
        for (const auto& p : s.participants)
        {
            std::cout << between << p.pid << ':' << role(p)
                      << (p.alive ? "" : ":dead");
            between = " ";
        }
        std::cout << '\n';
    }
}

inline void print_status(const entry& e)
{
    std::cout << e.name << '\n';
    if (!e.error.empty())
    {
        std::cout << "  error: " << e.error << '\n';
        return;
    }
    const auto& s = e.status;
    std::cout << "  kind          " << kind_name(s);
    if (is_broadcast(s))
        std::cout << ", when full: " << overflow_name(s);
    std::cout << "\n  capacity      " << s.capacity << " bytes, "
              << percent_full(s) << "% full (" << s.bytes << " bytes)\n"
              << "  messages      " << s.messages << " (" << s.sent << " sent, "
              << s.received << " received)\n"
              << "  in place      " << s.reservations << " being filled, "
              << s.deliveries << " being read or to be delivered again\n"
              << "  asleep        " << s.waiting_publishers << " publishers, "
              << s.waiting_subscribers << " subscribers\n"
              << "  lifetime      " << lifetime_name(s) << '\n'
              << "  layout        version " << s.layout_version
              << ", messages aligned to " << s.message_alignment << '\n';
    if (s.type_size)
        std::cout << "  message type  " << s.type_name << ", " << s.type_size
                  << " bytes\n";
    for (const auto& p : s.participants)
        std::cout << "  process       " << p.pid << ' ' << role(p) << ' '
                  << (p.alive ? "alive" : "dead") << '\n';
    for (const auto& r : s.readers)
        std::cout << "  reader        " << r.pid << ' '
                  << (r.alive ? "alive" : "dead") << ", " << r.messages
                  << " messages behind, " << r.missed << " missed"
                  << (r.in_place ? ", reads in place" : "") << '\n';
}

inline po::options_description stat_options()
{
    auto options = list_options();
    options.add_options()(
        "queue", po::value<std::vector<std::string>>()->value_name("QUEUE"),
        "a queue. Default: all")(
        "prometheus", "print the text format of Prometheus");
    return options;
}

inline void stat(const po::variables_map& values)
{
    std::vector<entry> entries;
    if (values.count("queue"))
        for (const auto& name : values["queue"].as<std::vector<std::string>>())
            entries.push_back({name, boost_ipq::inspect(named(name, values))});
    else
        entries = all_entries(values);
    if (values.count("json") && values.count("prometheus"))
        throw po::error("give one of --json and --prometheus");
    if (values.count("json"))
        print_json(entries);
    else if (values.count("prometheus"))
        print_prometheus(entries);
    else
        for (const auto& e : entries)
            print_status(e);
}

} // namespace ipq

#endif
