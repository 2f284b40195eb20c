// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_INSTANCES_IPP
#define BOOST_IPQ_IMPL_HANDLE_INSTANCES_IPP

#include <boost_ipq/basic_sender.hpp>
#include <boost_ipq/detail/handle/publisher_side.hpp>
#include <boost_ipq/detail/handle/queue_handle.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DETAIL_INSTANCES(, publisher_side, sending)
BOOST_IPQ_DETAIL_INSTANCES(, publisher_side, reserving)
BOOST_IPQ_DETAIL_INSTANCES(, subscriber_side, receiving<buffer_target>)
BOOST_IPQ_DETAIL_INSTANCES(, subscriber_side, claiming)

} // namespace detail
} // namespace boost_ipq

#endif
