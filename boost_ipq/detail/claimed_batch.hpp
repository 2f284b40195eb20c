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

// A run of records that were claimed together. Each is acknowledged when it is
// consumed, so that a death delivers again only what was not; their space is
// given back together. What was not consumed, because of an exception, is left
// to others.
class claimed_batch
{
public:
    static constexpr std::size_t most = 32;

    claimed_batch(attachment& queue, const claimed_run& run) noexcept
        : m_queue(queue),
          m_tail(queue.side<ring_tail>()),
          m_run(run),
          m_begin(run.begin)
    {
    }

    claimed_batch(const claimed_batch&) = delete;
    claimed_batch& operator=(const claimed_batch&) = delete;

    ~claimed_batch()
    {
        if (!is_ours())
            return;
        m_tail.try_free_run(m_begin, m_run.begin);
        std::size_t rest = 0;
        for (record_header header; front(m_queue.ring(), header); ++rest)
        {
            m_tail.give_back(m_run.begin.offset(), header);
            m_run.begin = m_queue.ring().behind(m_run.begin, header);
        }
        m_queue.room().notify_all();
        m_queue.messages().notify(rest);
    }

    template <class Function>
    status consume(Function& f, std::size_t& count)
    {
        const ring_view ring =
            m_queue.ring(); // a copy, which `f` cannot change
        for (record_header header; front(ring, header); ++count)
        {
            f(static_cast<const void*>(ring.body(m_run.begin.offset())),
              header.length());
            if (!m_tail.settle(
                    m_run.begin.offset(), header, record_state::consumed))
                return status::not_now; // `f` forked, and this is the child
            m_run.begin = ring.behind(m_run.begin, header);
        }
        return m_run.begin == m_run.end ? status::done : status::corrupt;
    }

private:
    // A forked child does not own what its parent claimed.
    bool is_ours() const noexcept { return m_tail.self() == m_run.owner; }

    // The header of the first record that is left. False: there is none, or it
    // is damaged.
    BOOST_FORCEINLINE bool
    front(const ring_view& ring, record_header& header) const noexcept
    {
        if (m_run.begin == m_run.end || !ring.holds(m_run.begin))
            return false;
        // Relaxed: it is our own.
        header = record_header(
            ring.header(m_run.begin).load(std::memory_order_relaxed));
        return header.state() == record_state::claimed &&
               ring.holds(m_run.begin, header);
    }

    attachment& m_queue;
    ring_tail m_tail;
    claimed_run m_run;
    const position m_begin;
};

} // namespace detail
} // namespace boost_ipq

#endif
