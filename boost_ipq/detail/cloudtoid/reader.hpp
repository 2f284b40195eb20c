// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_READER_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_READER_HPP

// The subscribers' end of a queue of cloudtoid/interprocess.
//
// Subscribers share a lock, the word `reader`. A subscriber that finds it held
// asks now and then whether its owner is dead, and recovers it then.
//
// A subscriber that dies before it marks the record `claimed` has taken
// nothing: the message is still in the queue. Only then it makes the record
// zero, the header last. So the length of a claimed record is right, and the
// next subscriber completes the removal. (Other implementations mark the record
// before they copy, and drop all records up to the position at that time.)

#include <boost_ipq/detail/cloudtoid/queue.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/core/scope_exit.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

class reader
{
public:
    // Joins the queue. Throws.
    reader(const platform::cloudtoid_place& place, std::size_t capacity);

    bool is_empty() const noexcept { return m_queue.is_empty(); }
    std::size_t capacity() const noexcept { return m_queue.capacity(); }
    std::size_t max_length() const noexcept
    {
        return cloudtoid::max_length(m_queue.capacity());
    }

    // Copies the oldest message to a target, and takes it; see
    // handle/copy_targets.hpp.
    template <class Target>
    status try_take(Target& target, give_up_condition)
    {
        oldest record;
        const status entered = enter(record);
        if (entered != status::done)
            return entered;
        const auto unlock = [this] { release(); };
        const scope_exit<decltype(unlock)> guard{unlock};
        if (!target.fits(record.length))
            return status::declined;
        const queue::parts body = m_queue.body_at(record.at, record.length);
        if (BOOST_IPQ_DETAIL_LIKELY(body.first_size == record.length))
            target.take(body.first, record.length);
        else
            target.take(body.first, body.first_size, body.rest, record.length);
        remove(record);
        return status::done;
    }

    // There is a message, and another subscriber, or a publisher, is in a call.
    bool held_up() const noexcept { return !m_queue.is_empty(); }

    // Between two looks, a subscriber waits for a post. No post may come: a
    // publisher may have died before it posted.
    class pauses
    {
    public:
        explicit pauses(reader& r) noexcept : m_queue(r.m_queue) {}

        // The post that this thread took may be needed by another.
        ~pauses()
        {
            if (m_took && !m_queue.is_empty())
                m_queue.notify();
        }

        pauses(const pauses&) = delete;
        pauses& operator=(const pauses&) = delete;

        void wait(std::chrono::nanoseconds longest)
        {
            if (m_queue.wait_for((std::min)(
                    longest, std::chrono::nanoseconds(max_cloudtoid_sleep))))
                m_took = true;
        }

    private:
        queue& m_queue;
        bool m_took = false;
    };

private:
    using clock = std::chrono::steady_clock;

    struct oldest
    {
        std::int64_t position;
        std::size_t at;     // offset of the position
        std::size_t length; // of the body, in bytes
    };

    // A record that was not ready when this subscriber looked at it.
    struct unready
    {
        std::int64_t position = -1;
        std::int64_t tail = 0; // position after the last record at that time
        clock::time_point since{};
    };

    status enter(oldest& record);
    bool acquire();
    bool is_refilled();
    status find(oldest& record);
    bool read_length(oldest& record, std::int64_t write) const noexcept;
    void remove(const oldest& record) noexcept;
    bool recover(std::int64_t owner);
    status wait_for_writer(std::int64_t read, std::int64_t write);
    bool any_call() const;

    void release() noexcept
    {
        // release: pairs with acquire() of the next subscriber
        m_queue.header().reader.store(0, std::memory_order_release);
    }

    queue m_queue;
    unready m_unready{}; // belongs to the owner of the lock
    rate_limiter m_probes;
    burst_backoff m_burst{};
    // Messages; hints, see is_refilled().
    std::atomic<std::uint32_t> m_taken{0}, m_taken_before{0};
};

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/cloudtoid/reader.ipp>
#endif

#endif
