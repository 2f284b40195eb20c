// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_DEAD_LETTERS_HPP
#define BOOST_IPQ_DETAIL_RING_DEAD_LETTERS_HPP

// In a queue that limits deliveries, a delivery word stands between the header
// and the message. It counts the deliveries, and says whether the message was
// rejected. Only the owner of the record changes it, behind the stores that
// made it the owner: so a death before that counts nothing, and a death
// afterwards loses no count.
//
// The header's length includes the delivery word. So all that walks over
// records, frees them or recovers them need not know of it.
//
// A message that was delivered often enough moves to another queue: it is
// claimed, copied there, and acknowledged, in this order. A death in between
// leaves it in both.

#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Set in the delivery word of a rejected message.
constexpr std::uint64_t rejected_message = std::uint64_t(1) << 63;

// Where messages go that were delivered often enough.
class dead_letter_box
{
public:
    // Returns false if there is no room, or the queue cannot be used now.
    virtual bool put(const void* data, std::size_t size) noexcept = 0;

    // A message has left the source without an operation of its handle.
    virtual void freed() noexcept = 0;

protected:
    ~dead_letter_box() = default;
};

// Is the record too short for a delivery word? Then there is damage.
BOOST_FORCEINLINE bool
lacks_delivery_word(const ring_view& ring, record_header header) noexcept
{
    return header.length() < ring.lead;
}

// Only if the record has one.
inline atomic_word&
delivery_word(const ring_view& ring, std::size_t offset) noexcept
{
    return header_at(ring.data, offset + unit);
}

// The deliveries so far, at most the largest number of 32 bits.
constexpr std::uint32_t deliveries_in(std::uint64_t word) noexcept
{
    return static_cast<std::uint32_t>(word);
}

// Is the message to be moved instead of being delivered?
inline bool is_spent(const ring_view& ring, std::size_t offset) noexcept
{
    // Relaxed: its last owner stored it before it gave the record up.
    const std::uint64_t word =
        delivery_word(ring, offset).load(std::memory_order_relaxed);
    return (word & rejected_message) != 0 ||
           deliveries_in(word) >= ring.max_deliveries;
}

// Counts a delivery, by the owner of the record. Returns its number.
inline std::uint32_t
count_delivery(const ring_view& ring, std::size_t offset) noexcept
{
    atomic_word& word = delivery_word(ring, offset);
    // Relaxed: as in is_spent(). The caller gets the message afterwards.
    const std::uint64_t before = word.load(std::memory_order_relaxed);
    if (deliveries_in(before) == ~std::uint32_t(0))
        return ~std::uint32_t(0);
    word.store(before + 1, std::memory_order_relaxed);
    return deliveries_in(before) + 1;
}

// Moves a claimed message. False: it is still there, and claimed.
inline bool move_to_dead_letters(const ring_view& ring, const claim& held)
{
    if (!ring.letters->put(
            ring.message(held.offset), ring.message_size(held.header)))
        return false;
    acknowledge(ring, held);
    ring.letters->freed();
    return true;
}

// Gives a claimed message back, unless it was delivered often enough.
inline void give_back_or_move(const ring_view& ring, const claim& held)
{
    // A forked child does not own what its parent claimed.
    if (ring.self() == held.header.owner() &&
        !lacks_delivery_word(ring, held.header) &&
        is_spent(ring, held.offset) && move_to_dead_letters(ring, held))
        return;
    give_back(ring, held);
}

// Moves a claimed message at once. If that is not possible, it is given back,
// and the next subscriber tries again.
inline void reject(const ring_view& ring, const claim& held)
{
    if (ring.self() != held.header.owner())
        return;
    atomic_word& word = delivery_word(ring, held.offset);
    // Relaxed: as in count_delivery()
    word.store(
        word.load(std::memory_order_relaxed) | rejected_message,
        std::memory_order_relaxed);
    give_back_or_move(ring, held);
}

} // namespace detail
} // namespace boost_ipq

#endif
