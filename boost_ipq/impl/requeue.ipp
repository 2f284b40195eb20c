// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_REQUEUE_IPP
#define BOOST_IPQ_IMPL_REQUEUE_IPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/requeue.hpp>
#include <cstddef>

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

BOOST_IPQ_DECL status requeue_in(const requeue_pair& queues, std::size_t& count)
{
    const auto& source = queues.source;
    const auto& target = queues.target;
    ring_reader reader(source->ring().busy_after(queues.from.busy_after()));
    ring_writer writer(target->ring().busy_after(queues.to.busy_after()));
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

BOOST_IPQ_DECL std::size_t requeued(const requeue_pair& queues)
{
    std::size_t count = 0;
    const status result = requeue_in(queues, count);
    if (result != status::done)
        throw_error(
            error_of(result), "moving messages from queue '" +
                                  queues.from.name() + "' to '" +
                                  queues.to.name() + "'");
    return count;
}

} // namespace detail

BOOST_IPQ_DECL std::size_t
requeue(const queue_options& from, const queue_options& to)
{
    return requeue<shared_storage>(from, to);
}

BOOST_IPQ_DECL std::size_t requeue(
    const detail::options_argument& from, const detail::options_argument& to,
    boost::system::error_code& ec)
{
    return requeue<shared_storage>(from, to, ec);
}

} // namespace boost_ipq

#endif
