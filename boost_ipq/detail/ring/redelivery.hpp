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

// Looks among the records that are held in place for one that was given back,
// or whose owner is dead. Those it holds up may be millions: they are looked
// through when somebody gave one back, or died.
class redelivery
{
public:
    // May there be something? Takes no lock. The kernel is asked about the
    // owners, but not again and again.
    BOOST_IPQ_DETAIL_NOINLINE bool due(const read_end& tail) const noexcept
    {
        return tail.line().returned.load(std::memory_order_relaxed) != 0 ||
               m_limiter.due();
    }

    // An owner was asked about just now.
    void asked() noexcept { m_limiter.made(rate_limiter::clock::now()); }

    // With the lock held. Finds the oldest one.
    bool find(read_end& tail, position& found, record_header& header) noexcept
    {
        const position end(tail.line().read.load(std::memory_order_relaxed));
        const position at(tail.line().free.load(std::memory_order_relaxed));
        if (at == end)
            return false;
        const bool due = m_limiter.due();
        const bool flagged =
            tail.line().returned.load(std::memory_order_relaxed) != 0;
        if (!due && !flagged)
            return false;
        const auto begin = rate_limiter::clock::now();
        const std::uint64_t deaths = due ? tail.witness().deaths() : 0;
        const bool ask = due && (deaths == 0 || deaths != m_deaths);
        if (flagged)
            // acquire: pairs with give_back(). Cleared before the search, so
            // that a record that is returned meanwhile sets it again.
            tail.line().returned.exchange(0, std::memory_order_acquire);
        bool result = false;
        if (ask || flagged)
            result = search(tail, ask, at, end, found, header);
        // Another returned record may wait behind this one.
        if (result)
            tail.line().returned.store(1, std::memory_order_relaxed);
        if (ask)
            m_deaths = deaths;
        if (due)
            m_limiter.made(begin);
        return result;
    }

private:
    // Who asks whether owners live goes on to the end, so that all that the
    // dead left can be delivered before it is asked again.
    static bool search(
        read_end& tail, bool ask, position at, position end, position& found,
        record_header& found_header) noexcept
    {
        // The last of each that were met.
        incarnation living = tail.self(), dead = 0;
        bool result = false;
        const ring_view& ring = tail.ring();
        std::size_t walked = 0;
        while (at != end && walked < ring.size)
        {
            record_header header;
            if (!tail.read_header(at, header))
                break;
            if (ask && header.state() == record_state::claimed &&
                header.owner() != living)
            {
                const incarnation owner = header.owner();
                if (owner != dead && tail.witness().alive(owner))
                    living = owner;
                else
                {
                    dead = owner;
                    if (tail.replace(at, header, record_state::returned))
                        header = header.with(record_state::returned, owner);
                }
            }
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

    rate_limiter m_limiter;
    std::uint64_t m_deaths = 0; // at the last search; written under the lock
};

} // namespace detail
} // namespace boost_ipq

#endif
