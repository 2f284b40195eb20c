// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The valid counterpart of receive_integers_fail.

#include <boost_ipq/subscriber.hpp>
#include <vector>

bool receive(boost_ipq::subscriber& in, std::vector<char>& message)
{
    return in.try_dequeue(message);
}
