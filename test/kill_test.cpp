// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Kills a process after each machine instruction of each operation. Surviving
// processes then check what the library promises.
//
// Environment: BOOST_IPQ_KILL_SECONDS=3600 gives each operation that much time,
// so that no instruction is left out. BOOST_IPQ_KILL_ONLY=wrap runs only the
// operations whose names contain that word.

#include "support/main.hpp"
#include "support/sanitizer.hpp"
#include <boost/test/unit_test.hpp>
#include <iostream>

#if !defined(__linux__) || !(defined(__x86_64__) || defined(__aarch64__))

BOOST_AUTO_TEST_CASE(killed_at_every_instruction)
{
    std::cout << "skipped: single-stepping is written for Linux on x86-64 and "
                 "AArch64\n";
    BOOST_TEST(true);
}

#elif defined(BOOST_IPQ_DETAIL_SANITIZED)

BOOST_AUTO_TEST_CASE(killed_at_every_instruction)
{
    std::cout << "skipped: a sanitizer adds instructions of its own, and its "
                 "locks do not survive a fork\n";
    BOOST_TEST(true);
}

#else

#include "kill/operations.hpp"
#include "kill/plain_c_library.hpp"
#include "kill/runner.hpp"
#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

// Returns: the reason why processes cannot be stepped here, or an empty string.
std::string obstacle()
{
    try
    {
        test::stepper child([] {}, [] {});
        child.step();
        return {};
    }
    catch (const std::exception& e)
    {
        return e.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(killed_at_every_instruction)
{
    using namespace kill_test;
    use_plain_c_library();
    const std::string why = obstacle();
    if (!why.empty())
    {
        std::cout << "skipped: ptrace is not permitted here: " << why << '\n';
        return;
    }
    auto operations = all_operations();
    if (const char* const only = std::getenv("BOOST_IPQ_KILL_ONLY"))
        operations.erase(
            std::remove_if(
                operations.begin(), operations.end(),
                [&](const operation& what) {
                    return what.name.find(only) == std::string::npos;
                }),
            operations.end());
    runner all;
    test::watchdog::start(
        300 +
        static_cast<unsigned>(
            3 * runner::seconds() * static_cast<double>(operations.size())));
    all.run(operations, std::cout);
    all.print_total(std::cout);
    BOOST_TEST(all.broken() == 0u);
}

#endif
