// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CONTENTS_HPP
#define BOOST_IPQ_DETAIL_RING_CONTENTS_HPP

// What is in a ring now, from its positions: a hint while others work. It takes
// no lock, and walks only over records that are held or not freed yet.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

struct ring_contents
{
    std::size_t messages = 0; // not taken, or to be delivered again
    std::size_t bytes = 0;    // with the padding between records
};

ring_contents contents_of(const ring_view& ring) noexcept;

// The bytes of the capacity in use: without the padding that a short walk
// finds, and never more than the capacity.
std::size_t bytes_of(const ring_view& ring) noexcept;

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/contents.ipp>
#endif

#endif
