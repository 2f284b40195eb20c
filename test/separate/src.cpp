// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For separate.sh: the file with all definitions.

#include <boost_ipq/src.hpp>

// Users include what they use, before it or behind it.
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
