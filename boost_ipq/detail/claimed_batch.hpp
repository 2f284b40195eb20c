// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLAIMED_BATCH_HPP
#define BOOST_IPQ_DETAIL_CLAIMED_BATCH_HPP

#include <boost_ipq/detail/attachment.hpp>
#include <boost_ipq/detail/ring_subscriber.hpp>
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

    claimed_batch(
        attachment& queue, const claim* held, std::size_t size) noexcept
        : m_queue(queue),
          m_side(queue.side<ring_subscriber>()),
          m_held(held),
          m_size(size)
    {
    }

    claimed_batch(const claimed_batch&) = delete;
    claimed_batch& operator=(const claimed_batch&) = delete;

    ~claimed_batch()
    {
        if (m_done != 0)
            m_side.free_settled();
        for (std::size_t i = m_done; i != m_size; ++i)
            m_side.give_back(m_held[i]);
        if (m_done != 0)
            m_queue.room().notify_all();
        m_queue.messages().notify(m_size - m_done);
    }

    template <class Function>
    void consume(Function& f, std::size_t& count)
    {
        for (; m_done != m_size; ++m_done, ++count)
        {
            const claim& one = m_held[m_done];
            f(static_cast<const void*>(m_side.body(one)), one.header.length());
            m_side.acknowledge_early(one);
        }
    }

private:
    attachment& m_queue;
    ring_subscriber m_side;
    const claim* m_held;
    std::size_t m_size, m_done = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
