// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The macros of others, defined before the headers of the library. Those of
// Boost and of the standard library come first: they are not ours to mend.
// test/flags.sh writes foreign.hpp, the list of all that the library includes.

#include "foreign.hpp"
#include "foreign_macros.hpp"
#include "plain.cpp"
