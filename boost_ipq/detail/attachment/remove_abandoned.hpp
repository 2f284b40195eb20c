// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_ABANDONED_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_REMOVE_ABANDONED_HPP

// A queue with lifetime::while_open ends with its last process. If that is
// killed, the objects stay until a process opens a queue of that name. The
// queue for the answers to a client has a name that no process uses again. So a
// process that opens or removes the queue for the requests removes those of
// dead clients.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

// How the message type of a queue for requests begins.
constexpr char requests_begin[] = "request: ";

// The digits in the name of a queue for answers, after its begin.
constexpr std::size_t client_digits = 16;
constexpr char hex_digits[] = "0123456789abcdef";

inline std::string answers_begin(const std::string& requests)
{
    constexpr char mark[] = ".a-";
    return requests.substr(
               0, max_queue_name - client_digits - (sizeof mark - 1)) +
           mark;
}

// Removes the queues for the answers to dead clients. What cannot be removed,
// or is being made or removed by a different process, stays.
void remove_abandoned_answers(
    shared_storage, const queue_options& requests) noexcept;
inline void
remove_abandoned_answers(heap_storage, const queue_options&) noexcept
{
}

// Likewise, if the options name a queue for requests.
void remove_abandoned_answers_if_any(const queue_options& options) noexcept;

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/remove_abandoned.ipp>
#endif

#endif
