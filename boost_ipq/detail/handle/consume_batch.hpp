// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_CONSUME_BATCH_HPP
#define BOOST_IPQ_DETAIL_HANDLE_CONSUME_BATCH_HPP

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/scope_exit.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/ring/claimed_run.hpp>
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/settle.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// A run of records that were claimed together. Each is acknowledged as soon as
// it is consumed, so after a death only the others are delivered again. Their
// space is freed together. If an exception ends the run, the remaining records
// are given back to be delivered again.
class consume_batch
{
public:
    consume_batch(attachment& queue, const claimed_run& run) noexcept
        : m_queue(queue),
          m_end(queue.ring()),
          m_run(run),
          m_at(run.begin.offset())
    {
    }

    consume_batch(const consume_batch&) = delete;
    consume_batch& operator=(const consume_batch&) = delete;

    ~consume_batch()
    {
        // A forked child does not own what its parent claimed.
        if (m_end.ring().self() != m_run.owner)
            return;
        const ring_view& ring = m_end.ring();
        m_end.try_free_run(
            m_run.begin, ring.wrapped(m_run.begin.count() + m_done, m_at));
        for (std::uint32_t i = m_done; i != m_run.count; ++i)
        {
            const claim held = {m_at, header(i)};
            // The function ended with an exception in the first of them.
            if (i != m_done)
                take_back(ring, held);
            else if (ring.lead != 0)
                give_back_or_move(ring, held);
            else
                give_back(ring, held);
            m_at += ring.span(m_run.lengths[i]);
        }
        m_queue.room().notify_all();
        m_queue.messages().notify(m_run.count - m_done);
    }

    // Returns status::done if there may be more messages, else would_block.
    template <class Function>
    status consume(Function& f, std::size_t& count)
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_end.ring().lead != 0))
            return consume_counted(f, count);
        // Local copies: the compiler knows that neither a store nor `f` changes
        // them.
        std::byte* const data = m_end.ring().data;
        const std::size_t alignment = m_end.ring().alignment;
        const std::uint32_t* const lengths = m_run.lengths;
        const std::uint32_t records = m_run.count;
        const incarnation owner = m_run.owner;
        std::size_t at = m_at;
        std::uint32_t done = 0;
        const auto remember = [&] {
            m_at = at;
            m_done = done;
            count += done;
        };
        const scope_exit<decltype(remember)> remembering{remember};
        for (; done != records; ++done)
        {
            const std::size_t length = lengths[done];
            f(static_cast<const void*>(data + at + unit), length);
            if (m_end.ring().self() != owner)
                return status::would_block; // `f` forked, and this is the child
            // release: as in settle()
            header_at(data, at).store(
                record_header(record_state::consumed, owner, length).word(),
                std::memory_order_release);
            at += span_of(length, alignment);
        }
        return m_run.last ? status::would_block : status::done;
    }

private:
    // Each message counts as delivered when `f` is called with it.
    template <class Function>
    status consume_counted(Function& f, std::size_t& count)
    {
        const ring_view& ring = m_end.ring();
        for (; m_done != m_run.count; ++m_done, ++count)
        {
            const claim held = {m_at, header(m_done)};
            if (lacks_delivery_word(ring, held.header))
                return status::corrupt;
            count_delivery(ring, m_at);
            f(static_cast<const void*>(ring.message(m_at)),
              ring.message_size(held.header));
            if (ring.self() != m_run.owner)
                return status::would_block; // `f` forked, and this is the child
            acknowledge(ring, held);
            m_at += ring.span(m_run.lengths[m_done]);
        }
        return m_run.last ? status::would_block : status::done;
    }

    record_header header(std::uint32_t number) const noexcept
    {
        return record_header(
            record_state::claimed, m_run.owner, m_run.lengths[number]);
    }

    attachment& m_queue;
    read_end m_end;
    const claimed_run& m_run;
    std::size_t m_at; // offset of the first record that is not consumed
    std::uint32_t m_done = 0;
};

// How consume_all() takes several messages at once. A broadcast has its own
// way.
template <class Storage>
struct runs_in
{
    using run = claimed_run;
    using attempt = claiming_run;
    using batch = consume_batch;
};

} // namespace detail
} // namespace boost_ipq

#endif
