// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_BY_STORAGE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_BY_STORAGE_HPP

// Opens and removes a queue, with one overload for each storage.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/heap_queues.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <memory>

namespace boost_ipq {
namespace detail {

template <class Allocator>
std::shared_ptr<attachment> attach_as(
    queue_kind kind, shared_storage, open_mode mode,
    const queue_options& options, const Allocator&, const lock_limit& limit)
{
    return attach(mode, options.of_kind(kind), limit);
}

template <class Allocator>
std::shared_ptr<attachment> attach_as(
    queue_kind kind, heap_storage, open_mode mode, const queue_options& options,
    const Allocator& allocator, const lock_limit&)
{
    return attach_in_heap(mode, options.of_kind(kind), allocator);
}

// A queue. A broadcast is opened in a storage of its own, see
// broadcast_side.hpp.
template <class Storage, class Allocator>
std::shared_ptr<attachment> attach_in(
    Storage storage, open_mode mode, const queue_options& options,
    const Allocator& allocator, const lock_limit& limit)
{
    return attach_as(
        queue_kind::queue, storage, mode, options, allocator, limit);
}

bool remove_in(
    shared_storage, const queue_options& options, const lock_limit& limit = {});
bool remove_in(
    heap_storage, const queue_options& options, const lock_limit& limit = {});

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/by_storage.ipp>
#endif

#endif
