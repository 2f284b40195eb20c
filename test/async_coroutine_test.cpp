// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// yield_context: stackful coroutines, which need Boost's compiled libraries.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/asio.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/version.hpp>
#include <exception>
#include <string>

namespace asio = boost::asio;

namespace {

// From Boost 1.80 on, spawn() takes a completion token. In earlier versions,
// io.run() throws an exception that leaves the coroutine.
template <class Function>
void spawn(asio::io_context& io, const Function& function)
{
#if BOOST_VERSION < 108000
    asio::spawn(io, function);
#else
    asio::spawn(io, function, [](const std::exception_ptr& failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
#endif
}

} // namespace

BOOST_AUTO_TEST_CASE(yield_context)
{
    const test::scoped_queue queue;
    asio::io_context io;
    boost_ipq::async_subscriber in(
        io, boost_ipq::create_only, queue.options(64));
    boost_ipq::async_publisher out(io, boost_ipq::open_only, queue);
    unsigned received = 0;
    const auto receive = [&](asio::yield_context yield) {
        for (unsigned i = 0; i < 500; ++i)
        {
            std::string text;
            const auto size =
                in.async_dequeue(asio::dynamic_buffer(text), yield);
            received += text == std::to_string(i) && size == text.size();
        }
        boost::system::error_code ec;
        char none[1];
        BOOST_TEST(in.async_dequeue(asio::buffer(none), yield[ec]) == 2u);
        BOOST_TEST(ec == test::code(boost_ipq::errc::buffer_too_small));
    };
    const auto send = [&](asio::yield_context yield) {
        for (unsigned i = 0; i < 500; ++i)
            out.async_enqueue(asio::buffer(std::to_string(i)), yield);
        out.async_enqueue(asio::buffer("ab", 2), yield);
    };
    spawn(io, receive);
    spawn(io, send);
    io.run();
    BOOST_TEST(received == 500u);
}
