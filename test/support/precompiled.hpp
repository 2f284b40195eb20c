// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_PRECOMPILED_HPP
#define BOOST_IPQ_TEST_PRECOMPILED_HPP

// The Boost headers that nearly every test uses, compiled once. No test may
// rely on this: each includes what it uses, and the library's headers are also
// compiled by themselves, without it.

#include <boost/interprocess/managed_mapped_file.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/test/unit_test.hpp>

#endif
