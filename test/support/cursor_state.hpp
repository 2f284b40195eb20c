// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SUPPORT_CURSOR_STATE_HPP
#define BOOST_IPQ_TEST_SUPPORT_CURSOR_STATE_HPP

// The private state of a subscriber of a broadcast, for steps that its calls
// take only when publishers overtake them again and again.

#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/cursor_state.hpp>

namespace test {

boost_ipq::detail::cursor_state&
state_of(boost_ipq::detail::cursor_reader& reader) noexcept;

// An explicit instantiation may name private members.
template <
    boost_ipq::detail::cursor_state boost_ipq::detail::cursor_reader::*Member>
struct state_opener
{
    friend boost_ipq::detail::cursor_state&
    state_of(boost_ipq::detail::cursor_reader& reader) noexcept
    {
        return reader.*Member;
    }
};

template struct state_opener<&boost_ipq::detail::cursor_reader::m_state>;

} // namespace test

#endif
