// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_INCARNATION_HPP
#define BOOST_IPQ_DETAIL_RING_INCARNATION_HPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <cstdint>

static_assert(
    sizeof(void*) == 8,
    "boost_ipq needs a 64-bit target: 64-bit atomics in shared memory must be "
    "lock-free and a queue may exceed 4 GiB. Compile for x86-64, AArch64 or "
    "another 64-bit platform.");

namespace boost_ipq {
namespace detail {

// One participant of one queue, in 28 bits: the slot that a process holds in
// the participant table, and the generation of that slot. Robust locks and
// record headers carry it. Zero is not a participant; generations start at 1.
using incarnation = std::uint32_t;

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

// The incarnation of a closed handle.
inline const atomic<incarnation> no_participant{0};

} // namespace detail
} // namespace boost_ipq

#endif
