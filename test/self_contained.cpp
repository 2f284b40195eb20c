// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Compiled once for each public header: the header needs no other header, and
// may be included twice.

#define BOOST_IPQ_STR_(x) #x
#define BOOST_IPQ_STR(x) BOOST_IPQ_STR_(x)

#include BOOST_IPQ_STR(BOOST_IPQ_HEADER)
#include BOOST_IPQ_STR(BOOST_IPQ_HEADER)

int main() {}
