// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// expected: T has no data members

#include <boost_ipq/typed.hpp>

struct nothing
{
};

void receive()
{
    boost_ipq::typed_subscriber<nothing> in(boost_ipq::open_only, "queue");
}
