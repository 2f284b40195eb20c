// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SUBSCRIBER_HPP
#define BOOST_IPQ_SUBSCRIBER_HPP

//! Taking messages out of queues, and what concerns queues as such: options,
//! removal, inspection, the factory.

#include <boost_ipq/basic_subscriber.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/queue_factory.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>

#endif
