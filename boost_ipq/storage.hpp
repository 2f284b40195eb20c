// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_STORAGE_HPP
#define BOOST_IPQ_STORAGE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

namespace boost_ipq {

//! Keeps a queue in memory that processes share: in a shared memory segment,
//! or, with `queue_options::directory()`, in a mapped file.
struct shared_storage
{
};

//! Keeps a queue in the memory of one process, where it connects threads. The
//! handle that creates the queue allocates the memory with its allocator.
//!
//! Each process has its own queue names. Permissions and directory are ignored.
//! A queue with `lifetime::persistent` exists until
//! `remove_queue<heap_storage>()` or the end of the process; one with
//! `lifetime::while_open`, until its last handle is closed. A forked child has
//! its own copy of the queue. It must not use that copy if another thread of
//! the parent was using the queue at the time of the fork.
struct heap_storage
{
};

} // namespace boost_ipq

#endif
