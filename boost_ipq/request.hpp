// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEST_HPP
#define BOOST_IPQ_REQUEST_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Requests and answers between processes.

#include <boost_ipq/request_client.hpp>
#include <boost_ipq/request_server.hpp>

#endif
