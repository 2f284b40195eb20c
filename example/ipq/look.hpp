// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_LOOK_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_LOOK_HPP

// The commands list and stat.

#include "json.hpp"
#include "pace.hpp"
#include "prometheus.hpp"
#include <cmath>
#include <iomanip>

namespace ipq {

inline unsigned percent_full(const boost_ipq::queue_status& s)
{
    return s.capacity ? unsigned(100.0 * double(s.bytes) / double(s.capacity))
                      : 0;
}

inline void add_details(entry& e, const po::variables_map& values)
{
    add_commands(e);
    add_dead_letters(e, values);
}

inline po::options_description list_options()
{
    auto options = place_options();
    options.add_options()("json", "print JSON");
    return options;
}

inline void list(const po::variables_map& values)
{
    auto entries = all_entries(values);
    for (auto& e : entries)
        add_details(e, values);
    if (values.count("json"))
        return print_json(entries, directory_of(values));
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
            const auto command = e.command(p.pid);
            std::cout << between << p.pid << ':'
                      << (command.empty() ? "" : command + ':') << role(p)
                      << (p.alive ? "" : ":dead");
            between = " ";
        }
        std::cout << '\n';
    }
}

inline std::string
process_text(const entry& e, std::uint32_t pid, const char* state)
{
    const auto command = e.command(pid);
    return std::to_string(pid) + ' ' + state +
           (command.empty() ? "" : " (" + command + ')');
}

inline const char* state_name(bool alive)
{
    return alive ? "alive" : "dead";
}

inline void print_limits(std::ostream& out, const entry& e)
{
    const auto& s = e.status;
    out << "  lifetime      " << lifetime_name(s) << '\n';
    if (!s.dead_letter.empty())
    {
        out << "  dead letters  ";
        if (e.dead_letters)
            out << *e.dead_letters << " in ";
        out << '\'' << s.dead_letter << "', after " << s.max_deliveries
            << " deliveries\n";
    }
    out << "  layout        version " << s.layout_version
        << ", messages aligned to " << s.message_alignment << '\n';
    if (s.type_size)
        out << "  message type  " << printable(s.type_name) << ", "
            << s.type_size << " bytes\n";
}

inline void print_contents(std::ostream& out, const entry& e)
{
    const auto& s = e.status;
    out << "  capacity      " << s.capacity << " bytes, " << percent_full(s)
        << "% full (" << s.bytes << " bytes)\n"
        << "  messages      " << s.messages << " (" << s.sent << " sent, "
        << s.received << " received)\n";
    if (e.speed)
        out << "  a second      " << std::llround(e.speed->sent) << " sent, "
            << std::llround(e.speed->received) << " received\n";
    out << "  in place      " << s.reservations << " being filled, "
        << s.deliveries << " being read or to be delivered again\n";
    if (const auto& held = s.oldest_held)
        out << "  oldest held   " << held->size << " bytes, being "
            << (held->being_filled ? "filled" : "read") << " by process "
            << process_text(e, held->pid, state_name(held->alive)) << "; "
            << held->newer << " newer ones\n";
    out << "  asleep        " << s.waiting_publishers << " publishers, "
        << s.waiting_subscribers << " subscribers\n";
}

inline void print_processes(std::ostream& out, const entry& e)
{
    const auto& s = e.status;
    for (const auto& p : s.participants)
        out << "  process       "
            << process_text(
                   e, p.pid,
                   (std::string(role(p)) + ' ' + state_name(p.alive)).c_str())
            << '\n';
    for (const auto& r : s.readers)
        out << "  reader        " << process_text(e, r.pid, state_name(r.alive))
            << ", " << r.messages << " messages behind, " << r.missed
            << " missed" << (r.in_place ? ", reads in place" : "") << '\n';
}

inline void print_status(std::ostream& out, const entry& e)
{
    out << e.name << '\n';
    if (!e.error.empty())
    {
        out << "  error: " << e.error << '\n';
        return;
    }
    out << "  kind          " << kind_name(e.status);
    if (is_broadcast(e.status))
        out << ", when full: " << overflow_name(e.status);
    out << '\n';
    print_contents(out, e);
    print_limits(out, e);
    print_processes(out, e);
}

inline po::options_description stat_options()
{
    auto options = list_options();
    options.add_options()(
        "queue", po::value<std::vector<std::string>>()->value_name("QUEUE"),
        "a queue. Default: all")(
        "interval", po::value<number>()->value_name("MS"),
        "look twice, MS milliseconds apart, and print the rates between")(
        "prometheus", "print the text format of Prometheus");
    return options;
}

// The queues that the command line names, or all.
inline std::vector<entry> chosen_entries(const po::variables_map& values)
{
    if (!values.count("queue"))
        return all_entries(values);
    std::vector<entry> result;
    for (const auto& name : values["queue"].as<std::vector<std::string>>())
        result.push_back({name, boost_ipq::inspect(named(name, values))});
    return result;
}

// Looks for a second time after --interval.
inline void add_rates(std::vector<entry>& all, const po::variables_map& values)
{
    const auto begin = steady_clock::now();
    sleep_until(begin + to_milliseconds(values["interval"].as<number>()));
    for (auto& e : all)
    {
        const entry before = e;
        if (e.error.empty() && examine(e, values))
            e.speed = rates_since(
                before, e,
                std::chrono::duration<double>(steady_clock::now() - begin)
                    .count());
    }
}

inline void stat(const po::variables_map& values)
{
    if (values.count("json") && values.count("prometheus"))
        throw po::error("give one of --json and --prometheus");
    auto entries = chosen_entries(values);
    if (values.count("interval"))
        add_rates(entries, values);
    for (auto& e : entries)
        add_details(e, values);
    if (values.count("json"))
        print_json(entries, directory_of(values));
    else if (values.count("prometheus"))
        print_prometheus(entries);
    else
        for (const auto& e : entries)
            print_status(std::cout, e);
}

} // namespace ipq

#endif
