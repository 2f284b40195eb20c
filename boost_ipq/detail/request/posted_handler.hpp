// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_POSTED_HANDLER_HPP
#define BOOST_IPQ_DETAIL_REQUEST_POSTED_HANDLER_HPP

// A handler that is called later, in its associated executor.
//
// The handler is a part of an operation, and may own the client or the server
// that posts it, with a mutex held. Moving a handler may leave a copy behind.
// So the posted function owns the whole operation: nothing of it is destroyed
// by the thread that posts.

#include <boost_ipq/detail/request/handler_contexts.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Handler, class Result>
class posted_handler
{
    using executor = boost::asio::associated_executor_t<
        Handler, boost::asio::system_executor>;

public:
    explicit posted_handler(Handler&& handler)
        : m_handler(std::move(handler)),
          m_work(boost::asio::get_associated_executor(
              m_handler, boost::asio::system_executor()))
    {
    }

    const Handler& handler() const noexcept { return m_handler; }

    // See context_to_watch().
    boost::asio::execution_context* context() const
    {
        return context_to_watch(m_work.get_executor());
    }

    // Called once. `owner` is the operation, which this is a part of. It may be
    // gone when this returns.
    template <class Owner>
    void post(
        std::unique_ptr<Owner> owner, const boost::system::error_code& error,
        Result&& result)
    {
        const auto where = m_work.get_executor();
        boost::asio::post(
            where, [this, owner = std::move(owner), error,
                    result = std::move(result)]() mutable {
                const auto work = std::move(m_work);
                Handler handler = std::move(m_handler);
                owner.reset(); // as Asio does: before the handler runs
                std::move(handler)(error, std::move(result));
            });
    }

private:
    Handler m_handler;
    boost::asio::executor_work_guard<executor> m_work;
};

} // namespace detail
} // namespace boost_ipq

#endif
