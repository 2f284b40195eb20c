// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_REDELIVERY_HPP
#define BOOST_IPQ_DETAIL_RING_REDELIVERY_HPP

#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/spans.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Searches the records between `free` and `read` for one that was given back,
// or whose owner is dead. There may be many, and the kernel is asked about
// their owners, so they are searched only after a record was given back or a
// process has died.
class redelivery
{
public:
    // Is a search due? A hint that takes no lock.
    BOOST_IPQ_DETAIL_NOINLINE bool due(const read_end& ends) const noexcept
    {
        return flagged(ends) || m_limiter.due();
    }

    // Was a record given back, or is a search not complete?
    static bool flagged(const read_end& ends) noexcept
    {
        return ends.line().returned.load(std::memory_order_relaxed) != 0;
    }

    // The kernel has just been asked about an owner.
    void asked() noexcept { m_limiter.finished(rate_limiter::clock::now()); }

    // Finds the oldest such record. Called with the lock held. `ask_now`: asks
    // the kernel which owners are dead, even if it was asked a moment ago.
    bool find(
        read_end& ends, position& found, record_header& header,
        bool ask_now) noexcept
    {
        if (ends.nothing_held())
            return false;
        const bool due = ask_now || m_limiter.due();
        const bool returned = flagged(ends);
        if (!due && !returned)
            return false;
        const auto begin = rate_limiter::clock::now();
        const std::uint64_t deaths = due ? ends.ring().peers->deaths() : 0;
        const bool ask = due && (deaths == 0 || deaths != m_deaths);
        if (returned)
            // acquire: pairs with give_back(). Cleared before the search, so
            // that a record that is returned meanwhile sets it again.
            ends.line().returned.exchange(0, std::memory_order_acquire);
        bool result = false;
        const bool complete =
            !(ask || returned) || search(ends, ask, result, found, header);
        // Another returned record may follow this one. Not a store: see
        // give_back().
        if (result || !complete)
            ends.line().returned.exchange(1, std::memory_order_relaxed);
        if (ask && complete)
            m_deaths = deaths;
        if (due && complete)
            m_limiter.finished(begin);
        return result;
    }

private:
    // If the kernel is asked, the search continues to the end, so that all
    // records of dead processes can be delivered before it is asked again.
    // Returns false if it must be continued.
    static bool search(
        read_end& ends, bool ask, bool& result, position& found,
        record_header& found_header) noexcept
    {
        const ring_view& ring = ends.ring();
        last_owners owners{ring.self(), 0};
        return spans(ring).for_each_held(
            [&](position at, record_header header) {
                if (ask && header.state() == record_state::claimed &&
                    owners.is_dead(header.owner(), *ring.peers) &&
                    ends.replace(at, header, record_state::returned))
                    header = header.with(record_state::returned);
                if (result || header.state() != record_state::returned)
                    return true;
                found = at;
                found_header = header;
                result = true;
                return ask;
            });
    }

    rate_limiter m_limiter{};
    std::uint64_t m_deaths = 0; // at the last search; written under the lock
};

} // namespace detail
} // namespace boost_ipq

#endif
