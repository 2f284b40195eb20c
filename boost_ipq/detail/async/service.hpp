// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_SERVICE_HPP
#define BOOST_IPQ_DETAIL_ASYNC_SERVICE_HPP

// Knows the I/O objects of an execution context: when that is destroyed, their
// threads end and their handlers are destroyed; over a fork, they pause.

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace boost_ipq {
namespace detail {

class async_member
{
public:
    virtual void shutdown() noexcept = 0;
    virtual void pause() noexcept = 0;
    virtual void resume() = 0;

protected:
    ~async_member() = default;
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

    void add(const std::shared_ptr<async_member>& member)
    {
        std::lock_guard<std::mutex> guard(m_mutex);
        m_members.erase(
            std::remove_if(
                m_members.begin(), m_members.end(),
                [](const auto& old) { return old.expired(); }),
            m_members.end());
        m_members.push_back(member);
    }

private:
    // Not under the lock: a handler that is destroyed may own an I/O object.
    std::vector<std::shared_ptr<async_member>> members()
    {
        std::vector<std::shared_ptr<async_member>> result;
        std::lock_guard<std::mutex> guard(m_mutex);
        for (const auto& member : m_members)
            if (auto alive = member.lock())
                result.push_back(std::move(alive));
        return result;
    }

    void shutdown() override
    {
        for (const auto& member : members())
            member->shutdown();
    }

    void notify_fork(boost::asio::execution_context::fork_event event) override
    {
        for (const auto& member : members())
            if (event == boost::asio::execution_context::fork_prepare)
                member->pause();
            else
                member->resume();
    }

    std::mutex m_mutex;
    std::vector<std::weak_ptr<async_member>> m_members;
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
