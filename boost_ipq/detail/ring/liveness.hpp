// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_LIVENESS_HPP
#define BOOST_IPQ_DETAIL_RING_LIVENESS_HPP

#include <boost_ipq/detail/ring/incarnation.hpp>
#include <atomic>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// What happened to a process on the way, until somebody logs it.
struct happenings
{
    std::atomic<std::uint64_t> recovered{0};   // locks and records of the dead
    std::atomic<std::uint64_t> redelivered{0}; // messages
};

// Who can tell the dead from the living.
class liveness
{
public:
    virtual bool alive(incarnation who) const noexcept = 0;

    // A number that is another one after somebody has died, or joined in the
    // place of somebody dead; 0 if that is not known. So that what everybody
    // holds need not be looked through when nothing happened.
    virtual std::uint64_t deaths() const noexcept { return 0; }

    // Relaxed: counts alone.
    void note_recovered() const noexcept
    {
        m_happened.recovered.fetch_add(1, std::memory_order_relaxed);
    }
    void note_redelivered() const noexcept
    {
        m_happened.redelivered.fetch_add(1, std::memory_order_relaxed);
    }
    happenings& happened() const noexcept { return m_happened; }

protected:
    ~liveness() = default;

private:
    mutable happenings m_happened;
};

} // namespace detail
} // namespace boost_ipq

#endif
