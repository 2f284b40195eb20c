// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_MAIN_HPP
#define BOOST_IPQ_TEST_MAIN_HPP

// The main() of a test program: runs the program's test cases or, in a child
// process, one of its roles (see child_process.hpp). Include it, or
// child_process.hpp, once in each program.

// Without BOOST_TEST_DYN_LINK the program contains Boost.Test itself, for
// systems and versions of Boost that have no compiled library at hand, or
// (BOOST_IPQ_TEST_LINKED) is linked with library.cpp, which does. All files of
// such a program need the macros that are defined below.

#include "process.hpp"
#include "roles.hpp"
#include "watchdog.hpp"
#if defined(BOOST_TEST_DYN_LINK)
#include <boost/test/unit_test.hpp>
#elif defined(BOOST_IPQ_TEST_LINKED)
#include <boost/test/unit_test.hpp>
#else
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/included/unit_test.hpp>
#endif
#include <cstdio>
#include <string>

namespace test {

// Restarts the watchdog for each test case.
struct watchdog_fixture : boost::unit_test::test_observer
{
    watchdog_fixture()
    {
        boost::unit_test::framework::register_observer(*this);
    }
    ~watchdog_fixture() override
    {
        boost::unit_test::framework::deregister_observer(*this);
    }
    void test_unit_start(const boost::unit_test::test_unit&) override
    {
        watchdog::start();
    }
};

// Effects: reports that the current test case tests nothing here, and why.
inline void skip(const std::string& reason)
{
    std::fprintf(
        stderr, "%s: skipped: %s\n",
        boost::unit_test::framework::current_test_case().full_name().c_str(),
        reason.c_str());
}

inline bool initialize()
{
    return true;
}

inline int run_program(int argc, char** argv)
{
    prepare_program();
    watchdog::start();
    if (roles::is_child(argc, argv))
        return roles::run(argc, argv);
    return boost::unit_test::unit_test_main(&initialize, argc, argv);
}

BOOST_TEST_GLOBAL_FIXTURE(watchdog_fixture);

} // namespace test

int main(int argc, char** argv)
{
    return test::run_program(argc, argv);
}

#endif
