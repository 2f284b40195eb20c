// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_TOP_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_TOP_HPP

// The command top: a live view of all queues, 79 columns wide.

#include "look.hpp"
#include "pace.hpp"
#include "screen.hpp"
#include <map>
#include <sstream>

namespace ipq {

inline po::options_description top_options()
{
    auto options = place_options();
    options.add_options()(
        "interval",
        po::value<number>()->default_value({1000}, "1000")->value_name("MS"),
        "milliseconds between two views")(
        "count", po::value<number>()->value_name("N"), "stop after N views")(
        "sort",
        po::value<std::string>()
            ->default_value("name", "name")
            ->value_name("KEY"),
        "name, full (the fullest first) or rate (the busiest first)");
    return options;
}

// A queue, with messages a second since the view before.
struct watched
{
    entry queue;
    double sent = 0;
    double received = 0;
};

inline std::vector<watched> with_rates(
    const std::vector<entry>& now, const std::map<std::string, entry>& before,
    double seconds)
{
    std::vector<watched> result;
    for (const auto& e : now)
    {
        watched w{e};
        const auto old = before.find(e.name);
        // The totals are smaller when a new queue has the name.
        if (old != before.end() && seconds > 0 &&
            old->second.status.sent <= e.status.sent &&
            old->second.status.received <= e.status.received)
        {
            const auto& s = old->second.status;
            w.sent = double(e.status.sent - s.sent) / seconds;
            w.received = double(e.status.received - s.received) / seconds;
        }
        result.push_back(w);
    }
    return result;
}

inline void sort_by(const std::string& key, std::vector<watched>& all)
{
    if (key == "full")
        std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) {
            return percent_full(a.queue.status) > percent_full(b.queue.status);
        });
    if (key == "rate")
        std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) {
            return a.sent + a.received > b.sent + b.received;
        });
}

// At most 6 characters, such as 99999, 1234k.
inline std::string shortened(double value)
{
    const char* unit = "";
    for (const char* next : {"k", "M", "G", "T"})
        if (value >= 99999.5)
        {
            value /= 1000;
            unit = next;
        }
    std::ostringstream text;
    text << std::fixed << std::setprecision(0) << value << unit;
    return text.str();
}

inline std::string line_of(const watched& w)
{
    const auto& s = w.queue.status;
    std::ostringstream out;
    out << std::left << std::setw(25) << w.queue.name.substr(0, 24);
    if (!w.queue.error.empty())
    {
        out << w.queue.error.substr(0, 54);
        return out.str();
    }
    const auto alive = std::count_if(
        s.participants.begin(), s.participants.end(),
        [](const auto& p) { return p.alive; });
    const auto dead = std::ptrdiff_t(s.participants.size()) - alive;
    const unsigned full = (std::min)(percent_full(s), 100u);
    const std::string bar((full + 9) / 10, '#');
    out << '[' << std::setw(10) << bar << ']' << std::right << std::setw(4)
        << full << '%' << std::setw(9) << shortened(double(s.messages))
        << std::setw(8) << shortened(w.sent) << std::setw(8)
        << shortened(w.received) << std::setw(6) << alive;
    if (dead != 0)
        out << std::setw(5) << dead;
    return out.str();
}

inline std::string view(const std::vector<watched>& all, unsigned lines)
{
    std::string text = "ipq top: " + std::to_string(all.size()) +
                       " queues. Ctrl-C ends.\n" +
                       "QUEUE                            FULL       MESSAGES"
                       "  SENT/S  RECV/S ALIVE DEAD\n";
    const std::size_t room = lines > 4 ? lines - 4 : 1;
    for (std::size_t i = 0; i < all.size() && i < room; ++i)
        text += line_of(all[i]) + '\n';
    if (all.size() > room)
        text += "and " + std::to_string(all.size() - room) + " more\n";
    return text;
}

inline void top(const po::variables_map& values)
{
    const auto& key = values["sort"].as<std::string>();
    if (key != "name" && key != "full" && key != "rate")
        throw po::error("--sort is name, full or rate");
    const auto interval = to_milliseconds(values["interval"].as<number>());
    pace pace(values);
    screen screen;
    std::map<std::string, entry> before;
    auto last = steady_clock::now();
    while (pace.next())
    {
        const auto entries = all_entries(values);
        const auto now = steady_clock::now();
        const std::chrono::duration<double> passed = now - last;
        last = now;
        auto all = with_rates(entries, before, passed.count());
        sort_by(key, all);
        before.clear();
        for (const auto& e : entries)
            before.emplace(e.name, e);
        screen.draw(view(all, screen_lines()));
        const auto due = now + interval;
        sleep_until(due, [] { return pause_wanted.load(); });
    }
}

} // namespace ipq

#endif
