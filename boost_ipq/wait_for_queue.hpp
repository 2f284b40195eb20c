// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_WAIT_FOR_QUEUE_HPP
#define BOOST_IPQ_WAIT_FOR_QUEUE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/await_queue.hpp>
#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {

//! Requires: `Storage` is `shared_storage` or `heap_storage`. `limit` is a
//! deadline, as that of `timed_enqueue()`, or has a
//! member `stop_requested()`.
//!
//! Effects: waits until a queue of that name is ready: from then on,
//! `open_only` finds it, as long as no process removes it. Of the options only
//! name and directory count. The directory may be made later.
//!
//! Returns: whether there is such a queue. False: the deadline has passed, or a
//! stop was requested.
//!
//! Throws: `queue_corrupt` if the queue's lock file is damaged; `error` with
//! `errc::permission_denied` if this user may not open the queue, or with an
//! error of the system; `std::bad_alloc`.
//!
//! Complexity: a few system calls. On Linux, the kernel wakes the thread when
//! the queue's files change; it looks every 10 ms as long as the directory is
//! missing, or if there are no inotify instances left. Elsewhere, and for
//! `heap_storage`, it looks every 10 ms.
//!
//! Thread safety: safe.
//!
//! Crash safety: a creation whose process died is no queue; the wait goes on.
template <
    class Storage = shared_storage, class Limit, detail::if_limit<Limit> = 0>
bool wait_for_queue(const queue_options& options, const Limit& limit)
{
    return detail::await_queue(Storage(), options, limit);
}

//! Requires, effects: as `wait_for_queue(options, limit)`, but reports failure
//! through `ec`. A deadline that has passed and a stop are no failures.
//!
//! Returns: whether there is such a queue; false on failure.
//!
//! Throws: nothing that `ec` can report.
//!
//! Complexity, thread safety, crash safety: as `wait_for_queue(options,
//! limit)`.
template <
    class Storage = shared_storage, class Limit, detail::if_limit<Limit> = 0>
bool wait_for_queue(
    const detail::options_argument& options, const Limit& limit,
    boost::system::error_code& ec)
{
    return detail::reported(ec, [&] {
        return detail::await_queue(Storage(), options.get(), limit);
    });
}

} // namespace boost_ipq

#endif
