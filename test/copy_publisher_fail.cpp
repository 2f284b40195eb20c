// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A publisher cannot be copied.

#include <boost_ipq/publisher.hpp>

boost_ipq::publisher duplicate(const boost_ipq::publisher& out)
{
    return out;
}
