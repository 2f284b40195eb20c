// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_STRING_COPY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_STRING_COPY_HPP

// Copies by the processor's string instruction. It writes whole cache lines
// without reading them first, but starts slowly on processors that do not claim
// otherwise. Sanitizers cannot look into it: there is none under them.

#include <boost_ipq/detail/platform/cpu.hpp>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__) &&                                \
    !defined(BOOST_IPQ_DETAIL_TSAN) && !defined(__SANITIZE_ADDRESS__) &&       \
    !defined(BOOST_IPQ_NO_STRING_COPY)
#define BOOST_IPQ_DETAIL_STRING_COPY 1
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

#if defined(BOOST_IPQ_DETAIL_STRING_COPY)

// CPUID: EAX becomes the highest leaf, for leaf 0, and EDX what this is for.
// <cpuid.h> defines macros with the names of functions of MinGW's <intrin.h>.
inline void ask_processor(unsigned& a, unsigned& d) noexcept
{
    unsigned b, c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

// Leaf 7: "fast short REP MOVSB", in bit 4 of EDX.
inline bool claims_fast_string_copy() noexcept
{
    unsigned highest = 0, leaf = 7, features = 0;
    ask_processor(highest, features);
    if (highest < leaf)
        return false;
    ask_processor(leaf, features);
    return (features & 1u << 4) != 0;
}

// False, which is correct, too, until the program's variables are initialized.
inline const bool has_fast_string_copy = claims_fast_string_copy();

inline void string_copy(void* to, const void* from, std::size_t size) noexcept
{
    __asm__ __volatile__("rep movsb"
                         : "+D"(to), "+S"(from), "+c"(size)
                         :
                         : "memory");
}

#else

constexpr bool has_fast_string_copy = false;

inline void string_copy(void* to, const void* from, std::size_t size) noexcept
{
    std::memcpy(to, from, size);
}

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
