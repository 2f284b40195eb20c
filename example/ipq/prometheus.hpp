// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_PROMETHEUS_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_PROMETHEUS_HPP

// The status of queues in the text format of Prometheus. A queue's name needs
// no quoting there: it has only letters, digits and . _ -

#include "status.hpp"

namespace ipq {

inline void
print_head(const std::string& metric, bool counter, const char* help)
{
    std::cout << "# HELP boost_ipq_" << metric << ' ' << help
              << "\n# TYPE boost_ipq_" << metric
              << (counter ? " counter\n" : " gauge\n");
}

inline void print_processes(const std::vector<entry>& entries)
{
    print_head("processes", false, "Processes that have the queue open.");
    for (const auto& e : entries)
    {
        const auto& all = e.status.participants;
        const auto alive = std::count_if(
            all.begin(), all.end(), [](const auto& p) { return p.alive; });
        std::cout << "boost_ipq_processes{queue=\"" << e.name
                  << "\",state=\"alive\"} " << alive
                  << "\nboost_ipq_processes{queue=\"" << e.name
                  << "\",state=\"dead\"} " << std::ptrdiff_t(all.size()) - alive
                  << '\n';
    }
}

// One number for each broadcast: pids do not distinguish the subscribers of a
// process.
inline void print_slowest(const std::vector<entry>& entries)
{
    print_head(
        "unread_messages", false,
        "Messages that the slowest subscriber of a broadcast has not read.");
    for (const auto& e : entries)
    {
        if (!is_broadcast(e.status))
            continue;
        std::size_t most = 0;
        for (const auto& r : e.status.readers)
            most = (std::max)(most, r.messages);
        std::cout << "boost_ipq_unread_messages{queue=\"" << e.name << "\"} "
                  << most << '\n';
    }
}

inline void print_prometheus(std::vector<entry> entries)
{
    print_head("readable", false, "1 if the queue could be examined.");
    for (const auto& e : entries)
        std::cout << "boost_ipq_readable{queue=\"" << e.name << "\"} "
                  << e.error.empty() << '\n';
    entries.erase(
        std::remove_if(
            entries.begin(), entries.end(),
            [](const entry& e) { return !e.error.empty(); }),
        entries.end());

    const auto metrics = numbers({});
    for (std::size_t i = 0; i < metrics.size(); ++i)
    {
        if (!metrics[i].metric)
            continue;
        print_head(metrics[i].metric, metrics[i].counter, metrics[i].help);
        for (const auto& e : entries)
            std::cout << "boost_ipq_" << metrics[i].metric << "{queue=\""
                      << e.name << "\"} " << numbers(e.status)[i].value << '\n';
    }
    print_processes(entries);
    print_slowest(entries);
}

} // namespace ipq

#endif
