// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_PURGE_HPP
#define BOOST_IPQ_DETAIL_RING_PURGE_HPP

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Drops the messages that wait, some at a time.
class purger
{
public:
    explicit purger(ring_reader& reader) noexcept : m_reader(reader) {}

    // Adds the number of messages to `count`. What is sent meanwhile stays.
    status run(std::size_t& count, give_up_condition give_up);

private:
    // With the lock held. Return `done` if there may be more.
    status drop_some(std::size_t& count, position end, incarnation me) noexcept;
    void drop_behind(
        std::size_t& count, position at, record_header header,
        position end) noexcept;

    ring_reader& m_reader;
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/ring/purge.ipp>
#endif

#endif
