// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_SERVICE_HPP
#define BOOST_IPQ_DETAIL_ASYNC_SERVICE_HPP

// Knows the queues of an execution context's I/O objects, which share a thread
// (waiter.hpp). When the context is destroyed, it ends the thread and destroys
// their handlers. It pauses the thread during a fork.

#include <boost_ipq/detail/async/waiter.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

class service_client
{
public:
    virtual void shutdown() noexcept = 0;
    virtual void pause() noexcept = 0;
    virtual void resume() = 0;

protected:
    ~service_client() = default;
};

class async_service final : public boost::asio::execution_context::service
{
public:
    using key_type = async_service;
    inline static boost::asio::execution_context::id id;

    explicit async_service(boost::asio::execution_context& context)
        : boost::asio::execution_context::service(context)
    {
    }

    // The thread of the context's objects.
    const std::shared_ptr<async_waiter>& waiter() const noexcept
    {
        return m_waiter;
    }

    void add(const std::shared_ptr<service_client>& client)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        m_clients.erase(
            std::remove_if(
                m_clients.begin(), m_clients.end(),
                [](const auto& old) { return old.expired(); }),
            m_clients.end());
        m_clients.push_back(client);
    }

private:
    // A copy, to be used without the lock: see shutdown().
    std::vector<std::shared_ptr<service_client>> clients()
    {
        std::vector<std::shared_ptr<service_client>> result;
        std::lock_guard<std::mutex> guard(m_mutex);
        for (const auto& client : m_clients)
            if (auto alive = client.lock())
                result.push_back(std::move(alive));
        return result;
    }

    void shutdown() override
    {
        // Without the lock: destroying a handler may destroy an I/O object that
        // the handler owns. Without memory: this must not fail.
        while (const auto client = take_client())
            client->shutdown();
    }

    // Null: there is none left.
    std::shared_ptr<service_client> take_client() noexcept
    {
        std::shared_ptr<service_client> result;
        const std::lock_guard<std::mutex> guard(m_mutex);
        while (!result && !m_clients.empty())
        {
            result = m_clients.back().lock();
            m_clients.pop_back();
        }
        return result;
    }

    void notify_fork(boost::asio::execution_context::fork_event event) override
    {
        for (const auto& client : clients())
            if (event == boost::asio::execution_context::fork_prepare)
                client->pause();
            else
                client->resume();
    }

    // Objects may outlive the context.
    const std::shared_ptr<async_waiter> m_waiter =
        std::make_shared<async_waiter>();
    std::mutex m_mutex{};
    std::vector<std::weak_ptr<service_client>> m_clients{};
};

template <class Executor>
boost::asio::execution_context& context_of(const Executor& executor)
{
    if constexpr (boost::asio::execution::is_executor<Executor>::value)
        return boost::asio::query(executor, boost::asio::execution::context);
    else
        return executor.context();
}

} // namespace detail
} // namespace boost_ipq

#endif
