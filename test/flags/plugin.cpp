// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A plugin that hides its symbols, and so has a copy of the library of its own.

#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <string>

extern "C" __attribute__((visibility("default"))) int
receive(const char* name) noexcept;

// Returns how many messages it received, or a negative number.
int receive(const char* name) noexcept
{
    try
    {
        boost_ipq::subscriber in(boost_ipq::open_only, name);
        std::string message;
        int count = 0;
        while (in.try_dequeue(message) && message == "work")
            ++count;
        try
        {
            boost_ipq::subscriber(boost_ipq::open_only, "no-such-queue");
        }
        catch (const boost_ipq::error&)
        {
            return count;
        }
    }
    catch (...)
    {
    }
    return -1;
}
