// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WITHOUT_MEMBARRIER_HPP
#define BOOST_IPQ_TEST_WITHOUT_MEMBARRIER_HPP

#include "forbidden_call.hpp"
#include <sys/syscall.h>
#include <cerrno>
#include <cstdint>

namespace test {

// Effects: from now on, this process's membarrier() fails with ENOSYS, as in a
// sandbox or before Linux 4.16.
inline void forbid_membarrier()
{
    forbid_call(SYS_membarrier, 0, UINT32_MAX, ENOSYS);
}

} // namespace test

#endif
