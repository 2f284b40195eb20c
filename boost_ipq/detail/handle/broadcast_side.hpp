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
#include <boost_ipq/detail/core/scope_exit.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/consume_batch.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/ring/broadcast_room.hpp>
#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/config.hpp>
#include <algorithm>
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

// The cursor of a subscriber, and what keeps its memory mapped.
class broadcast_cursor final : public cursor_reader
{
public:
    broadcast_cursor(std::shared_ptr<attachment> queue, const ring_view& ring)
        : cursor_reader(ring),
          m_queue(std::move(queue))
    {
    }

private:
    void room_made() noexcept override { m_queue->room().notify_all(); }

    const std::shared_ptr<attachment> m_queue;
};

// A handle's reference to its cursor. Closed, or moved from: none.
class cursor_handle
{
public:
    cursor_handle() noexcept = default;

    explicit cursor_handle(std::shared_ptr<broadcast_cursor> reader) noexcept
        : m_reader(std::move(reader))
    {
    }

    cursor_handle(cursor_handle&& other) noexcept = default;

    cursor_handle& operator=(cursor_handle&& other) noexcept
    {
        if (this != &other)
        {
            close();
            m_reader = std::move(other.m_reader);
        }
        return *this;
    }

    ~cursor_handle() { close(); }

    const ring_view& ring() const noexcept
    {
        static const ring_view none;
        return m_reader ? m_reader->ring() : none;
    }

    template <class Target>
    BOOST_FORCEINLINE status try_take(Target& target, give_up_condition give_up)
    {
        return BOOST_IPQ_DETAIL_LIKELY(m_reader != nullptr)
                   ? m_reader->try_take(target, give_up)
                   : status::detached;
    }

    template <class Target>
    status try_take_latest(Target& target, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_take_latest(target, give_up)
                        : status::detached;
    }

    status try_claim(claim& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_claim(result, give_up)
                        : status::detached;
    }

    status try_claim_latest(claim& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_claim_latest(result, give_up)
                        : status::detached;
    }

    status purge(std::size_t& count, give_up_condition give_up)
    {
        return m_reader ? m_reader->purge(count, give_up) : status::detached;
    }

    status try_hold_run(held_run& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_hold_run(result, give_up)
                        : status::detached;
    }

    bool something() const noexcept
    {
        return m_reader && m_reader->something();
    }
    bool held_up() const noexcept { return m_reader && m_reader->held_up(); }

    const std::shared_ptr<broadcast_cursor>& reader() const noexcept
    {
        return m_reader;
    }

private:
    void close() noexcept
    {
        if (m_reader)
            m_reader->close(m_reader);
        m_reader.reset();
    }

    std::shared_ptr<broadcast_cursor> m_reader{};
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

// As latest_reader, purger and next_of() of a queue.
class cursor_latest
{
public:
    explicit cursor_latest(cursor_handle& ring) noexcept : m_ring(ring) {}

    template <class Target>
    status try_take(Target& target, give_up_condition give_up)
    {
        return m_ring.try_take_latest(target, give_up);
    }

    status try_claim(claim& result, give_up_condition give_up)
    {
        return m_ring.try_claim_latest(result, give_up);
    }

private:
    cursor_handle& m_ring;
};

inline cursor_latest latest_in(cursor_handle& ring) noexcept
{
    return cursor_latest(ring);
}

class cursor_purger
{
public:
    explicit cursor_purger(cursor_handle& ring) noexcept : m_ring(ring) {}

    status run(std::size_t& count, give_up_condition give_up)
    {
        return m_ring.purge(count, give_up);
    }

private:
    cursor_handle& m_ring;
};

inline cursor_purger purger_of(cursor_handle& ring) noexcept
{
    return cursor_purger(ring);
}

inline position next_of(const cursor_handle& ring)
{
    return ring.reader() ? ring.reader()->next() : position(std::uint64_t(0));
}

// The function that reads the messages may close the handle.
struct broadcast_run
{
    held_run held;
    std::shared_ptr<broadcast_cursor> reader{};
};

// Holds several messages, oldest first.
struct holding_run
{
    broadcast_run& run;

    static constexpr bool quiet = true;

    status operator()(cursor_handle& ring, give_up_condition give_up) const
    {
        const status held = ring.try_hold_run(run.held, give_up);
        if (held == status::done)
            run.reader = ring.reader();
        return held;
    }

    static std::string text(status, std::size_t) { return {}; }
};

// The messages of a run, one after the other. If an exception ends it, that
// message and those behind it are given back.
class broadcast_batch
{
public:
    broadcast_batch(attachment&, broadcast_run& run) noexcept
        : m_reader(*run.reader),
          m_run(run.held),
          m_at(run.held.begin)
    {
    }

    broadcast_batch(const broadcast_batch&) = delete;
    broadcast_batch& operator=(const broadcast_batch&) = delete;

    ~broadcast_batch() { m_reader.finish(m_run, m_at); }

    // Returns status::done if there may be more messages, else would_block.
    template <class Function>
    status consume(Function& f, std::size_t& count)
    {
        // Local copies: the compiler knows that neither a store nor `f` changes
        // them.
        const ring_view& ring = m_reader.ring();
        std::byte* const data = ring.data;
        const std::size_t alignment = ring.alignment;
        const std::uint32_t* const lengths = m_run.lengths;
        const std::uint32_t records = m_run.count;
        const incarnation owner = m_run.owner;
        const std::size_t step =
            (std::max)(run_step, ring.capacity / run_steps);
        std::size_t at = m_at.offset();
        std::size_t given = at; // up to there publishers can use the room
        std::uint32_t done = 0;
        const auto remember = [&] {
            m_at = ring.wrapped(m_run.end.count() - records + done, at);
            count += done;
        };
        const scope_exit<decltype(remember)> remembering{remember};
        while (done != records)
        {
            const std::size_t length = lengths[done];
            f(static_cast<const void*>(data + at + unit), length);
            if (ring.self() != owner)
                return status::would_block; // `f` forked, this is the child
            at += span_of(length, alignment);
            ++done;
            if (BOOST_IPQ_DETAIL_UNLIKELY(at - given >= step) &&
                done != records)
            {
                m_reader.advance(
                    m_run, position(m_run.end.count() - records + done, at));
                given = at;
            }
        }
        return m_run.last ? status::would_block : status::done;
    }

private:
    cursor_reader& m_reader;
    held_run& m_run;
    position m_at;
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
