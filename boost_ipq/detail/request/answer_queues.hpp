// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_ANSWER_QUEUES_HPP
#define BOOST_IPQ_DETAIL_REQUEST_ANSWER_QUEUES_HPP

// The queues for answers that a server has opened, one for each client.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/handle_access.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace boost_ipq {
namespace detail {

// A stop token. Not try_enqueue(): a stopped process may hold the ring's lock.
struct over_at_once
{
    static bool stop_requested() noexcept { return true; }
};

template <class Storage>
class answer_queue
{
    using publisher_type = basic_publisher<std::allocator<std::byte>, Storage>;

public:
    explicit answer_queue(const queue_options& options)
        : m_options(options),
          m_queue(open_only, options)
    {
    }

    bool is_removed() const noexcept { return m_queue.removed(); }

    // Has the client left, or died?
    bool is_abandoned() const noexcept
    {
        return m_queue.removed() ||
               !handle_access::queue(m_queue)->any_alive(subscribers_in);
    }

    // Returns whether the client has, or will have, the message. A client that
    // does not read its answers for that long does not get this one.
    bool send(const void* data, std::size_t size)
    {
        using clock = std::chrono::steady_clock;
        // Usually there is room, and the clock need not be read.
        boost::system::error_code tried;
        if (m_queue.enqueue(data, size, over_at_once(), tried))
        {
            m_slow.store(false, std::memory_order_relaxed);
            return true;
        }
        // A client that was too slow before is not waited for again.
        auto until = clock::now();
        if (!m_slow.load(std::memory_order_relaxed))
            until += answer_wait;
        boost::system::error_code ec;
        while (!m_queue.timed_enqueue(
            data, size,
            (std::min<
                std::chrono::
                    nanoseconds>)(server_check_interval, until - clock::now()),
            ec))
        {
            if (ec == errc::message_too_large)
                throw_error(
                    ec, "the answer, in the queue '" + m_options.name() +
                            "' for the answers to its client");
            if (ec || is_abandoned())
                return false;
            if (clock::now() >= until)
            {
                m_slow.store(true, std::memory_order_relaxed);
                return false;
            }
        }
        m_slow.store(false, std::memory_order_relaxed);
        return true;
    }

private:
    const queue_options m_options;
    publisher_type m_queue;
    std::atomic<bool> m_slow{false};
};

template <class Storage>
class answer_queues
{
public:
    using pointer = std::shared_ptr<answer_queue<Storage>>;

    explicit answer_queues(const queue_options& requests) : m_requests(requests)
    {
    }

    // Null: the client has left.
    pointer of(std::uint64_t client)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        const auto known = m_queues.find(client);
        if (known != m_queues.end() && !known->second->is_removed())
            return known->second;
        forget_abandoned();
        pointer result = opened(client);
        if (result)
            m_queues[client] = result;
        return result;
    }

private:
    pointer opened(std::uint64_t client) const
    {
        try
        {
            return std::make_shared<answer_queue<Storage>>(
                answers_of(m_requests, client));
        }
        catch (const error&)
        {
            // It is gone, or the client did not let this process in.
            return nullptr;
        }
    }

    // The last one that has a dead client's queue open removes it.
    void forget_abandoned()
    {
        for (auto i = m_queues.begin(); i != m_queues.end();)
            i = i->second->is_abandoned() ? m_queues.erase(i) : std::next(i);
    }

    const queue_options m_requests;
    std::mutex m_mutex{};
    std::map<std::uint64_t, pointer> m_queues{};
};

} // namespace detail
} // namespace boost_ipq

#endif
