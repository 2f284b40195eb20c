// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REMOVE_QUEUE_HPP
#define BOOST_IPQ_REMOVE_QUEUE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {

//! Effects: removes a queue: its segment, semaphores and lock file. Processes
//! that have the queue open notice: calls that send fail with
//! `errc::queue_removed`, calls that receive deliver what is left and then fail
//! with it, and those that wait do so at once. A queue that is created with
//! that name afterwards is a different one. Of the options only name and
//! directory count, so a queue with different parameters, or of a different
//! version of the library, can be removed. With a queue for requests, it
//! removes those for the answers to clients that were killed.
//!
//! Returns: whether the queue existed. False if the file system does not
//! distinguish "a" from "A" and only the other one exists.
//!
//! Throws: `error` with `errc::permission_denied` if the system does not permit
//! it, or with an error of the system; the queue is as it was then.
//! `std::bad_alloc`.
//!
//! Complexity: constant; waits while another process creates, opens or removes
//! the queue.
//! Thread safety: safe.
//! Crash safety: safe. The next process that opens or removes the queue
//! completes a removal whose process died.
bool remove_queue(const queue_options& options);

//! Effects: as `remove_queue(options)`, but reports failure through `ec`.
//! Returns: whether the queue existed; false on failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `remove_queue(options)`.
//! Thread safety: safe.
//! Crash safety: as `remove_queue(options)`.
bool remove_queue(
    const detail::options_argument& options, boost::system::error_code& ec);

//! Requires: `Storage` is `shared_storage` or `heap_storage`.
//!
//! Effects: removes a queue in that storage. `remove_queue<shared_storage>()`
//! is `remove_queue()`. A queue in `heap_storage` is removed from the names of
//! this process, and its handles notice as those of other queues.
//!
//! Returns: whether the queue existed.
//! Throws: as `remove_queue(options)`.
//! Complexity: as `remove_queue(options)`; for `heap_storage`, logarithmic in
//! the number of queues of the process.
//! Thread safety: safe.
//! Crash safety: as `remove_queue(options)`.
template <class Storage>
bool remove_queue(const queue_options& options)
{
    return detail::remove_in(Storage(), options);
}

//! Requires: `Storage` is `shared_storage` or `heap_storage`. `limit` is a
//! deadline, as that of `timed_enqueue()`, or has a member `stop_requested()`.
//!
//! Effects: as `remove_queue<Storage>(options)`, but waits for a process that
//! creates, opens or removes the queue, and may have been stopped meanwhile,
//! only until the deadline has passed or a stop was requested. The queue is as
//! before then.
//!
//! Returns: whether the queue existed.
//!
//! Throws: also `error` with `errc::timed_out` after the deadline, and with
//! `errc::canceled` after a stop.
//!
//! Complexity: as `remove_queue<Storage>(options)`.
//!
//! Thread safety: safe.
//!
//! Crash safety: as `remove_queue<Storage>(options)`.
template <
    class Storage = shared_storage, class Limit, detail::if_limit<Limit> = 0>
bool remove_queue(const queue_options& options, const Limit& limit)
{
    return detail::limited(limit, [&](const detail::lock_limit& until) {
        return detail::remove_in(Storage(), options, until);
    });
}

//! Requires: as `remove_queue<Storage>(options, limit)`.
//!
//! Effects: as `remove_queue<Storage>(options, limit)`, but reports failure
//! through `ec`.
//!
//! Returns: whether the queue existed; false on failure.
//!
//! Throws: nothing that `ec` can report.
//!
//! Complexity: as `remove_queue<Storage>(options)`.
//!
//! Thread safety: safe.
//!
//! Crash safety: as `remove_queue<Storage>(options)`.
template <
    class Storage = shared_storage, class Limit, detail::if_limit<Limit> = 0>
bool remove_queue(
    const detail::options_argument& options, const Limit& limit,
    boost::system::error_code& ec)
{
    return detail::reported(
        ec, [&] { return remove_queue<Storage>(options.get(), limit); });
}

//! Requires: `Storage` is `shared_storage` or `heap_storage`.
//! Effects: as `remove_queue<Storage>(options)`, but reports failure through
//! `ec`.
//! Returns: whether the queue existed; false on failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `remove_queue<Storage>(options)`.
//! Thread safety: safe.
//! Crash safety: as `remove_queue<Storage>(options)`.
template <class Storage>
bool remove_queue(
    const detail::options_argument& options, boost::system::error_code& ec)
{
    return detail::reported(
        ec, [&] { return remove_queue<Storage>(options.get()); });
}

} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/remove_queue.ipp>
#endif

#endif
