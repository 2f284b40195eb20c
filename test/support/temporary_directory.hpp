// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_TEMPORARY_DIRECTORY_HPP
#define BOOST_IPQ_TEST_TEMPORARY_DIRECTORY_HPP

#include "queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <cstddef>
#include <filesystem>
#include <string>

namespace test {

// A directory that is removed in the end, including the queues in it.
class temporary_directory
{
public:
    temporary_directory()
        : m_path(
              (std::filesystem::temp_directory_path() / unique_name()).string())
    {
        std::filesystem::create_directory(m_path);
    }

    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    ~temporary_directory()
    {
        boost::system::error_code ignored;
        for (const std::string& name : boost_ipq::list_queues(m_path))
            boost_ipq::remove_queue(options(name), ignored);
        std::error_code also_ignored;
        std::filesystem::remove_all(m_path, also_ignored);
    }

    const std::string& path() const noexcept { return m_path; }

    // Returns: the options of a queue in this directory.
    boost_ipq::queue_options options(const std::string& name) const
    {
        return boost_ipq::queue_options(name).directory(m_path);
    }

    boost_ipq::queue_options
    options(const std::string& name, std::size_t capacity) const
    {
        return boost_ipq::queue_options(name, capacity).directory(m_path);
    }

private:
    std::string m_path;
};

} // namespace test

#endif
