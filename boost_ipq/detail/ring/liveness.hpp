// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_LIVENESS_HPP
#define BOOST_IPQ_DETAIL_RING_LIVENESS_HPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Counts what a process recovered from dead ones, until it is logged.
struct event_counters
{
    atomic<std::uint64_t> recovered{0};   // locks and records
    atomic<std::uint64_t> redelivered{0}; // messages
};

// Tells which participants are alive.
class liveness
{
public:
    virtual bool alive(incarnation who) const noexcept = 0;

    // An epoch: it changes whenever a participant dies, and when a process
    // joins in the slot of a dead one; 0 if it is not known. While it stays the
    // same, the records that participants hold need not be searched.
    virtual std::uint64_t deaths() const noexcept { return 0; }

    // Relaxed: only counts.
    void note_recovered() const noexcept
    {
        m_events.recovered.fetch_add(1, std::memory_order_relaxed);
    }
    void note_redelivered() const noexcept
    {
        m_events.redelivered.fetch_add(1, std::memory_order_relaxed);
    }
    event_counters& events() const noexcept { return m_events; }

protected:
    ~liveness() = default;

private:
    mutable event_counters m_events{};
};

// The results of the last queries in one walk: most records have the same
// owner.
struct last_owners
{
    incarnation living, dead;

    bool is_dead(incarnation owner, const liveness& peers) noexcept
    {
        if (owner == living)
            return false;
        if (owner == dead)
            return true;
        const bool lives = peers.alive(owner);
        (lives ? living : dead) = owner;
        return !lives;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
