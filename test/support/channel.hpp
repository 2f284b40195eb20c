// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_CHANNEL_HPP
#define BOOST_IPQ_TEST_CHANNEL_HPP

// Lines of text between a process and its child.

#if defined(_WIN32)
#include "windows/channel.hpp"
#else
#include "posix/channel.hpp"
#endif

#endif
