// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_BROADCAST_RUN_HPP
#define BOOST_IPQ_DETAIL_HANDLE_BROADCAST_RUN_HPP

// How consume_all() of a broadcast takes several messages at once.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/scope_exit.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/cursor_handle.hpp>
#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace boost_ipq {
namespace detail {

// The function that reads the messages may close the handle.
struct broadcast_run
{
    held_run held;
    std::shared_ptr<broadcast_cursor> reader{};
};

// Holds several messages, oldest first.
struct holding_run
{
    broadcast_run& run;

    static constexpr bool quiet = true;

    status operator()(cursor_handle& ring, give_up_condition give_up) const
    {
        const status held = ring.try_hold_run(run.held, give_up);
        if (held == status::done)
            run.reader = ring.reader();
        return held;
    }

    static std::string text(status, std::size_t) { return {}; }
};

// The messages of a run, one after the other. If an exception ends it, that
// message and those behind it are given back.
class broadcast_batch
{
public:
    broadcast_batch(attachment&, broadcast_run& run) noexcept
        : m_reader(*run.reader),
          m_run(run.held),
          m_at(run.held.begin)
    {
    }

    broadcast_batch(const broadcast_batch&) = delete;
    broadcast_batch& operator=(const broadcast_batch&) = delete;

    ~broadcast_batch() { m_reader.finish(m_run, m_at); }

    // Returns status::done if there may be more messages, else would_block.
    template <class Function>
    status consume(Function& f, std::size_t& count)
    {
        // Local copies: the compiler knows that neither a store nor `f` changes
        // them.
        const ring_view& ring = m_reader.ring();
        std::byte* const data = ring.data;
        const std::size_t alignment = ring.alignment;
        const std::uint32_t* const lengths = m_run.lengths;
        const std::uint32_t records = m_run.count;
        const incarnation owner = m_run.owner;
        const std::size_t step =
            (std::max)(run_step, ring.capacity / run_steps);
        std::size_t at = m_at.offset();
        std::size_t given = at; // up to there publishers can use the room
        std::uint32_t done = 0;
        const auto remember = [&] {
            m_at = ring.wrapped(m_run.end.count() - records + done, at);
            count += done;
        };
        const scope_exit<decltype(remember)> remembering{remember};
        while (done != records)
        {
            const std::size_t length = lengths[done];
            f(static_cast<const void*>(data + at + unit), length);
            if (ring.self() != owner)
                return status::would_block; // `f` forked, this is the child
            at += span_of(length, alignment);
            ++done;
            if (BOOST_IPQ_DETAIL_UNLIKELY(at - given >= step) &&
                done != records)
            {
                m_reader.advance(
                    m_run, position(m_run.end.count() - records + done, at));
                given = at;
            }
        }
        return m_run.last ? status::would_block : status::done;
    }

private:
    cursor_reader& m_reader;
    held_run& m_run;
    position m_at;
};

} // namespace detail
} // namespace boost_ipq

#endif
