// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_RING_PIECES_HPP
#define BOOST_IPQ_TEST_RING_PIECES_HPP

#include "heap_ring.hpp"
#include <boost/test/unit_test.hpp>
#include <cstddef>

namespace test {

// What a walk from `free` to `read` visits.
struct ring_pieces
{
    std::size_t all = 0;
    std::size_t held = 0; // claimed or returned
};

// Walks as a subscriber does, and checks what spans.hpp says: the walk leads to
// `read`, and it finds the record where merging goes on.
inline ring_pieces pieces_of(ring_fixture& f)
{
    ring_pieces result;
    const std::uint64_t word = f.subscribers().span.load();
    bool met = word == 0;
    position at = f.free();
    while (at != f.read())
    {
        const record_header header = f.header(at);
        const record_state state = header.state();
        BOOST_REQUIRE(f.view.holds(at));
        BOOST_REQUIRE(f.view.holds(at, header));
        BOOST_REQUIRE(
            static_cast<std::int32_t>(f.read().count() - at.count()) >= 0);
        BOOST_REQUIRE(state != record_state::none);
        met |= at.word() == word && at != f.free();
        ++result.all;
        result.held +=
            state == record_state::claimed || state == record_state::returned;
        at = f.view.behind(at, header);
    }
    BOOST_REQUIRE(met);
    return result;
}

} // namespace test

#endif
