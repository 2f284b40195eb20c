// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_STORAGE_HPP
#define BOOST_IPQ_STORAGE_HPP

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/heap_attachment.hpp>
#include <boost_ipq/queue_options.hpp>
#include <memory>

namespace boost_ipq {

//! The queue lies in memory that processes share: a shared memory segment, or,
//! with queue_options::directory(), a mapped file.
struct shared_storage
{
};

//! The queue lies in this process's own memory, which its first handle
//! allocates with its allocator, and connects threads. Names are the
//! process's own; permissions and directory mean nothing. A persistent queue
//! lives until remove_queue<heap_storage>() or the end of the process, one with
//! lifetime::while_open until its last handle has been closed. A forked child
//! gets a copy of the queue, and must not use it if another thread of the
//! parent did so at the time of the fork.
struct heap_storage
{
};

namespace detail {

template <class Allocator>
std::shared_ptr<attachment> attach_in(
    shared_storage, open_mode mode, const queue_options& options,
    const Allocator&)
{
    return attach(mode, options);
}

template <class Allocator>
std::shared_ptr<attachment> attach_in(
    heap_storage, open_mode mode, const queue_options& options,
    const Allocator& allocator)
{
    return heap_queues::attach(mode, options, allocator);
}

inline bool remove_in(shared_storage, const queue_options& options)
{
    return remove_named(options);
}

inline bool remove_in(heap_storage, const queue_options& options)
{
    return heap_queues::remove(options);
}

} // namespace detail
} // namespace boost_ipq

#endif
