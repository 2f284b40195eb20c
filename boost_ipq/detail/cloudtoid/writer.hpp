// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_WRITER_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_WRITER_HPP

// The publishers' end of a queue of cloudtoid/interprocess.

#include <boost_ipq/detail/cloudtoid/queue.hpp>
#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost/config.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

class writer
{
public:
    // Joins the queue and takes a slot. Throws.
    writer(const platform::cloudtoid_place& place, std::size_t capacity);
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer();

    bool is_empty() const noexcept { return m_queue.is_empty(); }
    std::size_t capacity() const noexcept { return m_queue.capacity(); }
    std::size_t max_length() const noexcept
    {
        return cloudtoid::max_length(m_queue.capacity());
    }

    BOOST_FORCEINLINE status
    try_publish(const void* data, std::size_t size, give_up_condition) noexcept
    {
        return try_send(data, size);
    }

    // Sends as many messages as fit, each of them by itself.
    template <class Iterator>
    status try_publish_all(
        Iterator first, Iterator last, std::size_t& sent, give_up_condition)
    {
        sent = 0;
        for (Iterator i = first; i != last; ++i)
        {
            auto&& range = *i;
            const byte_view message(range);
            if (!message.valid())
                return status::invalid;
            if (message.size > max_length())
                return status::too_large;
        }
        if (!m_queue.is_attached())
            return status::detached;
        status result = status::would_block;
        {
            const admission call(*this);
            if (call)
                result = send_each(first, last, sent);
        }
        if (sent != 0)
            m_queue.notify_after_call();
        // A later call reports what went wrong after messages were sent.
        return sent != 0 ? status::done : result;
    }

    // A queue that is full does not change while it is.
    static constexpr bool held_up() noexcept { return false; }

    // No subscriber tells when there is room.
    class pauses
    {
    public:
        explicit pauses(writer&) noexcept {}
        void wait(std::chrono::nanoseconds) noexcept { m_backoff.wait(); }

    private:
        backoff m_backoff{};
    };

private:
    // Shows that a call is in progress. Recovery zeroes records that nothing
    // fills any more, so it first closes the gate, then looks for calls.
    class admission
    {
    public:
        explicit admission(writer& w) noexcept : m_calls(*w.m_calls)
        {
            // seq_cst: pairs with closing the gate: recovery sees the call, or
            // the call sees the closed gate.
            m_calls.fetch_add(1, std::memory_order_seq_cst);
            m_open = w.m_queue.gate().load(std::memory_order_seq_cst) == 0;
        }

        // release: what the call has written comes before
        ~admission() { m_calls.fetch_sub(1, std::memory_order_release); }

        admission(const admission&) = delete;
        admission& operator=(const admission&) = delete;
        explicit operator bool() const noexcept { return m_open; }

    private:
        std::atomic<std::int32_t>& m_calls;
        bool m_open{};
    };

    template <class Iterator>
    status send_each(Iterator first, Iterator last, std::size_t& sent)
    {
        for (; first != last; ++first)
        {
            auto&& range = *first;
            const byte_view message(range);
            bool is_first = false;
            const status result =
                send_admitted(message.data, message.size, is_first);
            if (result != status::done)
                return result;
            ++sent;
            if (!is_first)
                m_queue.notify_early();
        }
        return status::done;
    }

    status try_send(const void* data, std::size_t size) noexcept;
    status
    send_admitted(const void* data, std::size_t size, bool& is_first) noexcept;
    status
    reserve(std::int64_t span, std::int64_t& position, bool& is_first) noexcept;
    void take_slot(const std::string& name);

    queue m_queue;
    std::atomic<std::int64_t>* m_owner = nullptr;
    std::atomic<std::int32_t>* m_calls = nullptr;
    burst_backoff m_burst{};
    std::atomic<std::uint32_t> m_sent{0}; // messages
};

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/cloudtoid/writer.ipp>
#endif

#endif
