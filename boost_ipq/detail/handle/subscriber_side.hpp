// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_SUBSCRIBER_SIDE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_SUBSCRIBER_SIDE_HPP

// What is particular to subscribers: what they wait for and notify, and their
// attempts (see queue_handle.hpp).

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/detail/ring/latest.hpp>
#include <boost_ipq/detail/ring/purge.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace boost_ipq {
namespace detail {

struct subscriber_side
{
    using ring_type = ring_reader;
    static constexpr std::uint32_t role = one_subscriber;

    static event_count& awaited(attachment& queue) { return queue.messages(); }
    static ring_reader make_ring(
        const std::shared_ptr<attachment>& queue, const queue_options& options,
        give_up_condition)
    {
        return ring_reader(queue->ring().busy_after(options.busy_after()));
    }

    // What a wait set looks at.
    using watched_type = ring_reader;
    static ring_reader watch(attachment& queue, const ring_reader&)
    {
        return ring_reader(queue.ring());
    }

    static bool notify_needed(const ring_view& ring) noexcept
    {
        return event_count::notify_needed(*ring.control, ring.control->room);
    }

    // Notifies all: the room may be too small for one publisher and large
    // enough for another.
    static void notify(attachment& queue) { queue.room().notify_all(); }

    // Always: an attempt looks for a message before it acquires the lock.
    static bool may_succeed(const ring_reader&, std::size_t) noexcept
    {
        return true;
    }

    static bool more(const ring_reader& ring) noexcept
    {
        return ring.something();
    }

    static void woken_for_nothing() noexcept {}
};

// As publisher_side_of.
template <class Storage>
struct subscriber_side_of
{
    using type = subscriber_side;
};

// Those of a broadcast's ring are in cursor_handle.hpp.
inline latest_reader latest_in(ring_reader& ring)
{
    return latest_reader(ring);
}

// The queue itself knows which message is the next.
inline position next_of(const ring_reader&) noexcept
{
    return position(std::uint64_t(0));
}

inline purger purger_of(ring_reader& ring)
{
    return purger(ring);
}

// Copies the newest message to a target, takes it, and drops the older ones.
template <class Target>
struct receiving_latest
{
    Target target;

    static constexpr bool quiet = false;

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up)
    {
        if (!target.valid())
            return status::invalid;
        auto latest = latest_in(ring);
        status result = latest.try_take(target, give_up);
        while (result == status::declined && target.grow())
            result = latest.try_take(target, give_up);
        return result;
    }

    std::string text(status result, std::size_t limit) const
    {
        return target.text(result, limit);
    }
};

template <class Target>
receiving_latest<Target> latest(receiving<Target> attempt) noexcept
{
    return {attempt.target};
}

// Drops the messages that wait.
struct purging
{
    std::size_t& count;

    static constexpr bool quiet = false;

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up) const
    {
        return purger_of(ring).run(count, give_up);
    }

    static std::string text(status, std::size_t) { return {}; }
};

// Claims the oldest message, to be read in place.
struct claiming
{
    claim& held;

    static constexpr bool quiet = true;

    template <class Ring>
    BOOST_FORCEINLINE status
    operator()(Ring& ring, give_up_condition give_up) const
    {
        return ring.try_claim(held, give_up);
    }

    template <class Ring>
    static bool may_succeed(const Ring&) noexcept
    {
        return true;
    }
    static std::string text(status, std::size_t) { return {}; }
};

// Claims the newest message and drops the older ones.
struct claiming_latest
{
    claim& held;

    static constexpr bool quiet = false;

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up) const
    {
        return latest_in(ring).try_claim(held, give_up);
    }

    static std::string text(status, std::size_t) { return {}; }
};

// Claims several messages, oldest first.
struct claiming_run
{
    claimed_run& run;

    static constexpr bool quiet = true;

    status operator()(ring_reader& ring, give_up_condition give_up) const
    {
        return ring.try_claim_run(run, give_up);
    }

    static std::string text(status, std::size_t) { return {}; }
};

} // namespace detail
} // namespace boost_ipq

#endif
