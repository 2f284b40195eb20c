// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_MADE_ROOM_HPP
#define BOOST_IPQ_DETAIL_RING_MADE_ROOM_HPP

#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/room_maker.hpp>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Tells whether room was made since the last look. The space of a record is
// freed when it has settled, but `free` may move past it only later.
class made_room
{
public:
    bool since(const ring_view& ring) const noexcept
    {
        const made_room now = look(ring);
        return now.m_free != m_free || (now.m_settled && !m_settled);
    }

    static made_room look(const ring_view& ring) noexcept
    {
        const subscriber_line& line = ring.control->subscribers;
        made_room result;
        if (ring.maker)
        {
            result.m_free = ring.maker->room_word(ring);
            return result;
        }
        // acquire: the header is loaded after it
        result.m_free = line.free.load(std::memory_order_acquire);
        const position free(result.m_free);
        if (result.m_free == line.read.load(std::memory_order_relaxed) ||
            !ring.holds(free))
            return result;
        const record_state oldest =
            record_header(platform::load_hint(ring.header(free))).state();
        result.m_settled =
            oldest != record_state::claimed && oldest != record_state::returned;
        return result;
    }

private:
    std::uint64_t m_free = ~std::uint64_t(0); // no position
    bool m_settled = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
