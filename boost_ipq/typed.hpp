// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_HPP
#define BOOST_IPQ_TYPED_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Handles that send and receive objects instead of bytes.

#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/type_name.hpp>
#include <boost_ipq/typed_publisher.hpp>
#include <boost_ipq/typed_subscriber.hpp>
// At the end: it includes this header.
#include <boost_ipq/typed_broadcast.hpp>

#endif
