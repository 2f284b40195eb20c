// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_COMMAND_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_COMMAND_HPP

// A command of the tool, and the options that commands share.

#include "../support.hpp"
#include <string>
#include <vector>

namespace ipq {

using namespace example;

struct command
{
    const char* name;
    const char* operands; // as in the usage line
    const char* summary;  // one line
    const char* details;  // more lines, or ""
    // The option that takes each operand; the last one takes the rest if
    // `many` is set.
    std::vector<const char*> operand_options;
    bool many;
    po::options_description (*options)();
    void (*run)(const po::variables_map&);
};

inline po::options_description place_options()
{
    po::options_description options("Options");
    options.add_options()(
        "directory,d",
        po::value<std::string>()->default_value("", "")->value_name("DIR"),
        "queues in files of this directory. Default: in shared memory");
    return options;
}

inline po::options_description queue_argument()
{
    auto options = place_options();
    options.add_options()(
        "queue", po::value<std::string>()->required()->value_name("QUEUE"),
        "its name");
    return options;
}

inline const std::string& directory_of(const po::variables_map& values)
{
    return values["directory"].as<std::string>();
}

inline boost_ipq::queue_options
named(const std::string& name, const po::variables_map& values)
{
    boost_ipq::queue_options options(name);
    if (!directory_of(values).empty())
        options.directory(directory_of(values));
    return options;
}

// The options of the queue that the command line names.
inline boost_ipq::queue_options named(const po::variables_map& values)
{
    return named(values["queue"].as<std::string>(), values);
}

} // namespace ipq

#endif
