// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_HANDLER_CONTEXTS_HPP
#define BOOST_IPQ_DETAIL_REQUEST_HANDLER_CONTEXTS_HPP

// The execution contexts to which the handlers of a client or a server belong.
// A context may be destroyed first: then nothing may be posted to it, and the
// handlers that wait are destroyed without being called, as Asio does.

#include <boost_ipq/detail/async/service.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/system_executor.hpp>
#include <algorithm>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace boost_ipq {
namespace detail {

// Null: the context lives as long as the program, or the executor has none.
template <class Executor>
boost::asio::execution_context* context_to_watch(const Executor& executor)
{
    namespace asio = boost::asio;
    if constexpr (std::is_same<Executor, asio::system_executor>::value)
        return nullptr;
    else if constexpr (
        !asio::execution::is_executor<Executor>::value ||
        asio::can_query<const Executor&, asio::execution::context_t>::value)
        return &context_of(executor);
    else
        return nullptr;
}

// Owner::discard(context) destroys the handlers of that context.
template <class Owner>
class handler_contexts
{
public:
    void watch(
        boost::asio::execution_context* context,
        const std::shared_ptr<Owner>& owner)
    {
        if (!context)
            return;
        const std::lock_guard<std::mutex> guard(m_mutex);
        for (const auto& known : m_links)
            if (known->context == context)
                return;
        const auto added = std::make_shared<link>(*context, owner);
        // First: a link that is known is one that the context knows.
        boost::asio::use_service<async_service>(*context).add(added);
        m_links.push_back(added);
    }

    // A new context may have the same address.
    void forget(const boost::asio::execution_context& context) noexcept
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_links.erase(
            std::remove_if(
                m_links.begin(), m_links.end(),
                [&](const auto& each) { return each->context == &context; }),
            m_links.end());
    }

private:
    struct link final : service_client
    {
        link(
            boost::asio::execution_context& watched,
            const std::shared_ptr<Owner>& owner)
            : context(&watched),
              m_owner(owner)
        {
        }

        link(const link&) = delete;
        link& operator=(const link&) = delete;

        void shutdown() noexcept override
        {
            if (const auto owner = m_owner.lock())
                owner->discard(*context);
        }

        void pause() noexcept override {}
        void resume() override {}

        boost::asio::execution_context* const context;

    private:
        const std::weak_ptr<Owner> m_owner;
    };

    std::mutex m_mutex{};
    std::vector<std::shared_ptr<link>> m_links{};
};

} // namespace detail
} // namespace boost_ipq

#endif
