// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_INITIATION_HPP
#define BOOST_IPQ_DETAIL_ASYNC_INITIATION_HPP

// Starts an operation when its completion token asks for it.

#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/async/queue_impl.hpp>
#include <boost_ipq/detail/platform/cancellation_slot.hpp>
#include <boost_ipq/error.hpp>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

// Asio may copy and store it: a lazy token starts the operation later, when the
// I/O object may be closed.
template <class Side, class Executor>
class initiation
{
    using queue = queue_impl<Side>;

public:
    using executor_type = Executor;

    initiation(const Executor& executor, const std::shared_ptr<queue>& opened)
        : m_executor(executor),
          m_queue(opened)
    {
    }

    executor_type get_executor() const noexcept { return m_executor; }

    template <class Handler, class Task>
    void operator()(Handler&& handler, Task&& task) const
    {
        using operation = async_operation_of<
            typename Side::ring_type, std::decay_t<Task>, std::decay_t<Handler>,
            Executor>;
        auto started = operation::make(
            std::forward<Task>(task), std::forward<Handler>(handler),
            m_executor);
        if (!m_queue)
        {
            started->fail(errc::closed);
            return queue::operation::post(std::move(started));
        }
        const auto id = m_queue->next_id();
        started->id(id);
        platform::connect_cancellation(
            static_cast<operation&>(*started).handler(),
            [weak = std::weak_ptr<queue>(m_queue), id] {
                if (const auto open = weak.lock())
                    open->cancel(id);
            });
        m_queue->start(std::move(started));
    }

private:
    Executor m_executor;
    std::shared_ptr<queue> m_queue;
};

} // namespace detail
} // namespace boost_ipq

#endif
