// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_CONFIRM_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_CONFIRM_HPP

// The question before a command takes something away from other processes.

#include "command.hpp"
#include <boost_ipq/inspect.hpp>

namespace ipq {

inline void add_yes(po::options_description& options)
{
    options.add_options()(
        "yes,y", "do not ask, even if other processes have the queue open");
}

// Says who has the queue open; empty: no process.
inline std::string who_uses(const boost_ipq::queue_options& options)
{
    boost::system::error_code ec;
    const auto status = boost_ipq::inspect(options, ec);
    if (ec == boost_ipq::errc::not_found)
        return {};
    if (ec)
        return "a process that cannot be found out (" + ec.message() + ")";
    std::string who;
    for (const auto& p : status.participants)
        if (p.alive)
            who += (who.empty() ? "process " : ", ") + std::to_string(p.pid);
    return who;
}

// Returns if no other process has the queue open, or the user says that it does
// not matter; throws otherwise.
inline void confirm(
    const std::string& action, const boost_ipq::queue_options& options,
    const po::variables_map& values)
{
    if (values.count("yes"))
        return;
    const auto who = who_uses(options);
    if (who.empty())
        return;
    const auto situation = "'" + options.name() + "' is open in " + who;
    if (!is_terminal(stdin))
        throw std::runtime_error(
            situation + "; give --yes to " + action + " it nevertheless");
    std::cerr << situation << ". " << action << " it? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "yes")
        throw std::runtime_error("nothing was done");
}

} // namespace ipq

#endif
