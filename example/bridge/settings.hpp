// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_SETTINGS_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_SETTINGS_HPP

// What is known of a route before it runs: from a section of the configuration
// file, or from the command line.

#include "../support.hpp"
#include "endpoint.hpp"
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bridge {

using example::byte_count;
using example::number;

struct settings
{
    std::string name{};
    endpoint from{}, to{};
    po::variables_map values{};
    std::map<std::string, std::string> extra{}; // kafka.NAME: passed on
    // As they were written: a reload compares them.
    std::vector<std::pair<std::string, std::string>> written{};

    bool has(const char* key) const { return values.count(key) != 0; }
    std::string text(const char* key) const
    {
        return has(key) ? values[key].as<std::string>() : std::string();
    }
    std::uint64_t count(const char* key) const
    {
        return has(key) ? values[key].as<number>().value : 0;
    }
    std::uint64_t bytes(const char* key) const
    {
        return has(key) ? values[key].as<byte_count>().value : 0;
    }
    bool yes(const char* key) const
    {
        return has(key) && values[key].as<bool>();
    }
};

inline po::options_description local_options()
{
    po::options_description options("The queue of a route");
    auto add = options.add_options();
    auto text = [] { return po::value<std::string>()->value_name("TEXT"); };
    auto bytes = [] { return po::value<byte_count>()->value_name("BYTES"); };
    auto count = [] { return po::value<number>()->value_name("N"); };
    add("directory", text(),
        "the queue is in a file of this directory, and "
        "survives a loss of power");
    add("capacity", bytes(),
        "create the queue with this capacity if it does not exist. Default: "
        "wait until it does");
    add("max-deliveries", count(), "as in queue_options");
    add("dead-letter", text(),
        "where messages go that the broker, or the queue, can never take");
    add("history", count(), "of a broadcast: begin with its last N messages");
    add("cloudtoid-capacity", bytes(), "of a cloudtoid queue");
    add("path", text(),
        "of a cloudtoid queue. Default: the directory for "
        "temporary files");
    return options;
}

inline po::options_description broker_options()
{
    po::options_description options("The broker of a route");
    auto add = options.add_options();
    auto text = [] { return po::value<std::string>()->value_name("TEXT"); };
    auto flag = [](bool by_default) {
        return po::value<bool>()
            ->default_value(by_default, by_default ? "yes" : "no")
            ->value_name("YES");
    };
    add("user", text(), "default: the one in the address");
    add("password-file", text(), "a file whose first line is the password");
    add("group", text()->default_value("ipq", "ipq"),
        "the consumer group in Redis and Kafka");
    add("consumer", text(),
        "the name in the group in Redis and Kafka; it must stay the same. "
        "Default: that "
        "of the host and the route");
    add("delete", flag(false), "Redis: delete entries when they are taken");
    add("vhost", text()->default_value("/", "/"), "AMQP");
    add("exchange", text()->default_value("", "the default exchange"),
        "AMQP: the address then ends with a routing key");
    add("declare", flag(false),
        "AMQP: declare the durable queue that the address names");
    add("assign", flag(false),
        "Kafka: this route reads all partitions by itself, and does not share "
        "them with others of the group: it starts without their consent");
    add("key", text(),
        "Kafka: of all messages, so that they stay in one partition. Default: "
        "the name of the route");
    return options;
}

inline po::options_description tls_options()
{
    po::options_description options(
        "TLS, with rediss://, amqps:// and kafkas://");
    auto add = options.add_options();
    auto file = [] { return po::value<std::string>()->value_name("FILE"); };
    add("tls-ca", file(),
        "the certificates of the authorities that are trusted. Default: those "
        "of the system");
    add("tls-certificate", file(),
        "for a broker that asks for one: the own certificate, then those "
        "between it and its authority");
    add("tls-key", file(), "the private key of that certificate");
    return options;
}

inline po::options_description route_options()
{
    po::options_description options("A route");
    auto add = options.add_options();
    auto text = [] { return po::value<std::string>()->value_name("END"); };
    auto count = [](std::uint64_t by_default) {
        return po::value<number>()
            ->default_value({by_default}, std::to_string(by_default))
            ->value_name("N");
    };
    add("from", text(),
        "queue:NAME, broadcast:NAME, cloudtoid:NAME, "
        "redis://HOST[:PORT]/STREAM, amqp://HOST[:PORT]/QUEUE or "
        "kafka://HOST[:PORT][,...]/TOPIC; with TLS rediss://, amqps:// and "
        "kafkas://; with USER:PASSWORD@ before HOST if needed");
    add("to", text(), "likewise; one of the two is a queue or broadcast");
    add("window", count(4096), "messages that may wait for a confirmation");
    add("batch", count(512), "messages that are sent or received at once");
    add("batch-bytes",
        po::value<byte_count>()
            ->default_value({1 << 20}, "1M")
            ->value_name("BYTES"),
        "a batch that has this size takes no further message");
    add("max-message", po::value<byte_count>()->value_name("BYTES"),
        "larger messages go to the dead letter. Default: the broker's limit");
    add("remember", count(65536),
        "drop doubles among the newest N messages of each origin");
    return options.add(local_options())
        .add(broker_options())
        .add(tls_options());
}

inline std::string password_of(const endpoint& end, const settings& route)
{
    if (!route.has("password-file"))
        return end.password;
    const auto name = route.text("password-file");
    std::ifstream file(name);
    std::string line;
    if (!std::getline(file, line))
        example::fail("cannot read a password from '" + name + "'");
    return line;
}

inline std::string user_of(const endpoint& end, const settings& route)
{
    return route.has("user") ? route.text("user") : end.user;
}

// The name in a consumer group: the same one after a restart.
inline std::string consumer_of(const settings& route)
{
    if (route.has("consumer"))
        return route.text("consumer");
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    return std::string(host) + "." + route.name;
}

} // namespace bridge

#endif
