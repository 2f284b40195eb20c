// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_STORAGE_HPP
#define BOOST_IPQ_STORAGE_HPP

namespace boost_ipq {

//! The queue is in memory that processes share: in a shared memory segment, or,
//! with `queue_options::directory()`, in a mapped file.
struct shared_storage
{
};

//! The queue is in the memory of this process and connects threads. Its first
//! handle allocates the memory with its allocator.
//!
//! Queue names belong to the process; permissions and directory are ignored. A
//! persistent queue exists until `remove_queue<heap_storage>()` or the end of
//! the process. One with `lifetime::while_open` exists until its last handle
//! is closed. A forked child gets a copy of the queue, which it must not use if
//! another thread of the parent used the queue at the time of the fork.
struct heap_storage
{
};

} // namespace boost_ipq

#endif
