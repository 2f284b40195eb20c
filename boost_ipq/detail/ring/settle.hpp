// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_SETTLE_HPP
#define BOOST_IPQ_DETAIL_RING_SETTLE_HPP

// Ends a reservation or a claim, by its owner and without a lock, so no thread
// waits for a stopped process when its own work is done. The space of a settled
// record is freed by the next subscriber, or by a publisher that needs the
// room.
//
// A forked child does not own what its parent reserved or claimed: there, these
// functions do nothing.

#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A record that this process is filling.
struct reserved_record
{
    std::size_t offset = 0;
    record_header header{}; // as it stands in the ring while reserved
};

struct claim;

// Of claims that are not marked in the ring: those of a broadcast.
class claim_holder
{
public:
    // The claim ends. If it is not acknowledged, the record is to be delivered
    // again.
    virtual void settle(const claim& held, bool acknowledged) noexcept = 0;

protected:
    ~claim_holder() = default;
};

// A record that this process reads in place.
struct claim
{
    std::size_t offset = 0;
    record_header header{};         // as it stands in the ring while claimed
    std::uint32_t deliveries = 1;   // with this one
    std::uint32_t lead = 0;         // as that of the ring
    claim_holder* holder = nullptr; // in a queue none
    std::uint32_t count = 0;        // messages before it, modulo 2^32

    bool redelivered() const noexcept { return deliveries > 1; }
    std::size_t size() const noexcept { return header.length() - lead; }
};

// `held`: the header as it stands in the ring. Returns whether this process
// owns the record.
BOOST_FORCEINLINE bool settle(
    const ring_view& ring, std::size_t offset, record_header held,
    record_header result) noexcept
{
    if (BOOST_IPQ_DETAIL_UNLIKELY(ring.self() != held.owner()))
        return false;
    // release: what was written to a reserved body, and what was read from a
    // claimed one before its space is freed; pairs with the acquire of the
    // header
    ring.header(offset).store(result.word(), std::memory_order_release);
    return true;
}

// Sends the reserved message.
BOOST_FORCEINLINE void
commit(const ring_view& ring, const reserved_record& record) noexcept
{
    settle(
        ring, record.offset, record.header,
        record.header.with(record_state::committed));
}

// Sends only the first `length` bytes of it.
inline void commit(
    const ring_view& ring, const reserved_record& record,
    std::size_t length) noexcept
{
    length += ring.lead;
    const incarnation owner = record.header.owner();
    const std::size_t whole = ring.span(record.header.length());
    const std::size_t used = ring.span(length);
    if (used < whole && ring.self() == owner)
        // The rest becomes a padding record, so that a record's span always
        // follows from its header. Relaxed: the header before it is stored
        // later, with release.
        ring.header(record.offset + used)
            .store(
                record_header(record_state::padding, owner, whole - used - unit)
                    .word(),
                std::memory_order_relaxed);
    settle(
        ring, record.offset, record.header,
        record_header(record_state::committed, owner, length));
}

// The reserved message is never delivered.
inline void
abandon(const ring_view& ring, const reserved_record& record) noexcept
{
    settle(
        ring, record.offset, record.header,
        record.header.with(record_state::abandoned));
}

// The claimed record is never delivered again.
BOOST_FORCEINLINE void
acknowledge(const ring_view& ring, const claim& held) noexcept
{
    settle(
        ring, held.offset, held.header,
        held.header.with(record_state::consumed));
}

// The claimed record, which was not delivered, is to be delivered. In a queue
// without delivery words, a returned record without an owner says that.
inline void take_back(const ring_view& ring, const claim& held) noexcept
{
    if (settle(
            ring, held.offset, held.header,
            held.header.with(record_state::returned, 0)))
        // release, and not a store: as in give_back()
        ring.control->subscribers.returned.exchange(
            1, std::memory_order_release);
}

// The claimed record is to be delivered again.
inline void give_back(const ring_view& ring, const claim& held) noexcept
{
    if (settle(
            ring, held.offset, held.header,
            held.header.with(record_state::returned)))
        // release: after the header; pairs with the acquire in redelivery. Not
        // a store, which would hide that of another thread from that acquire.
        ring.control->subscribers.returned.exchange(
            1, std::memory_order_release);
}

} // namespace detail
} // namespace boost_ipq

#endif
