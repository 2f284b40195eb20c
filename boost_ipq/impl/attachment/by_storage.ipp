// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_BY_STORAGE_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_BY_STORAGE_IPP

#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/attachment/heap_queues.hpp>
#include <boost_ipq/detail/attachment/remove_abandoned.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL bool
remove_in(shared_storage, const queue_options& options, const lock_limit& limit)
{
    remove_abandoned_answers_if_any(options);
    return remove_named(options, limit);
}

BOOST_IPQ_DECL bool
remove_in(heap_storage, const queue_options& options, const lock_limit&)
{
    return heap_queues::remove(options);
}

} // namespace detail
} // namespace boost_ipq

#endif
