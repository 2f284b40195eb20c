// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_BROADCAST_SIDE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_BROADCAST_SIDE_HPP

// What is particular to the publishers and subscribers of a broadcast. All else
// is that of a queue: a broadcast's handles are those of a queue in a storage
// of their own, broadcast_in<Storage>.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/broadcast_run.hpp>
#include <boost_ipq/detail/handle/consume_batch.hpp>
#include <boost_ipq/detail/handle/cursor_handle.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/ring/broadcast_room.hpp>
#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Storage>
struct broadcast_in
{
};

template <class Storage, class Allocator>
std::shared_ptr<attachment> attach_in(
    broadcast_in<Storage>, open_mode mode, const queue_options& options,
    const Allocator& allocator, const lock_limit& limit)
{
    if (mode != open_mode::open && options.capacity() > max_broadcast_capacity)
        throw std::invalid_argument(
            "boost_ipq: the capacity of broadcast '" + options.name() +
            "' is " + std::to_string(options.capacity()) +
            " bytes: give at most " + std::to_string(max_broadcast_capacity) +
            " bytes");
    if (options.max_deliveries() != 0)
        throw std::invalid_argument(
            "boost_ipq: broadcast '" + options.name() +
            "' has no dead-letter queue: a message goes to all subscribers");
    cursor_recovery::set(recover_cursors());
    return attach_as(
        queue_kind::broadcast, Storage(), mode, options, allocator, limit);
}

template <class Allocator, class Storage>
struct publisher_in<Allocator, broadcast_in<Storage>>
{
    using type = basic_broadcast_publisher<Allocator, Storage>;
};

template <class Allocator, class Storage>
struct subscriber_in<Allocator, broadcast_in<Storage>>
{
    using type = basic_broadcast_subscriber<Allocator, Storage>;
};

struct broadcast_publisher_side : publisher_side
{
    static ring_writer make_ring(
        const std::shared_ptr<attachment>& queue, const queue_options& options,
        give_up_condition)
    {
        ring_view ring = queue->ring().busy_after(options.busy_after());
        ring.maker = &make_broadcast_room();
        return ring_writer(ring);
    }

    static ring_writer watch(attachment&, const ring_writer& ring)
    {
        return ring;
    }
};

template <class Storage>
struct publisher_side_of<broadcast_in<Storage>>
{
    using type = broadcast_publisher_side;
};

// What a wait set looks at. It does not keep the cursor.
class watched_cursor
{
public:
    explicit watched_cursor(std::shared_ptr<broadcast_cursor> reader) noexcept
        : m_reader(std::move(reader))
    {
    }

    const ring_view& ring() const noexcept { return m_reader->ring(); }
    bool something() const noexcept { return m_reader->something(); }
    bool held_up() const noexcept { return m_reader->held_up(); }

private:
    std::shared_ptr<broadcast_cursor> m_reader;
};

class ready_cursor
{
public:
    bool ready(const watched_cursor& cursor) noexcept
    {
        return cursor.something();
    }
    void reported(const watched_cursor&) noexcept {}
};

inline ready_cursor readiness_for(const watched_cursor&) noexcept
{
    return {};
}

struct broadcast_subscriber_side
{
    using ring_type = cursor_handle;
    static constexpr std::uint32_t role = one_subscriber;

    static cursor_handle make_ring(
        const std::shared_ptr<attachment>& queue, const queue_options& options,
        give_up_condition give_up)
    {
        auto reader = std::make_shared<broadcast_cursor>(
            queue, queue->ring().busy_after(options.busy_after()));
        const status joined = reader->join(options.history(), give_up);
        if (joined != status::done)
            throw_error(error_of(joined), "broadcast '" + options.name() + "'");
        return cursor_handle(std::move(reader));
    }

    using watched_type = watched_cursor;
    static watched_cursor watch(attachment& queue, const cursor_handle& ring)
    {
        // A forked child becomes a subscriber of its own here.
        const give_up_after limit{default_busy_after};
        if (ring.ring().self() == 0 && !queue.rejoin(limit))
            throw_error(errc::busy);
        const status joined = ring.reader()->join_here(limit);
        if (joined != status::done)
            throw_error(error_of(joined));
        return watched_cursor(ring.reader());
    }

    static event_count& awaited(attachment& queue) { return queue.messages(); }

    // The cursor itself wakes publishers, if it was the slowest.
    static bool notify_needed(const ring_view&) noexcept { return false; }
    static void notify(attachment&) noexcept {}

    // For asynchronous operations: an attempt costs little.
    static bool may_succeed(const cursor_handle&, std::size_t) noexcept
    {
        return true;
    }

    // All sleep on the same word, and all are woken.
    static bool more(const cursor_handle&) noexcept { return false; }
    static void woken_for_nothing() noexcept {}
};

template <class Storage>
struct subscriber_side_of<broadcast_in<Storage>>
{
    using type = broadcast_subscriber_side;
};

template <class Storage>
struct runs_in<broadcast_in<Storage>>
{
    using run = broadcast_run;
    using attempt = holding_run;
    using batch = broadcast_batch;
};

} // namespace detail
} // namespace boost_ipq

#endif
