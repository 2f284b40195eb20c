// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The valid counterpart of copy_publisher_fail: a publisher can be moved.

#include <boost_ipq/publisher.hpp>
#include <utility>

boost_ipq::publisher duplicate(boost_ipq::publisher&& out)
{
    return std::move(out);
}
