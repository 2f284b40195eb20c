// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The valid counterpart of send_buffers_fail: each buffer is a message.

#include <boost_ipq/publisher.hpp>
#include <boost/asio/buffer.hpp>
#include <array>

void send(
    boost_ipq::publisher& out,
    const std::array<boost::asio::const_buffer, 2>& buffers)
{
    out.enqueue(buffers.front());
    out.try_enqueue_all(buffers.begin(), buffers.end());
}
