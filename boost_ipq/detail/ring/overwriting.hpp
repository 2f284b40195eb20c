// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_OVERWRITING_HPP
#define BOOST_IPQ_DETAIL_RING_OVERWRITING_HPP

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/placement.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Sends a copy, and drops the oldest messages if there is no room otherwise.
//
// Messages are dropped with both locks held, so that no other publisher gets
// the room, and only if that makes enough room.
class overwriter
{
public:
    explicit overwriter(ring_writer& writer) noexcept : m_writer(writer) {}

    // Sets `dropped` to the number of dropped messages. Returns `would_block`
    // if what is in the way is being filled or read in place.
    status
    run(const void* data, std::size_t size, std::size_t& dropped,
        give_up_condition give_up);

private:
    // What is to be dropped.
    struct plan
    {
        position free{}, read{}; // as they are
        position end{};          // `free` afterwards
        bool past_read = false;
        std::size_t messages = 0;
    };

    // With both locks held.
    status drop(placement& place, std::size_t span, std::size_t& dropped);
    status make_plan(
        const placement& place, std::size_t span, read_end& end, plan& result);
    bool is_in_the_way(position at, record_header header, read_end& end);
    void carry_out(const plan& what, incarnation me, read_end& end);
    status find_place(placement& place, std::size_t span, read_end& end);

    // With the publishers' lock held, which they release.
    void publish(placement& place, const void* data, std::size_t size);

    ring_writer& m_writer;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/overwriting.ipp>
#endif

#endif
