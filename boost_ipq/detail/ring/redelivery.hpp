// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_REDELIVERY_HPP
#define BOOST_IPQ_DETAIL_RING_REDELIVERY_HPP

#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Searches the records between `free` and `read` for one that was given back,
// or whose owner is dead. There may be millions of them, so they are searched
// only after a record was given back or a process has died.
class redelivery
{
public:
    // Is a search due? A hint that takes no lock.
    BOOST_IPQ_DETAIL_NOINLINE bool due(const read_end& ends) const noexcept
    {
        return ends.line().returned.load(std::memory_order_relaxed) != 0 ||
               m_limiter.due();
    }

    // The kernel has just been asked about an owner.
    void asked() noexcept { m_limiter.finished(rate_limiter::clock::now()); }

    // Finds the oldest such record. Called with the lock held. `ask_now`: asks
    // the kernel which owners are dead, even if it was asked a moment ago.
    bool find(
        read_end& ends, position& found, record_header& header,
        bool ask_now) noexcept
    {
        const position end(ends.line().read.load(std::memory_order_relaxed));
        const position at(ends.line().free.load(std::memory_order_relaxed));
        if (at == end)
            return false;
        const bool due = ask_now || m_limiter.due();
        const bool flagged =
            ends.line().returned.load(std::memory_order_relaxed) != 0;
        if (!due && !flagged)
            return false;
        const auto begin = rate_limiter::clock::now();
        const std::uint64_t deaths = due ? ends.ring().peers->deaths() : 0;
        const bool ask = due && (deaths == 0 || deaths != m_deaths);
        if (flagged)
            // acquire: pairs with give_back(). Cleared before the search, so
            // that a record that is returned meanwhile sets it again.
            ends.line().returned.exchange(0, std::memory_order_acquire);
        bool result = false;
        if (ask || flagged)
            result = search(ends, ask, at, end, found, header);
        // Another returned record may follow this one. Not a store: see
        // give_back().
        if (result)
            ends.line().returned.exchange(1, std::memory_order_relaxed);
        if (ask)
            m_deaths = deaths;
        if (due)
            m_limiter.finished(begin);
        return result;
    }

private:
    // If the kernel is asked, the search continues to the end, so that all
    // records of dead processes can be delivered before it is asked again.
    static bool search(
        read_end& ends, bool ask, position at, position end, position& found,
        record_header& found_header) noexcept
    {
        last_owners owners{ends.ring().self(), 0};
        bool result = false;
        const ring_view& ring = ends.ring();
        for (std::size_t walked = 0; at != end && walked < ring.size;)
        {
            record_header header;
            if (!ends.read_header(at, header))
                break;
            if (ask && header.state() == record_state::claimed &&
                owners.is_dead(header.owner(), *ring.peers) &&
                ends.replace(at, header, record_state::returned))
                header = header.with(record_state::returned);
            if (!result && header.state() == record_state::returned)
            {
                found = at;
                found_header = header;
                result = true;
                if (!ask)
                    break;
            }
            walked += ring.span(header.length());
            at = ring.behind(at, header);
        }
        return result;
    }

    // The results of the last queries: most records have the same owner.
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

    rate_limiter m_limiter;
    std::uint64_t m_deaths = 0; // at the last search; written under the lock
};

} // namespace detail
} // namespace boost_ipq

#endif
