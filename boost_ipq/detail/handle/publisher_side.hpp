// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_PUBLISHER_SIDE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_PUBLISHER_SIDE_HPP

// What is particular to publishers: what they wait for and notify, and their
// attempts (see queue_handle.hpp).

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/detail/ring/overwriting.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace boost_ipq {
namespace detail {

struct publisher_side
{
    using ring_type = ring_writer;
    static constexpr std::uint32_t role = one_publisher;

    static event_count& awaited(attachment& queue) { return queue.room(); }
    static ring_writer make_ring(
        const std::shared_ptr<attachment>& queue, const queue_options& options,
        give_up_condition)
    {
        return ring_writer(queue->ring().busy_after(options.busy_after()));
    }

    // What a wait set looks at.
    using watched_type = ring_writer;
    static ring_writer watch(attachment& queue, const ring_writer&)
    {
        return ring_writer(queue.ring());
    }

    static bool notify_needed(const ring_view& ring) noexcept
    {
        return event_count::notify_needed(
            *ring.control, ring.control->messages);
    }
    static void notify(attachment& queue) { queue.messages().notify_one(); }

    // Is an attempt to send that many bytes worth its lock? A hint.
    static bool may_succeed(const ring_writer& ring, std::size_t size) noexcept
    {
        return ring.may_fit(size);
    }

    // All publishers are woken when there is room, see subscriber_side.
    static bool more(const ring_writer&) noexcept { return false; }

    // The message is too long for the room. This thread must not take the posts
    // for other publishers, which were posted together with its own.
    static void woken_for_nothing()
    {
        std::this_thread::sleep_for(leave_posts_pause);
    }
};

// Which side the publishers of a queue in that storage have. Those of a
// broadcast have a different one.
template <class Storage>
struct publisher_side_of
{
    using type = publisher_side;
};

// Sends a copy of a message, and drops the oldest ones if there is no room.
struct sending_over
{
    const void* data;
    std::size_t size; // bytes
    std::size_t& dropped;

    static constexpr bool quiet = false;

    status operator()(ring_writer& ring, give_up_condition give_up) const
    {
        dropped = 0;
        if (data == nullptr && size != 0)
            return status::invalid;
        return overwriter(ring).run(data, size, dropped, give_up);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_of_size{size}.text(result, limit);
    }
};

// Reserves room for a message. Subscribers are notified when it is committed.
struct reserving
{
    reserved_record& record;
    std::size_t size; // bytes

    static constexpr bool quiet = true;

    BOOST_FORCEINLINE status
    operator()(ring_writer& ring, give_up_condition give_up) const
    {
        return ring.try_reserve(record, size, give_up);
    }

    bool may_succeed(const ring_writer& ring) const noexcept
    {
        return ring.may_fit(size);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_of_size{size}.text(result, limit);
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
