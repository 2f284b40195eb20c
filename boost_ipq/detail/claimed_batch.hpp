// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLAIMED_BATCH_HPP
#define BOOST_IPQ_DETAIL_CLAIMED_BATCH_HPP

#include <boost_ipq/detail/attachment.hpp>
#include <boost_ipq/detail/ring_subscriber.hpp>
#include <boost_ipq/detail/status.hpp>
#include <cstddef>

namespace boost_ipq {
namespace detail {

// Records that were claimed together. Each is acknowledged when it is consumed,
// so that a death delivers again only what was not; their space is given back
// together. What was not consumed, because of an exception, is left to others.
class claimed_batch
{
public:
    static constexpr std::size_t most = 32;

    claimed_batch(attachment& queue, const claimed_run& run) noexcept
        : m_queue(queue),
          m_side(queue.side<ring_subscriber>()),
          m_run(run),
          m_begin(run.begin)
    {
    }

    claimed_batch(const claimed_batch&) = delete;
    claimed_batch& operator=(const claimed_batch&) = delete;

    ~claimed_batch()
    {
        const std::size_t rest = m_side.leave_run(m_run, m_begin);
        m_queue.room().notify_all();
        m_queue.messages().notify(rest);
    }

    template <class Function>
    status consume(Function& f, std::size_t& count)
    {
        for (record_header header; m_side.front(m_run, header); ++count)
        {
            f(static_cast<const void*>(m_side.body(m_run)), header.length());
            m_side.acknowledge_front(m_run, header);
        }
        if (!m_side.owns(m_run))
            return status::not_now; // `f` forked, and this is the child
        return m_run.begin == m_run.end ? status::done : status::corrupt;
    }

private:
    attachment& m_queue;
    ring_subscriber m_side;
    claimed_run m_run;
    const position m_begin;
};

} // namespace detail
} // namespace boost_ipq

#endif
