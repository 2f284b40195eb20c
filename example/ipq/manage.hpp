// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_MANAGE_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_MANAGE_HPP

// The commands create, remove, purge, requeue and repair.

#include "confirm.hpp"
#include "json.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/requeue.hpp>
#include <boost_ipq/subscriber.hpp>

namespace ipq {

inline po::options_description create_options()
{
    auto options = queue_argument();
    options.add_options()(
        "capacity",
        po::value<byte_count>()
            ->default_value({1 << 20}, "1M")
            ->value_name("BYTES"),
        "its capacity, for example 65536, 64K or 1M")(
        "alignment", po::value<number>()->value_name("BYTES"),
        "the alignment of every message: 8, 16, 32 or 64")(
        "mode", po::value<std::string>()->value_name("OCTAL"),
        "who may use it, as of chmod. Default: 600, this user")(
        "max-deliveries", po::value<number>()->value_name("N"),
        "deliveries before a message moves to the dead-letter queue")(
        "dead-letter", po::value<std::string>()->value_name("QUEUE"),
        "the dead-letter queue")(
        "broadcast", "every subscriber gets every message")(
        "drop-oldest",
        "a broadcast whose publishers do not wait for slow subscribers");
    return options;
}

inline boost::interprocess::permissions permissions_of(const std::string& text)
{
    boost::interprocess::permissions result;
#ifdef _WIN32
    throw po::error("--mode " + text + ": Windows has no modes");
#else
    if (text.empty() || text.size() > 4 ||
        text.find_first_not_of("01234567") != std::string::npos)
        throw po::error("--mode is an octal number such as 660");
    result.set_permissions(static_cast<::mode_t>(std::stoi(text, nullptr, 8)));
#endif
    return result;
}

inline void create(const po::variables_map& values)
{
    boost_ipq::queue_options options(
        values["queue"].as<std::string>(),
        values["capacity"].as<byte_count>().value);
    if (!directory_of(values).empty())
        options.directory(directory_of(values));
    if (values.count("alignment"))
        options.message_alignment(values["alignment"].as<number>().value);
    if (values.count("mode"))
        options.permissions(permissions_of(values["mode"].as<std::string>()));
    if (values.count("max-deliveries"))
    {
        const auto n = values["max-deliveries"].as<number>().value;
        if (n > (std::numeric_limits<std::uint32_t>::max)())
            throw po::error("--max-deliveries is too large");
        options.max_deliveries(static_cast<std::uint32_t>(n));
    }
    if (values.count("dead-letter"))
        options.dead_letter(values["dead-letter"].as<std::string>());
    if (values.count("drop-oldest"))
        options.overflow(boost_ipq::overflow::drop_oldest);
    if (values.count("broadcast"))
        boost_ipq::broadcast_publisher(boost_ipq::create_only, options);
    else if (values.count("drop-oldest"))
        throw po::error("--drop-oldest needs --broadcast");
    else
        boost_ipq::publisher(boost_ipq::create_only, options);
}

inline po::options_description remove_options()
{
    auto options = queue_argument();
    add_yes(options);
    return options;
}

inline void remove(const po::variables_map& values)
{
    const auto options = named(values);
    confirm("remove", options, values);
    if (!boost_ipq::remove_queue(options))
        throw std::runtime_error("there is no queue '" + options.name() + "'");
}

inline void add_json(po::options_description& options)
{
    options.add_options()("json", "print JSON");
}

inline po::options_description purge_options()
{
    auto options = remove_options();
    add_json(options);
    return options;
}

// What was done, as a line or as JSON.
inline void print_count(
    const po::variables_map& values, std::size_t count, const char* what)
{
    if (values.count("json"))
        std::cout << "{\"messages\": " << count << "}\n";
    else
        std::cout << count << " messages " << what << '\n';
}

inline void purge(const po::variables_map& values)
{
    const auto options = named(values);
    confirm("purge", options, values);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    print_count(values, in.purge(), "dropped");
}

inline po::options_description requeue_options()
{
    auto options = place_options();
    options.add_options()(
        "from", po::value<std::string>()->required()->value_name("QUEUE"),
        "the queue that is emptied")(
        "to", po::value<std::string>()->required()->value_name("QUEUE"),
        "the queue that gets its messages");
    add_json(options);
    return options;
}

inline void requeue(const po::variables_map& values)
{
    const auto moved = boost_ipq::requeue(
        named(values["from"].as<std::string>(), values),
        named(values["to"].as<std::string>(), values));
    print_count(values, moved, "moved");
}

inline po::options_description repair_options()
{
    auto options = queue_argument();
    add_json(options);
    return options;
}

inline void repair(const po::variables_map& values)
{
    const auto report = boost_ipq::repair(named(values));
    if (values.count("json"))
    {
        std::cout << "{\"records\": " << report.records
                  << ", \"processes\": " << report.processes << "}\n";
        return;
    }
    std::cout << report.records << " records recovered, " << report.processes
              << " dead processes forgotten\n";
}

} // namespace ipq

#endif
