// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_HPP
#define BOOST_IPQ_CLOUDTOID_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Queues of cloudtoid/interprocess, version 3: live exchange of messages with
//! programs that use the packages of that project (.NET, Python, Rust, Node,
//! Go, C). Such a queue keeps the rules of its own protocol; see
//! doc/coming_from_cloudtoid.md for what that means and how it compares with
//! the queues of this library.

#include <boost_ipq/cloudtoid_publisher.hpp>
#include <boost_ipq/cloudtoid_queue_options.hpp>
#include <boost_ipq/cloudtoid_subscriber.hpp>

#endif
