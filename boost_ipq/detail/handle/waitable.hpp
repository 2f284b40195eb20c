// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_WAITABLE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_WAITABLE_HPP

// What a wait set needs of a handle: an object that holds what it needs by
// itself. A handle that is destroyed while it is in a set does no harm.

#include <boost_ipq/basic_handle.hpp>
#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/handle_access.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/ring/made_room.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/error.hpp>
#include <memory>
#include <utility>

namespace boost_ipq {

namespace detail {

// A set uses it in one thread at a time, except for awaited() and idle().
class waitable
{
public:
    virtual ~waitable() = default;

    // Is it worth a call of the handle? Takes no lock. Also true if the call
    // would fail.
    virtual bool ready() noexcept = 0;

    // The set has told its user that the handle is ready.
    virtual void reported() noexcept = 0;

    // Does a process hold up what the set waits for? It may die meanwhile.
    virtual bool held_up() const noexcept = 0;

    // Where a sleeper is woken when it may have become ready.
    virtual event_count& awaited() noexcept = 0;

    // A file that wakers touch, to be watched; -1: none.
    virtual int watched_file() const noexcept = 0;

    // Called when a sleep has ended without a wake-up.
    virtual void idle() noexcept = 0;
};

// A subscriber is ready when there is a message, or when its call should ask
// whether a process that reads a message in place is still alive.
class ready_subscriber
{
public:
    bool ready(const ring_reader& ring) noexcept { return ring.something(); }
    void reported(ring_reader& ring) noexcept { ring.search_follows(); }
};

// A publisher is ready when room was made since it was last reported; at first,
// when there is any room.
class ready_publisher
{
public:
    bool ready(const ring_writer& ring) noexcept
    {
        return m_last.since(ring.ring()) && ring.may_fit(0);
    }

    void reported(const ring_writer& ring) noexcept
    {
        m_last = made_room::look(ring.ring());
    }

private:
    made_room m_last{};
};

inline ready_subscriber readiness_for(const ring_reader&) noexcept
{
    return {};
}

inline ready_publisher readiness_for(const ring_writer&) noexcept
{
    return {};
}

template <class Side>
class queue_waitable final : public waitable
{
    using ring_type = typename Side::watched_type;

public:
    queue_waitable(
        std::shared_ptr<attachment> queue, const typename Side::ring_type& ring)
        : m_queue(std::move(queue)),
          m_ring(Side::watch(*m_queue, ring))
    {
        // A forked child that has not joined the queue joins it here.
        if (m_ring.ring().self() == 0 &&
            !m_queue->rejoin(give_up_after{default_busy_after}))
            throw_error(errc::busy);
        awaited().count_set(1);
    }

    queue_waitable(const queue_waitable&) = delete;
    queue_waitable& operator=(const queue_waitable&) = delete;
    ~queue_waitable() override { awaited().count_set(0u - 1); }

    bool ready() noexcept override
    {
        return m_ring.ring().is_removed() || m_readiness.ready(m_ring);
    }

    void reported() noexcept override { m_readiness.reported(m_ring); }
    bool held_up() const noexcept override { return m_ring.held_up(); }
    event_count& awaited() noexcept override { return Side::awaited(*m_queue); }
    void idle() noexcept override { m_queue->idle(); }

    int watched_file() const noexcept override
    {
        return m_queue->watched_file();
    }

private:
    std::shared_ptr<attachment> m_queue;
    ring_type m_ring;
    decltype(readiness_for(std::declval<const ring_type&>())) m_readiness;
};

template <class Side, class Allocator, class Storage>
std::unique_ptr<waitable>
make_waitable(const basic_handle<Side, Allocator, Storage>& handle)
{
    const auto& queue = handle_access::queue(handle);
    if (!queue)
        throw_error(errc::closed);
    return std::make_unique<queue_waitable<Side>>(
        queue, handle_access::ring(handle));
}

template <class T, class Codec, class Handle>
std::unique_ptr<waitable>
make_waitable(const typed_handle<T, Codec, Handle>& handle)
{
    return make_waitable(handle_access::untyped(handle));
}

} // namespace detail
} // namespace boost_ipq

#endif
