// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_ANSWER_QUEUES_HPP
#define BOOST_IPQ_TEST_ANSWER_QUEUES_HPP

#include <boost_ipq/detail/platform/shared_directory.hpp>
#include <boost_ipq/queue_options.hpp>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <vector>

namespace test {

// Returns: the names of the queues for answers to the clients of a queue for
// requests, those of dead clients included. A hash may stand for a name, so
// they are read from the lock files.
inline std::vector<std::string>
answer_queues(const boost_ipq::queue_options& requests)
{
    const std::string begin = requests.name() + ".a-";
    const std::string directory =
        requests.directory().empty()
            ? boost_ipq::detail::platform::object_directory()
            : requests.directory();
    std::vector<std::string> result;
    for (const auto& each : std::filesystem::directory_iterator(directory))
    {
        if (each.path().extension() != ".lock")
            continue;
        // No more than the names: on Windows, locked bytes cannot be read.
        std::string mark(280, '\0');
        std::ifstream file;
        file.rdbuf()->pubsetbuf(nullptr, 0);
        file.open(each.path(), std::ios::binary);
        file.read(&mark[0], static_cast<std::streamsize>(mark.size()));
        const auto name = mark.find(begin);
        if (name != std::string::npos)
            result.push_back(mark.c_str() + name);
    }
    return result;
}

} // namespace test

#endif
