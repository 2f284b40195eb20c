// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_CONFIG_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_CONFIG_HPP

// The configuration: a file with a section for each route, or the flags of one
// route.

#include "broker.hpp"
#include "log.hpp"
#include "settings.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace bridge {

struct config
{
    po::variables_map values{};
    std::vector<settings> routes{};
};

inline po::options_description service_options()
{
    po::options_description options("The service");
    auto add = options.add_options();
    add("metrics-file", po::value<std::string>()->value_name("FILE"),
        "write the counters there, in the text format of Prometheus");
    add("metrics-listen", po::value<std::string>()->value_name("HOST:PORT"),
        "answer Prometheus there; only on the loopback");
    add("metrics-interval",
        po::value<number>()->default_value({5000}, "5000")->value_name("MS"),
        "milliseconds between two writes of the file");
    add("log-level",
        po::value<std::string>()
            ->default_value("info", "info")
            ->value_name("LEVEL"),
        "trace, debug, info, warning, error or fatal");
    add("drain",
        po::value<number>()->default_value({5000}, "5000")->value_name("MS"),
        "at the end, wait up to this time for confirmations");
    return options;
}

inline bool is_local(const endpoint& end)
{
    return end.scheme == "queue" || end.scheme == "broadcast";
}

inline void check_scheme(const endpoint& end)
{
    if (is_local(end) || brokers().count(end.scheme))
        return;
    std::string known = "queue, broadcast";
    for (const auto& one : brokers())
        known += ", " + one.first;
    throw po::error(
        "'" + end.scheme + "' is not known; this program was built with " +
        known);
}

// What the files have, the broker's client library reads.
inline void check_tls(const endpoint& remote, const settings& route)
{
    for (const char* key : {"tls-ca", "tls-certificate", "tls-key"})
    {
        if (!route.has(key))
            continue;
        if (!brokers().at(remote.scheme).tls)
            throw po::error(
                std::string("--") + key +
                " needs an address with rediss://, amqps:// or kafkas://");
        if (!std::ifstream(route.text(key)))
            throw po::error(
                "cannot read '" + route.text(key) + "' (" + key +
                "): " + std::strerror(errno));
    }
    if (route.has("tls-certificate") != route.has("tls-key"))
        throw po::error("--tls-certificate and --tls-key belong together");
}

// Throws po::error if a route makes no sense.
inline void check_route(const settings& route)
{
    for (const char* end : {"from", "to"})
        if (!route.has(end))
            throw po::error(std::string("--") + end + " is missing");
    check_scheme(route.from);
    check_scheme(route.to);
    if (is_local(route.from) == is_local(route.to))
        throw po::error(
            "one end of a route is a queue or broadcast, the other is not");
    const auto window = route.count("window"), batch = route.count("batch");
    if (window == 0 || window > 1000000 || batch == 0 || batch > window)
        throw po::error("--window is from 1 to 1000000, --batch from 1 to it");
    if (route.from.scheme == "broadcast" && route.has("dead-letter"))
        throw po::error("a broadcast that is read has no dead-letter queue");
    // Of the queue that is read: it is opened with both.
    if (route.from.scheme == "queue" &&
        route.has("dead-letter") != (route.count("max-deliveries") != 0))
        throw po::error("--dead-letter of a queue that is read needs "
                        "--max-deliveries, and the reverse, as the queue has "
                        "them");
    const auto& local = is_local(route.from) ? route.from : route.to;
    const auto& remote = is_local(route.from) ? route.to : route.from;
    // Throws if the name or the capacity is bad.
    if (route.bytes("capacity"))
        boost_ipq::queue_options(local.name, route.bytes("capacity"));
    else
        boost_ipq::queue_options options(local.name);
    if (route.has("dead-letter"))
        boost_ipq::queue_options options(route.text("dead-letter"));
    check_tls(remote, route);
    const auto wrong = brokers().at(remote.scheme).check(remote, route);
    if (!wrong.empty())
        throw po::error(wrong);
}

using pairs = std::vector<std::pair<std::string, std::string>>;

// Names of metrics and of consumers are made from it.
inline void check_name(const std::string& name)
{
    const auto is_good = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' ||
               c == '-' || c == '.';
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_good))
        throw po::error("the name of a route has letters, digits and . _ -");
}

inline settings make_route(const std::string& name, const pairs& written)
try
{
    check_name(name);
    settings result;
    result.name = name;
    result.written = written;
    const auto options = route_options();
    po::parsed_options parsed(&options);
    for (const auto& [key, value] : written)
    {
        if (key.rfind("kafka.", 0) == 0)
            result.extra[key.substr(6)] = value;
        else if (!options.find_nothrow(key, false))
            throw po::error("'" + key + "' is not known");
        else
            parsed.options.emplace_back(
                key, std::vector<std::string>(1, value));
    }
    po::store(parsed, result.values);
    po::notify(result.values);
    if (result.has("from"))
        result.from = parse_endpoint(result.text("from"));
    if (result.has("to"))
        result.to = parse_endpoint(result.text("to"));
    check_route(result);
    return result;
}
catch (const std::exception& e)
{
    throw po::error("route '" + name + "': " + e.what());
}

// Sections become routes; what stands before the first one is the service's.
inline config read_config(const std::string& name)
{
    std::ifstream file(name);
    if (!file)
        example::fail("cannot read '" + name + "'");
    config result;
    const auto options = service_options();
    const auto parsed = po::parse_config_file(file, options, true);
    po::store(parsed, result.values);
    po::notify(result.values);
    level_of(result.values["log-level"].as<std::string>());
    std::vector<std::pair<std::string, pairs>> sections;
    for (const auto& one : parsed.options)
    {
        if (!one.unregistered)
            continue;
        const auto dot = one.string_key.find('.');
        if (dot == std::string::npos)
            throw po::error(
                "'" + one.string_key + "' in '" + name + "' is not known");
        const auto route = one.string_key.substr(0, dot);
        auto at = std::find_if(
            sections.begin(), sections.end(),
            [&](const auto& section) { return section.first == route; });
        if (at == sections.end())
            at = sections.insert(at, {route, {}});
        at->second.emplace_back(
            one.string_key.substr(dot + 1),
            one.value.empty() ? std::string() : one.value[0]);
    }
    for (const auto& [route, written] : sections)
        result.routes.push_back(make_route(route, written));
    if (result.routes.empty())
        throw po::error("'" + name + "' has no section: no route");
    return result;
}

} // namespace bridge

#endif
