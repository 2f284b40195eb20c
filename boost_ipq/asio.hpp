// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ASIO_HPP
#define BOOST_IPQ_ASIO_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Publishers and subscribers for an event loop of Boost.Asio.

#include <boost_ipq/async_publisher.hpp>
#include <boost_ipq/async_subscriber.hpp>

#endif
