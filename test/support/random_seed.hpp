// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_RANDOM_SEED_HPP
#define BOOST_IPQ_TEST_RANDOM_SEED_HPP

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace test {

// A seed that each failure in its scope prints. With BOOST_IPQ_TEST_SEED=... in
// the environment, that seed is used again.
class random_seed
{
public:
    random_seed()
        : m_value(choose()),
          m_frame(BOOST_TEST_LAZY_MSG("BOOST_IPQ_TEST_SEED=" << m_value))
    {
        // If the program is killed, Boost.Test prints no context.
        BOOST_TEST_MESSAGE("BOOST_IPQ_TEST_SEED=" << m_value);
    }

    std::uint32_t value() const noexcept { return m_value; }

private:
    static std::uint32_t choose()
    {
        if (const char* const given = std::getenv("BOOST_IPQ_TEST_SEED"))
            return static_cast<std::uint32_t>(std::stoul(given));
        return std::random_device()();
    }

    std::uint32_t m_value;
    boost::test_tools::tt_detail::context_frame m_frame;
};

} // namespace test

#endif
