// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_MEMBERSHIP_FNV_HPP
#define BOOST_IPQ_DETAIL_MEMBERSHIP_FNV_HPP

// The hash FNV-1a, 64 bits wide.

#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

constexpr std::uint64_t fnv_offset = 0xcbf29ce484222325;
constexpr std::uint64_t fnv_prime = 0x100000001b3;

// FNV-1a hashes bytes; a larger value works as well here.
constexpr std::uint64_t
fnv_step(std::uint64_t hash, std::uint64_t value) noexcept
{
    return (hash ^ value) * fnv_prime;
}

// `hash` is that of the bytes before these.
inline std::uint64_t fnv_hash(
    const void* data, std::size_t size,
    std::uint64_t hash = fnv_offset) noexcept
{
    const auto* const bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i)
        hash = fnv_step(hash, bytes[i]);
    return hash;
}

} // namespace detail
} // namespace boost_ipq

#endif
