// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEUE_HPP
#define BOOST_IPQ_REQUEUE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {
namespace detail {

// Two queues that are open for the time of a call.
struct requeue_pair
{
    const queue_options& from;
    const queue_options& to;
    handle_reference<attachment> source, target;
};

template <class Storage>
requeue_pair opened_in(const queue_options& from, const queue_options& to)
{
    const auto open = [](const queue_options& options) {
        return attach_in(
            Storage(), open_mode::open, options, std::allocator<std::byte>(),
            lock_limit());
    };
    return {
        from, to, handle_reference<attachment>(open(from)),
        handle_reference<attachment>(open(to))};
}

status requeue_in(const requeue_pair& queues, std::size_t& count);
std::size_t requeued(const requeue_pair& queues);

} // namespace detail

//! Effects: moves the messages that wait in one queue to another, oldest first:
//! brings dead letters back to the queue from which they came, see
//! queue_options::dead_letter(). Ends when `to` is full; the rest stays in
//! `from`. There, each message counts as delivered for the first time.
//!
//! Returns: how many. Messages that come to `from` meanwhile are not moved.
//!
//! Throws: as open_only with these options; queue_removed, queue_corrupt,
//! queue_busy, and message_too_large if the next message can never fit `to`,
//! as the calls that receive and send. The messages before it have moved.
//!
//! Complexity: opens both queues; one copy of each message.
//!
//! Thread safety: safe.
//!
//! Crash safety: if the process dies in the call, one message may be in both
//! queues, and none is lost.
std::size_t requeue(const queue_options& from, const queue_options& to);

//! Effects: as `requeue(from, to)`, but reports failure through `ec`.
//! Returns: how many messages have moved before it.
//! Throws: nothing that `ec` reports.
//! Complexity, thread safety, crash safety: as `requeue(from, to)`.
std::size_t requeue(
    const detail::options_argument& from, const detail::options_argument& to,
    boost::system::error_code& ec);

//! Effects: as `requeue(from, to)`, for queues in that storage:
//! `requeue<heap_storage>(from, to)` for two inside this process.
//! Returns, throws, complexity, thread safety, crash safety: as
//! `requeue(from, to)`.
template <class Storage>
std::size_t requeue(const queue_options& from, const queue_options& to)
{
    return detail::requeued(detail::opened_in<Storage>(from, to));
}

//! Effects: as `requeue<Storage>(from, to)`, but reports failure through `ec`.
//! Returns: how many messages have moved before it.
//! Throws: nothing that `ec` reports.
//! Complexity, thread safety, crash safety: as `requeue(from, to)`.
template <class Storage>
std::size_t requeue(
    const detail::options_argument& from, const detail::options_argument& to,
    boost::system::error_code& ec)
{
    std::size_t count = 0;
    detail::finish(ec, [&] {
        return detail::requeue_in(
            detail::opened_in<Storage>(from.get(), to.get()), count);
    });
    return count;
}

} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/requeue.ipp>
#endif

#endif
