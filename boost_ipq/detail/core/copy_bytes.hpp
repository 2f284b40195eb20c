// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_COPY_BYTES_HPP
#define BOOST_IPQ_DETAIL_CORE_COPY_BYTES_HPP

// Copies between a caller's memory and a record's body.
//
// A call of memcpy costs as much as the rest of sending a small message, so
// small sizes are copied inline. In the ring, bodies are 8-aligned and rounded
// up to 8 bytes. So a body below 8 bytes is stored and loaded there as one
// word: a word that is stored in pieces and loaded in one defeats store
// forwarding.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/platform/string_copy.hpp>
#include <boost/config.hpp>
#include <boost/predef/other/endian.h>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace boost_ipq {
namespace detail {

constexpr bool little_endian = BOOST_ENDIAN_LITTLE_BYTE;

template <class Word>
Word load(const unsigned char* from) noexcept
{
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

template <class Word>
void store(unsigned char* to, Word word) noexcept
{
    std::memcpy(to, &word, sizeof word);
}

struct two_words
{
    std::uint64_t first, second;
};

// More than 64 bytes, 32 at a time; the last step overlaps the one before it.
// From `min_string` bytes on, by the processor's string instruction.
BOOST_NOINLINE inline void copy_long(
    unsigned char* to, const unsigned char* from, std::size_t size,
    std::size_t min_string) noexcept
{
    if (size > inline_copy_limit)
    {
        if (platform::has_fast_string_copy && size >= min_string &&
            size <= max_string_copy)
            platform::string_copy(to, from, size);
        else
            std::memcpy(to, from, size);
        return;
    }
    std::size_t i = 0;
    for (; i + 32 < size; i += 32)
    {
        store(to + i, load<two_words>(from + i));
        store(to + i + 16, load<two_words>(from + i + 16));
    }
    store(to + size - 32, load<two_words>(from + size - 32));
    store(to + size - 16, load<two_words>(from + size - 16));
}

// At least 8 bytes. Up to 64 bytes, overlapping steps replace a loop.
BOOST_FORCEINLINE void copy_words(
    unsigned char* to, const unsigned char* from, std::size_t size,
    std::size_t min_string) noexcept
{
    if (size > 64)
        return copy_long(to, from, size, min_string);
    if (size < 16)
    {
        const auto tail = load<std::uint64_t>(from + size - 8);
        store(to, load<std::uint64_t>(from));
        store(to + size - 8, tail);
        return;
    }
    const auto first = load<two_words>(from);
    const auto last = load<two_words>(from + size - 16);
    if (size > 32)
    {
        store(to + 16, load<two_words>(from + 16));
        store(to + size - 32, load<two_words>(from + size - 32));
    }
    store(to, first);
    store(to + size - 16, last);
}

// The caller's object is opaque: a compiler that knows its size would warn
// about the steps for larger objects, which are not executed.
BOOST_FORCEINLINE void
copy_in(void* body, const void* data, std::size_t size) noexcept
{
    auto* to = static_cast<unsigned char*>(body);
    auto* from = platform::opaque(static_cast<const unsigned char*>(data));
    if (!little_endian)
        std::memcpy(to, from, size);
    else if (size >= 8)
        copy_words(to, from, size, min_string_in);
    else if (size >= 4)
        store(
            to, std::uint64_t(load<std::uint32_t>(from)) |
                    std::uint64_t(load<std::uint32_t>(from + size - 4))
                        << (size - 4) * 8);
    else if (size >= 2)
        store(
            to, std::uint64_t(load<std::uint16_t>(from)) |
                    std::uint64_t(from[size - 1]) << (size - 1) * 8);
    else if (size != 0)
        store(to, std::uint64_t(from[0]));
}

BOOST_FORCEINLINE void
copy_out(void* data, const void* body, std::size_t size) noexcept
{
    auto* to = platform::opaque(static_cast<unsigned char*>(data));
    auto* from = static_cast<const unsigned char*>(body);
    if (!little_endian)
    {
        std::memcpy(to, from, size);
    }
    else if (size >= 8)
    {
        copy_words(to, from, size, min_string_out);
    }
    else if (size != 0)
    {
        const auto word = load<std::uint64_t>(from);
        if (size >= 4)
        {
            store(to, static_cast<std::uint32_t>(word));
            store(
                to + size - 4,
                static_cast<std::uint32_t>(word >> (size - 4) * 8));
        }
        else if (size >= 2)
        {
            store(to, static_cast<std::uint16_t>(word));
            to[size - 1] = static_cast<unsigned char>(word >> (size - 1) * 8);
        }
        else
        {
            to[0] = static_cast<unsigned char>(word);
        }
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
