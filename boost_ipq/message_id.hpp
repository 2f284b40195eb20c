// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_MESSAGE_ID_HPP
#define BOOST_IPQ_MESSAGE_ID_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <cstdint>

namespace boost_ipq {

//! Names a message, the same one however often it is delivered. No other
//! message has the same id, in no queue: a queue that is created again has a
//! different epoch.
struct message_id
{
    std::uint64_t epoch;    //!< of the queue: random, new for each creation
    std::uint64_t sequence; //!< the number of messages sent before it

    //! Returns: whether both name the same message.
    //! Throws: nothing. Complexity: constant.
    friend constexpr bool operator==(message_id a, message_id b) noexcept
    {
        return a.epoch == b.epoch && a.sequence == b.sequence;
    }

    //! Returns: !(a == b).
    //! Throws: nothing. Complexity: constant.
    friend constexpr bool operator!=(message_id a, message_id b) noexcept
    {
        return !(a == b);
    }
};

} // namespace boost_ipq

#endif
