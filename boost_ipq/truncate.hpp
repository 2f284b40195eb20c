// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TRUNCATE_HPP
#define BOOST_IPQ_TRUNCATE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

namespace boost_ipq {

//! The type of `truncate`.
struct truncate_t
{
};

//! Asks a receiving call to cut a message that is longer than the buffer.
inline constexpr truncate_t truncate{};

} // namespace boost_ipq

#endif
