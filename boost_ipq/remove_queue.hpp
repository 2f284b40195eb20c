// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REMOVE_QUEUE_HPP
#define BOOST_IPQ_REMOVE_QUEUE_HPP

#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>

namespace boost_ipq {

//! Effects: removes a queue: its segment, semaphores and lock file. Processes
//! that have it open keep it, until they close it; a queue that is created by
//! the same name is another one.
//! Of the options only name and directory count: removing a queue is what helps
//! when it has other parameters, or was made by another version.
//! Returns: whether there was such a queue.
//! Throws: `error` with errc::permission_denied if it may not be removed.
//! Thread safety: safe. Crash safety: a removal that was begun is finished by
//! the next who opens or removes the queue.
inline bool remove_queue(const queue_options& options)
{
    return detail::remove_named(options);
}

//! Effects: the same for another storage: remove_queue<heap_storage>(name).
template <class Storage>
bool remove_queue(const queue_options& options)
{
    return detail::remove_in(Storage(), options);
}

template <class Storage>
bool remove_queue(
    const detail::options_argument& options, boost::system::error_code& ec)
{
    return detail::reported(
        ec, [&] { return remove_queue<Storage>(options.get()); });
}

//! Effects: the same; on failure sets `ec` and returns false.
inline bool remove_queue(
    const detail::options_argument& options, boost::system::error_code& ec)
{
    return detail::reported(ec, [&] { return remove_queue(options.get()); });
}

} // namespace boost_ipq

#endif
