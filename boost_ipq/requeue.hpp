// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEUE_HPP
#define BOOST_IPQ_REQUEUE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {

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

} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/requeue.ipp>
#endif

#endif
