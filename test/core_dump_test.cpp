// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Core dumps do not contain the memory of queues, unless that was asked for.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fstream>
#include <string>

using namespace boost_ipq;

namespace {

// Returns: 'd' if the mapping of that file is dumped, 'n' if it is not, '-' if
// there is none.
char dumped(const std::string& file)
{
    std::ifstream maps("/proc/self/smaps");
    bool found = false;
    for (std::string line; std::getline(maps, line);)
    {
        found = found || line.find(file) != std::string::npos;
        if (found && line.rfind("VmFlags:", 0) == 0)
            return line.find(" dd") == std::string::npos ? 'd' : 'n';
    }
    return '-';
}

void check(const queue_options& options)
{
    const std::string file =
        test::queue_objects(
            detail::object_names(options.name(), options.directory()))
            .segment;
    const queue_options dumping = queue_options(options).dump_core(true);
    BOOST_TEST(!options.dump_core());
    {
        publisher out(create_only, options);
        BOOST_TEST(dumped(file) == 'n');
        subscriber in(open_only, dumping);
        BOOST_TEST(dumped(file) == 'd');
    }
    BOOST_TEST(dumped(file) == '-');
    {
        publisher out(open_only, dumping);
        BOOST_TEST(dumped(file) == 'd');
    }
    {
        publisher out(open_only, options);
        BOOST_TEST(dumped(file) == 'n');
    }
    remove_queue(options);
    publisher out(create_only, dumping);
    BOOST_TEST(dumped(file) == 'd');
}

} // namespace

BOOST_AUTO_TEST_CASE(in_shared_memory)
{
    const test::scoped_queue queue;
    check(queue.options(1000));
}

BOOST_AUTO_TEST_CASE(in_a_file)
{
    const test::temporary_directory here;
    check(here.options("queue", 1000));
}
