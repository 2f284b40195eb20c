// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_CANCELLATION_SLOT_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_CANCELLATION_SLOT_HPP

// Cancellation of single operations, which Boost.Asio supports since 1.77.

#if __has_include(<boost/asio/associated_cancellation_slot.hpp>)
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#endif
#include <utility>

namespace boost_ipq {
namespace detail {
namespace platform {

#if __has_include(<boost/asio/associated_cancellation_slot.hpp>)

template <class Cancel>
struct cancellation
{
    Cancel cancel;

    // A canceled operation has had no effect, so all types mean the same.
    void operator()(boost::asio::cancellation_type type)
    {
        if (type != boost::asio::cancellation_type::none)
            cancel();
    }
};

// Calls `cancel` when the handler's cancellation slot is signaled.
template <class Handler, class Cancel>
void connect_cancellation(const Handler& handler, Cancel cancel)
{
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.template emplace<cancellation<Cancel>>(
            cancellation<Cancel>{std::move(cancel)});
}

#else

template <class Handler, class Cancel>
void connect_cancellation(const Handler&, const Cancel&) noexcept
{
}

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
