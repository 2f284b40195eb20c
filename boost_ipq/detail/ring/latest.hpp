// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_LATEST_HPP
#define BOOST_IPQ_DETAIL_RING_LATEST_HPP

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Takes the newest message and drops those before it.
//
// `read` moves past all of them in one store. A message behind a record that a
// living publisher fills cannot be taken yet: the newest one is in front of it.
class latest_reader
{
public:
    explicit latest_reader(ring_reader& reader) noexcept : m_reader(reader) {}

    // As ring_reader::try_take().
    template <class Target>
    status try_take(Target& target, give_up_condition give_up)
    {
        oldest_record found;
        const status end = enter(found, give_up);
        if (end != status::done)
            return end;
        const ring_view& ring = m_reader.ring();
        const incarnation me = ring.self();
        const std::size_t length = ring.message_size(found.header);
        const bool is_large = found.header.length() > ring.short_length;
        if (!(is_large ? target.may_take(length) : target.fits(length)))
            return m_reader.leave(status::declined);
        if (is_large)
            return take_large(target, found, claim_found(found, me));
        target.take(ring.message(found.at.offset()), length);
        take_found(found, me);
        return m_reader.leave(status::done);
    }

    // As ring_reader::try_claim().
    status try_claim(claim& result, give_up_condition give_up);

private:
    // Without the lock: where the newest message is; a hint that is the start
    // of a record.
    position newest_seen() const noexcept;

    // Acquires the lock and finds the newest message. If the result is `done`,
    // the lock is held.
    status enter(oldest_record& found, give_up_condition give_up);

    // With the lock held: from the oldest message to the newest.
    status find_newest(position seen, oldest_record& found) noexcept;

    void take_found(const oldest_record& found, incarnation me) noexcept;
    claim claim_found(const oldest_record& found, incarnation me) noexcept;
    void drop_older(const oldest_record& found, incarnation me) noexcept;

    // Copies a claimed record without the lock, which it releases.
    template <class Target>
    status
    take_large(Target& target, const oldest_record& found, const claim& held)
    {
        m_reader.leave(status::done);
        const ring_view& ring = m_reader.ring();
        try
        {
            target.take(
                ring.message(held.offset), ring.message_size(held.header));
        }
        catch (...)
        {
            undo_claim(ring, found, held);
            throw;
        }
        acknowledge(ring, held);
        return status::done;
    }

    ring_reader& m_reader;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/latest.ipp>
#endif

#endif
