// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_RING_HPP
#define BOOST_IPQ_DETAIL_RING_RING_HPP

// The ring as a container: control words and a buffer from an allocator. With
// boost::interprocess::allocator its pointer is an offset_ptr and it lives in
// a segment; with std::allocator it is plain memory.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/core/pointer_traits.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace boost_ipq {
namespace detail {

// Bytes of the longest buffer: a position has 32 bits for the offset.
constexpr std::size_t max_buffer = (std::size_t(1) << 32) * unit;

template <class Allocator>
class basic_ring
{
    using traits = typename std::allocator_traits<
        Allocator>::template rebind_traits<std::byte>;

public:
    using allocator_type = typename traits::allocator_type;
    using pointer = typename traits::pointer;

    // Bytes that records may use when this capacity was asked for.
    static constexpr std::size_t
    usable(std::size_t capacity, std::size_t alignment) noexcept
    {
        return round_up(capacity, alignment);
    }

    // Bytes of the buffer for a capacity: see layout.hpp.
    static constexpr std::size_t
    buffer_size(std::size_t capacity, std::size_t alignment) noexcept
    {
        const std::size_t least = usable(capacity, alignment) + alignment;
        const std::size_t room = round_up(
            (std::min)(capacity, padding_room + capacity / padding_share),
            alignment);
        return (std::min)(least + room, (std::max)(least, max_buffer));
    }

    // Bytes to allocate for the buffer, with room to align the first body.
    static constexpr std::size_t
    allocation_size(std::size_t capacity, std::size_t alignment) noexcept
    {
        return buffer_size(capacity, alignment) + slack;
    }

    // `first` is the message count to begin with: tests start near the wrap.
    // `zeroed`: the allocator's memory is zero except for its own data at the
    // beginning of it.
    basic_ring(
        std::size_t capacity, std::size_t alignment,
        const allocator_type& allocator, std::uint32_t first = 0,
        bool zeroed = false, std::uint32_t max_deliveries = 0)
        : m_control(),
          m_allocator(allocator),
          m_allocated(allocation_size(capacity, alignment)),
          m_memory(traits::allocate(m_allocator, m_allocated))
    {
        const auto address =
            reinterpret_cast<std::uintptr_t>(std::addressof(*m_memory));
        m_begin = round_up(address, max_alignment) +
                  distance(alignment, lead_of(max_deliveries)) - address;

        m_control.magic = ring_magic;
        m_control.version = layout_version;
        m_control.alignment = static_cast<std::uint32_t>(alignment);
        m_control.size = buffer_size(capacity, alignment);
        m_control.capacity = usable(capacity, alignment);
        m_control.header_size =
            static_cast<std::uint32_t>(unit + lead_of(max_deliveries));
        m_control.max_deliveries = max_deliveries;
        const std::uint64_t start = position(first, 0).word();
        m_control.publishers.half_laps.store(
            first >> 31, std::memory_order_relaxed);
        m_control.subscribers.half_laps.store(
            first >> 31, std::memory_order_relaxed);
        m_control.publishers.head.store(start, std::memory_order_relaxed);
        m_control.subscribers.read.store(start, std::memory_order_relaxed);
        m_control.subscribers.free.store(start, std::memory_order_relaxed);

        // Writing to zeroed pages would only make the system provide them.
        const std::size_t written =
            zeroed ? (std::min<std::size_t>)(m_control.size, allocator_data)
                   : m_control.size;
        std::byte* const data = std::addressof(*m_memory) + m_begin;
        for (std::size_t i = 0; i < written; i += unit)
            ::new (data + i) atomic_word(0);
    }

    basic_ring(const basic_ring&) = delete;
    basic_ring& operator=(const basic_ring&) = delete;

    ~basic_ring() { traits::deallocate(m_allocator, m_memory, m_allocated); }

    ring_view view() noexcept
    {
        return view(
            m_control.size, m_control.capacity, m_control.alignment,
            m_control.max_deliveries);
    }

    // As the constructor has placed and described a ring with these numbers.
    // Of the ring's own words the result depends on those that say where the
    // buffer is: in a damaged segment it may be anywhere. The caller checks it.
    ring_view checked_view(
        std::size_t capacity, std::size_t alignment,
        std::uint32_t max_deliveries = 0) noexcept
    {
        return view(
            buffer_size(capacity, alignment), usable(capacity, alignment),
            alignment, max_deliveries);
    }

    // Is that a place for the first record?
    static bool is_aligned(
        std::uintptr_t data, std::size_t alignment, std::size_t lead) noexcept
    {
        return (data - distance(alignment, lead)) % max_alignment == 0;
    }

    // Bytes of the delivery word.
    static constexpr std::size_t lead_of(std::uint32_t max_deliveries) noexcept
    {
        return max_deliveries == 0 ? 0 : unit;
    }

private:
    static constexpr std::size_t slack = 2 * max_alignment;

    // From an address with the largest alignment to the first record. 8-aligned
    // bodies: records begin at cache lines. Others: headers stand just before
    // an aligned message.
    static constexpr std::size_t
    distance(std::size_t alignment, std::size_t lead) noexcept
    {
        return alignment <= unit + lead ? 0 : alignment - unit - lead;
    }

    ring_view view(
        std::size_t size, std::size_t capacity, std::size_t alignment,
        std::uint32_t max_deliveries) noexcept
    {
        ring_view result;
        result.control = &m_control;
        // As a number, which may be any, and opaque: the number that is checked
        // is the one that is used.
        result.data = reinterpret_cast<std::byte*>(platform::opaque(
            reinterpret_cast<std::uintptr_t>(boost::to_address(m_memory)) +
            m_begin));
        result.size = size;
        result.capacity = capacity;
        result.alignment = alignment;
        result.low_bits = alignment - 1;
        result.short_length =
            (std::min)(copy_limit(result.capacity), result.max_length());
        if (max_deliveries == 0)
        {
            result.quick_copy = result.short_length + 1;
            result.quick_in_place = result.max_length() + 1;
        }
        result.lead = lead_of(max_deliveries);
        result.max_deliveries = max_deliveries;
        return result;
    }

    ring_control m_control;
    allocator_type m_allocator;
    std::size_t m_allocated;
    pointer m_memory;
    std::size_t m_begin{};
};

} // namespace detail
} // namespace boost_ipq

#endif
