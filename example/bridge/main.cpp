// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// ipq-bridge: forwards queues and broadcasts to brokers, and from brokers into
// queues. `ipq-bridge --help` prints its options; doc/bridge.md says what it
// guarantees.

#include "service.hpp"

namespace {

using namespace bridge;

const char about[] =
    "Usage: ipq-bridge --config FILE\n"
    "       ipq-bridge --from END --to END [options]\n"
    "Forwards messages between queues of this machine and brokers, at least "
    "once\nand in order.\n\n"
    "The file has the options of the service, then a section for each route:\n"
    "  metrics-file = /run/ipq-bridge/metrics.prom\n"
    "  [orders]\n"
    "  from = queue:orders\n"
    "  to = redis://broker.example:6379/orders\n"
    "kafka.NAME = VALUE sets the property NAME of librdkafka. SIGHUP reads the "
    "file\nagain; SIGTERM ends the program when all is confirmed that was "
    "sent.\n";

// Options of the command line that stand for those of a file.
config from_flags(const po::variables_map& values, const pairs& written)
{
    config result;
    result.values = values;
    level_of(values["log-level"].as<std::string>());
    result.routes.push_back(
        make_route(values["name"].as<std::string>(), written));
    return result;
}

// What was written for the route, as a file would have it.
pairs route_flags(int argc, char* argv[], const po::options_description& all)
{
    const auto own = route_options();
    pairs result;
    for (const auto& one :
         po::command_line_parser(argc, argv).options(all).run().options)
        if (own.find_nothrow(one.string_key, false))
            result.emplace_back(
                one.string_key, one.value.empty() ? "" : one.value[0]);
        else if (one.string_key == "kafka")
            for (const auto& text : one.value)
            {
                std::string rest = text;
                const auto name = cut(rest, "=");
                result.emplace_back("kafka." + name, rest);
            }
    return result;
}

po::options_description flags()
{
    po::options_description options("Options");
    auto add = options.add_options();
    add("config,c", po::value<std::string>()->value_name("FILE"),
        "read the routes from this file");
    add("check", "only check the configuration");
    add("name",
        po::value<std::string>()
            ->default_value("bridge", "bridge")
            ->value_name("NAME"),
        "the name of the route, without --config");
    add("kafka",
        po::value<std::vector<std::string>>()->value_name("NAME=VALUE"),
        "a property of librdkafka");
    return options.add(service_options()).add(route_options());
}

} // namespace

int main(int argc, char* argv[])
{
    const auto body = [&](const po::variables_map& values) {
        auto all = flags();
        all.add_options()("help,h", "")("version", "");
        const auto written = route_flags(argc, argv, all);
        if (values.count("config") && !written.empty())
            throw po::error("give --config or a route, not both");
        const auto read = [&]() -> config {
            if (values.count("config"))
                return read_config(values["config"].as<std::string>());
            return from_flags(values, written);
        };
        const config first = read();
        if (values.count("check"))
            return;
        service(first, read).run();
    };
    return example::run(argc, argv, "ipq-bridge", about, flags(), body);
}
