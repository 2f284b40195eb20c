// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_GENMC_ORDERS_H
#define BOOST_IPQ_TEST_GENMC_ORDERS_H

// The memory orders of the library, which the wrong variants weaken.

#include <assert.h>
#include <genmc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#ifndef HEADER_ORDER
#define HEADER_ORDER memory_order_release
#endif
#ifndef LOAD_ORDER
#define LOAD_ORDER memory_order_acquire
#endif
#ifndef LOCK_ORDER
#define LOCK_ORDER memory_order_acquire
#endif
#ifndef UNLOCK_ORDER
#define UNLOCK_ORDER memory_order_release
#endif
#ifndef FREE_ORDER
#define FREE_ORDER memory_order_release
#endif
#ifndef FREE_LOAD_ORDER
#define FREE_LOAD_ORDER memory_order_acquire
#endif
#ifndef KERNEL_ORDER
#define KERNEL_ORDER memory_order_acquire
#endif

#endif
