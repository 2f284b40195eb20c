// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_EVENTUALLY_HPP
#define BOOST_IPQ_TEST_EVENTUALLY_HPP

// Waits for other threads and processes by polling.

#include <boost_ipq/inspect.hpp>
#include <chrono>
#include <string>
#include <thread>

namespace test {

// Returns: whether the condition became true within a generous time.
template <class Condition>
bool eventually(Condition condition)
{
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition())
    {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

// Returns: whether that many subscribers sleep in the queue within that time.
inline bool subscribers_wait(const std::string& queue, unsigned count = 1)
{
    return eventually(
        [&] { return boost_ipq::inspect(queue).waiting_subscribers >= count; });
}

inline bool publishers_wait(const std::string& queue, unsigned count = 1)
{
    return eventually(
        [&] { return boost_ipq::inspect(queue).waiting_publishers >= count; });
}

} // namespace test

#endif
