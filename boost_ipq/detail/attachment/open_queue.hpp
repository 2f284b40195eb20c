// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_OPEN_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_OPEN_QUEUE_HPP

// Creates and opens queues.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <memory>

namespace boost_ipq {
namespace detail {

class shared_attachment;

enum class open_mode
{
    create,
    open,
    open_or_create
};

inline open_mode mode_of(create_only_t) noexcept
{
    return open_mode::create;
}
inline open_mode mode_of(open_only_t) noexcept
{
    return open_mode::open;
}
inline open_mode mode_of(open_or_create_t) noexcept
{
    return open_mode::open_or_create;
}

// Attaches this process to a queue in shared memory or in a file. All handles
// of the process share one attachment.
std::shared_ptr<attachment> attach(
    open_mode mode, const queue_options& options, const lock_limit& limit = {});

// For repair(), which needs more than the interface of an attachment.
std::shared_ptr<shared_attachment> attach_shared(
    open_mode mode, const queue_options& options, const lock_limit& limit = {});

// Options without a capacity can only open.
bool can_create(open_mode mode, const queue_options& options) noexcept;

// Throws if create_only is combined with options that cannot create.
void require_usable(open_mode mode, const queue_options& options);

// There is no such queue to open, and these options cannot create it.
[[noreturn]] void throw_missing(open_mode mode, const queue_options& options);

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/open_queue.ipp>
#endif

#endif
