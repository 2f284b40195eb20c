// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_PRECOMPILED_HPP
#define BOOST_IPQ_TEST_PRECOMPILED_HPP

// What nearly every test reads of Boost, compiled once for all of them. No test
// may count on it: each includes what it uses, and the headers of the library
// are compiled alone, without this.

#include <boost/interprocess/managed_mapped_file.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/test/unit_test.hpp>

#endif
