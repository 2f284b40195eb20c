// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_TOP_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_TOP_HPP

// The command top: a live view of all queues, or of one in detail.

#include "bridges.hpp"
#include "look.hpp"
#include "screen.hpp"
#include <iterator>
#include <sstream>

namespace ipq {

inline po::options_description top_options()
{
    auto options = place_options();
    options.add_options()(
        "queue", po::value<std::string>()->value_name("QUEUE"),
        "begin with this queue in detail")(
        "interval",
        po::value<number>()->default_value({1000}, "1000")->value_name("MS"),
        "milliseconds between two views")(
        "count", po::value<number>()->value_name("N"), "stop after N views")(
        "sort",
        po::value<std::string>()
            ->default_value("name", "name")
            ->value_name("KEY"),
        "name, full (the fullest first), rate (the busiest first) or dead "
        "(those with dead processes first)")(
        "bridge", po::value<std::vector<std::string>>()->value_name("WHERE"),
        "show the routes of an ipq-bridge, too: its --metrics-file or "
        "--metrics-listen");
    return options;
}

// What is remembered of a queue from view to view.
struct past
{
    entry last{};
    std::vector<double> sent{}, received{}, full{}; // one for each view

    void add(const entry& now, double seconds)
    {
        constexpr std::size_t most = 300;
        if (const auto speed = rates_since(last, now, seconds);
            speed && !last.name.empty())
        {
            for (auto* each : {&sent, &received, &full})
                if (each->size() == most)
                    each->erase(each->begin());
            sent.push_back(speed->sent);
            received.push_back(speed->received);
            full.push_back(percent_full(now.status));
        }
        last = now;
        last.speed = {};
        if (!sent.empty())
            last.speed = rates{sent.back(), received.back()};
    }
};

inline std::size_t dead_processes(const entry& e)
{
    const auto& all = e.status.participants;
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& p) { return !p.alive; }));
}

// How the view is, and what the keys make of it.
struct view_state
{
    std::string sort = "name";
    std::string chosen{};
    bool detail = false;
    bool ended = false;
    std::chrono::milliseconds interval{1000};
    screen_size size{};
    bool unicode = false;
    std::vector<bridge_view> bridges{};
};

// The larger, the higher in the list.
inline double sort_value(const std::string& key, const entry& e)
{
    if (key == "full")
        return percent_full(e.status);
    if (key == "rate")
        return e.speed ? e.speed->sent + e.speed->received : 0;
    return key == "dead" ? double(dead_processes(e)) : 0;
}

inline std::vector<const past*>
sorted(const std::map<std::string, past>& all, const std::string& key)
{
    std::vector<const past*> result;
    for (const auto& each : all)
        result.push_back(&each.second);
    std::stable_sort(result.begin(), result.end(), [&](auto a, auto b) {
        return sort_value(key, a->last) > sort_value(key, b->last);
    });
    return result;
}

// Columns that a sparkline of all queues has.
inline std::size_t spark_width(const view_state& state)
{
    return 12 + (state.size.columns > 80 ? (state.size.columns - 80) / 3 : 0);
}

inline std::size_t name_width(const view_state& state)
{
    return (std::max)(state.size.columns, 80u) - spark_width(state) - 51;
}

inline std::string paint(const char* code, const std::string& text)
{
    return std::string("\033[") + code + 'm' + text + "\033[0m";
}

inline std::string line_of(const past& p, const view_state& state)
{
    const entry& e = p.last;
    const auto& s = e.status;
    std::string name = left(e.name, name_width(state));
    if (e.name == state.chosen)
        name = paint("7", name);
    name += ' ';
    if (!e.error.empty())
        return name + paint("31", e.error.substr(0, 50));
    const unsigned full = percent_full(s);
    const auto dead = dead_processes(e);
    const auto speed = e.speed.value_or(rates{});
    std::string line =
        name +
        paint(
            full >= 90   ? "31"
            : full >= 60 ? "33"
                         : "32",
            bar(full / 100.0, 8, state.unicode)) +
        right(std::to_string(full), 4) + '%' +
        right(shortened(double(s.messages)), 8) +
        right(shortened(speed.sent), 8) + ' ' +
        paint("36", sparkline(p.sent, spark_width(state), state.unicode)) +
        right(shortened(speed.received), 7) +
        right(std::to_string(s.participants.size() - dead), 6);
    return dead ? line + paint("1;31", right(std::to_string(dead), 5)) : line;
}

inline std::string head_of(const view_state& state)
{
    return paint(
        "1", left("QUEUE", name_width(state)) + " FULL          MESSAGES" +
                 "  SENT/S" + std::string(spark_width(state), ' ') +
                 "  RECV/S ALIVE DEAD");
}

inline std::string
title(const std::map<std::string, past>& all, const view_state& state)
{
    std::size_t dead = 0;
    for (const auto& each : all)
        dead += dead_processes(each.second.last);
    std::string text = "ipq top: " + std::to_string(all.size()) +
                       " queues, sorted by " + state.sort + ", every " +
                       std::to_string(state.interval.count()) + " ms";
    if (dead != 0)
        text += paint("1;31", ", " + std::to_string(dead) + " dead");
    return text;
}

inline std::size_t route_width(const view_state& state)
{
    return (std::max)(state.size.columns, 80u) - 66;
}

// Is the route well?
inline std::string state_of(const route_counters& route)
{
    if (route["connected"] == 0)
        return paint("1;31", "away");
    return route["blocked"] != 0 ? paint("33", "blocked") : "connected";
}

inline std::string line_of(
    const std::string& name, const bridge_view::route& route,
    const view_state& state)
{
    const auto& now = route.last;
    std::string line = left(name, route_width(state));
    line += right(shortened(route.speed.sent), 9);
    line += right(shortened(route.speed.received), 9);
    for (const char* number :
         {"confirmed_total", "retried_total", "in_flight", "lag"})
        line += right(shortened(double(now[number])), 9);
    return line + ' ' + state_of(now) + '\n';
}

// A line for each place, and for each of its routes.
inline std::string view_of(const bridge_view& bridge, const view_state& state)
{
    std::string text = "bridge " + printable(bridge.where());
    if (!bridge.error().empty())
        return text + '\n' + paint("31", bridge.error()) + '\n';
    if (!is_address(bridge.where()))
        text += ", written " + std::to_string(std::llround(bridge.age())) +
                " s ago";
    text += '\n';
    for (const auto& [name, route] : bridge.routes())
        text += line_of(name, route, state);
    return text;
}

inline std::string view_of_bridges(const view_state& state)
{
    if (state.bridges.empty())
        return {};
    std::string text =
        '\n' +
        paint(
            "1", left("ROUTE", route_width(state)) +
                     "   SENT/S   CONF/S    CONF.  RETRIED   FLIGHT"
                     "      LAG STATE") +
        '\n';
    for (const auto& each : state.bridges)
        text += view_of(each, state);
    return text;
}

inline std::string
view_of_all(const std::map<std::string, past>& all, const view_state& state)
{
    std::string text = title(all, state) + "\n\n" + head_of(state) + '\n';
    const auto order = sorted(all, state.sort);
    const auto bridges = view_of_bridges(state);
    const auto taken = 5 + static_cast<std::size_t>(std::count(
                               bridges.begin(), bridges.end(), '\n'));
    const std::size_t room =
        state.size.lines > taken + 1 ? state.size.lines - taken : 1;
    std::size_t first = 0; // so that the chosen one is to be seen
    for (std::size_t i = room; i < order.size(); ++i)
        if (order[i]->last.name == state.chosen)
            first = i - room + 1;
    for (std::size_t i = first; i < order.size() && i < first + room; ++i)
        text += line_of(*order[i], state) + '\n';
    if (order.size() > room)
        text += "and " + std::to_string(order.size() - room) + " more";
    return text + bridges +
           "\nup/down choose  Enter one queue  s sort  +/- interval  "
           "q quit\n";
}

inline std::string
history(const char* what, const std::vector<double>& values, bool unicode)
{
    const double highest =
        values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    return "  " + left(what, 14) + paint("36", sparkline(values, 48, unicode)) +
           "  highest " + shortened(highest) + '\n';
}

inline std::string view_of_one(const past& p, const view_state& state)
{
    std::ostringstream out;
    entry e = p.last;
    add_commands(e);
    print_status(out, e);
    std::istringstream lines(out.str());
    std::string text, line;
    std::getline(lines, line);
    text = "ipq top: " + paint("1", line) + ", every " +
           std::to_string(state.interval.count()) +
           " ms.  Esc all queues  q quit\n\n" +
           history("sent/s", p.sent, state.unicode) +
           history("received/s", p.received, state.unicode) +
           history("full, %", p.full, state.unicode) + '\n';
    while (std::getline(lines, line))
    {
        const bool dead = line.find(" dead") != std::string::npos &&
                          line.find("dead letters") == std::string::npos;
        text += (dead ? paint("1;31", line) : line) + '\n';
    }
    return text;
}

// Chooses the queue that is `step` lines lower.
inline void
move_choice(const std::map<std::string, past>& all, view_state& state, int step)
{
    const auto order = sorted(all, state.sort);
    if (order.empty())
        return;
    auto at = std::find_if(order.begin(), order.end(), [&](const past* p) {
        return p->last.name == state.chosen;
    });
    if (at == order.end())
        at = order.begin();
    else if (step > 0 && std::next(at) != order.end())
        ++at;
    else if (step < 0 && at != order.begin())
        --at;
    state.chosen = (*at)->last.name;
}

inline void next_sort(view_state& state)
{
    state.sort = state.sort == "name"   ? "full"
                 : state.sort == "full" ? "rate"
                 : state.sort == "rate" ? "dead"
                                        : "name";
}

inline void change_interval(view_state& state, bool longer)
{
    using std::chrono::milliseconds;
    const auto next = longer ? state.interval * 2 : state.interval / 2;
    state.interval =
        (std::min)((std::max)(next, milliseconds(100)), milliseconds(60000));
}

inline void press(
    const std::map<std::string, past>& all, view_state& state,
    const std::string& key)
{
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::find(names.begin(), names.end(), key) != names.end();
    };
    if (is({"q", "Q"}))
        state.ended = true;
    else if (is({"\033[B", "\033OB", "j"}))
        move_choice(all, state, 1);
    else if (is({"\033[A", "\033OA", "k"}))
        move_choice(all, state, -1);
    else if (is({"\n", "\r", "d"}))
    {
        if (state.chosen.empty())
            move_choice(all, state, 1);
        state.detail = !state.detail && !state.chosen.empty();
    }
    else if (is({"\033", "\177", "\b"}))
        state.detail = false;
    else if (is({"s"}))
        next_sort(state);
    else if (is({"+", "-"}))
        change_interval(state, key == "+");
}

// Each key of what was typed, which may be several.
inline void press_all(
    const std::map<std::string, past>& all, view_state& state,
    const std::string& typed)
{
    for (std::size_t i = 0; i < typed.size();)
    {
        const bool arrow = typed[i] == '\033' && i + 2 < typed.size() &&
                           (typed[i + 1] == '[' || typed[i + 1] == 'O');
        const std::size_t length = arrow ? 3 : 1;
        press(all, state, typed.substr(i, length));
        i += length;
    }
}

// Looks at all queues; forgets those that are gone.
inline void look_again(
    std::map<std::string, past>& all, const po::variables_map& values,
    double seconds)
{
    std::map<std::string, past> now;
    for (const auto& e : all_entries(values))
    {
        past p = std::move(all[e.name]);
        p.add(e, seconds);
        add_dead_letters(p.last, values);
        now.emplace(e.name, std::move(p));
    }
    all = std::move(now);
}

inline void
draw(screen& screen, const std::map<std::string, past>& all, view_state& state)
{
    state.size = screen.size();
    const auto one = all.find(state.chosen);
    screen.draw(
        state.detail && one != all.end() ? view_of_one(one->second, state)
                                         : view_of_all(all, state));
}

// Draws until `due`, whenever a key or a new size changes the view.
inline void show_until(
    steady_clock::time_point due, screen& screen,
    const std::map<std::string, past>& all, view_state& state)
{
    do
    {
        draw(screen, all, state);
        press_all(all, state, screen.keys(due));
    } while (!interrupted() && !state.ended && steady_clock::now() < due);
}

inline void top(const po::variables_map& values)
{
    view_state state;
    state.sort = values["sort"].as<std::string>();
    for (const char* key : {"name", "full", "rate", "dead", ""})
        if (!*key)
            throw po::error("--sort is name, full, rate or dead");
        else if (state.sort == key)
            break;
    state.interval = to_milliseconds(values["interval"].as<number>());
    if (values.count("queue"))
        state.chosen = values["queue"].as<std::string>();
    state.detail = !state.chosen.empty();
    if (values.count("bridge"))
        for (const auto& each : values["bridge"].as<std::vector<std::string>>())
            state.bridges.emplace_back(each);
    pace pace(values);
    screen screen;
    state.unicode = screen.has_unicode();
    std::map<std::string, past> all;
    auto last = steady_clock::now();
    while (!state.ended && pace.next())
    {
        const auto now = steady_clock::now();
        look_again(
            all, values, std::chrono::duration<double>(now - last).count());
        last = now;
        // Looking at very full queues takes long: at most a tenth of the time.
        const auto after = steady_clock::now();
        for (auto& each : state.bridges)
            each.look();
        const auto pause = (std::max)(
            steady_clock::duration(state.interval), 9 * (after - now));
        show_until(after + pause, screen, all, state);
    }
}

} // namespace ipq

#endif
