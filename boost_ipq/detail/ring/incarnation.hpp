// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_INCARNATION_HPP
#define BOOST_IPQ_DETAIL_RING_INCARNATION_HPP

#include <atomic>
#include <cstdint>

static_assert(
    sizeof(void*) == 8,
    "boost_ipq needs a 64-bit target: 64-bit atomics in shared memory must be "
    "lock-free and a queue may exceed 4 GiB. Compile for x86-64, AArch64 or "
    "another 64-bit platform.");

namespace boost_ipq {
namespace detail {

// One process's membership of one queue, in 29 bits: the slot that it holds in
// the participant table and the generation of that slot. It is what owner
// locks and record headers carry. Zero is nobody; generations start at 1.
using incarnation = std::uint32_t;

constexpr unsigned slot_bits = 10;
constexpr unsigned generation_bits = 19;
constexpr std::uint32_t slot_count = 1u << slot_bits;
constexpr std::uint32_t generation_mask = (1u << generation_bits) - 1;

constexpr incarnation
make_incarnation(std::uint32_t slot, std::uint32_t generation) noexcept
{
    return (generation << slot_bits) | slot;
}

constexpr std::uint32_t slot_of(incarnation who) noexcept
{
    return who & (slot_count - 1);
}

constexpr std::uint32_t generation_of(incarnation who) noexcept
{
    return (who >> slot_bits) & generation_mask;
}

constexpr std::uint32_t next_generation(std::uint32_t generation) noexcept
{
    return generation % generation_mask + 1;
}

// What a closed handle takes for itself.
inline const std::atomic<incarnation> nobody{0};

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
