// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_REQUEUE_IPP
#define BOOST_IPQ_IMPL_REQUEUE_IPP

#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/requeue.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {
namespace detail {

// Moves a claimed message.
inline status requeue_one(ring_reader& reader, ring_writer& writer, claim& held)
{
    const ring_view& ring = reader.ring();
    const status sent =
        writer.try_publish(ring.message(held.offset), held.size());
    if (sent == status::done)
        acknowledge(ring, held);
    else if (held.redelivered())
        give_back(ring, held);
    else
        take_back(ring, held); // no process has seen it
    return sent;
}

inline status requeue_in(
    const queue_options& from, const queue_options& to, std::size_t& count)
{
    const handle_reference<attachment> source(
        attach(open_mode::open, from.of_kind(queue_kind::queue)));
    const handle_reference<attachment> target(
        attach(open_mode::open, to.of_kind(queue_kind::queue)));
    ring_reader reader(source->ring().busy_after(from.busy_after()));
    ring_writer writer(target->ring().busy_after(to.busy_after()));
    status result = status::done;
    for (std::size_t waiting = contents_of(source->ring()).messages;
         waiting != 0 && result == status::done; --waiting)
    {
        claim held;
        result = reader.try_claim(held);
        if (result != status::done)
            break;
        result = requeue_one(reader, writer, held);
        count += result == status::done;
        source->outstanding().one_gone();
        if (result != status::done)
            source->messages().notify_one();
        source->room().notify_all();
        target->messages().notify_one();
    }
    return result == status::would_block ? status::done : result;
}

} // namespace detail

BOOST_IPQ_DECL std::size_t
requeue(const queue_options& from, const queue_options& to)
{
    std::size_t count = 0;
    const detail::status result = detail::requeue_in(from, to, count);
    if (result != detail::status::done)
        detail::throw_error(
            detail::error_of(result), "moving messages from queue '" +
                                          from.name() + "' to '" + to.name() +
                                          "'");
    return count;
}

BOOST_IPQ_DECL std::size_t requeue(
    const detail::options_argument& from, const detail::options_argument& to,
    boost::system::error_code& ec)
{
    std::size_t count = 0;
    detail::finish(
        ec, [&] { return detail::requeue_in(from.get(), to.get(), count); });
    return count;
}

} // namespace boost_ipq

#endif
