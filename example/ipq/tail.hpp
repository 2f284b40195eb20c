// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_TAIL_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_TAIL_HPP

// The command tail.

#include "transfer.hpp"
#include <boost_ipq/broadcast.hpp>

namespace ipq {

inline po::options_description tail_options()
{
    auto options = receive_options();
    options.add_options()(
        "history",
        po::value<number>()->default_value({10}, "10")->value_name("N"),
        "begin with the newest N messages that are still there");
    return options;
}

inline void tail(const po::variables_map& values)
{
    output output(values);
    const auto options = named(values);
    if (boost_ipq::inspect(options).kind != boost_ipq::queue_kind::broadcast)
        throw std::runtime_error(
            "'" + options.name() +
            "' is no broadcast: each of its messages is for one subscriber. "
            "'ipq peek' shows those that wait, 'ipq receive' takes them; "
            "'ipq create --broadcast' makes a queue that can be followed");
    catch_signals(false);
    boost_ipq::broadcast_subscriber in(
        boost_ipq::open_only, options,
        boost_ipq::history(values["history"].as<number>().value));
    pace pace(values);
    std::string message;
    std::uint64_t missed = 0;
    while (pace.next())
    {
        // A copy: a slow output keeps no room of the broadcast.
        if (!in.try_dequeue(message) &&
            (values.count("until-empty") ||
             !in.dequeue(message, wait_limit(values))))
            return;
        if (in.missed() != missed)
            std::cerr << "ipq tail: " << in.missed() - missed
                      << " messages missed\n";
        missed = in.missed();
        output.write(message.data(), message.size());
    }
}

} // namespace ipq

#endif
