// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// src.hpp defines what other files only declare: they would not, without the
// macro.

#include <boost_ipq/src.hpp>

int main() {}
