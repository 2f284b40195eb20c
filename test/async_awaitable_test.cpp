// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// use_awaitable: C++20 coroutines.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/asio.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

namespace asio = boost::asio;

namespace {

constexpr unsigned messages = 500;

asio::awaitable<void> send(boost_ipq::async_publisher& out)
{
    for (unsigned i = 0; i < messages; ++i)
    {
        const std::string text = std::to_string(i);
        co_await out.async_enqueue(asio::buffer(text), asio::use_awaitable);
    }
}

asio::awaitable<void>
receive(boost_ipq::async_subscriber& in, unsigned& received)
{
    for (unsigned i = 0; i < messages; ++i)
    {
        std::string text;
        const auto size = co_await in.async_dequeue(
            asio::dynamic_buffer(text), asio::use_awaitable);
        received += text == std::to_string(i) && size == text.size();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(awaitable)
{
    const test::scoped_queue queue;
    asio::io_context io;
    boost_ipq::async_subscriber in(
        io, boost_ipq::create_only, queue.options(64));
    boost_ipq::async_publisher out(io, boost_ipq::open_only, queue);
    unsigned received = 0;
    asio::co_spawn(io, receive(in, received), asio::detached);
    asio::co_spawn(io, send(out), asio::detached);
    io.run();
    BOOST_TEST(received == messages);
}

#else

BOOST_AUTO_TEST_CASE(awaitable)
{
    test::skip("needs C++20");
    BOOST_TEST(true);
}

#endif
