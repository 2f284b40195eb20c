// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_SPANS_HPP
#define BOOST_IPQ_DETAIL_RING_SPANS_HPP

// One record that a process holds keeps the space of all records after it in
// use. There may be millions of them. So finished records between `free` and
// `read` become one, a span: a walk visits what is held, and about as many
// spans. All functions are called with the subscribers' lock held.
//
// One store makes a span: that of its header, over the header of its first
// record. The headers after it stay, so every position where a record began
// still leads to the end of the span. A record that is held is never merged:
// its owner settles it without the lock. Padding at the end of the buffer is
// not merged either: it does not count as used.
//
// `subscriber_line::span` is the record where merging goes on. It is 0, or it
// lies behind `free` and in front of `read`, and no span has it inside. For
// that, it is stored before the header of a span that begins there, and it is
// cleared before `free` reaches it. So it is 0 when nothing is held, and the
// calls that find nothing held need not look at it.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Of records in front of `read`: has it been delivered for the last time?
constexpr bool is_finished(record_state state) noexcept
{
    return state == record_state::committed ||
           state == record_state::consumed ||
           state == record_state::abandoned || state == record_state::padding ||
           state == record_state::span;
}

class spans
{
public:
    explicit spans(const ring_view& ring) noexcept
        : m_ring(ring),
          m_line(ring.control->subscribers),
          m_free(m_line.free.load(std::memory_order_relaxed)),
          m_read(m_line.read.load(std::memory_order_relaxed))
    {
    }

    // Merges what was finished since the last call. For that it looks at a few
    // records, and at the next ones in the next call. So everything is merged
    // in time, at a bounded cost for each call, if it looks at more records
    // than were added since.
    BOOST_IPQ_DETAIL_NOINLINE void merge(std::uint32_t looks) noexcept
    {
        if (m_free == m_read)
            return;
        position at = where_to_go_on(), last = at;
        bool from_free = at == m_free;
        for (std::uint32_t i = 0; i != looks && m_left != 0; ++i)
        {
            record_header header;
            if (!m_ring.read_header(at, header))
                return;
            extend(at, header);
            last = at;
            at = m_ring.behind(at, header);
            if (at != m_read)
                continue;
            // The last one: what is taken next follows it.
            if (from_free)
                return go_on_at(last);
            from_free = true;
            at = m_free;
        }
        go_on_at(at);
    }

    // Calls visit(position, header) for the held records, the oldest first,
    // until it returns false, and merges the others. Returns false if there are
    // too many others for one call: the next call gets further.
    template <class Visit>
    bool for_each_held(Visit visit) noexcept
    {
        position at = m_free;
        for (std::size_t walked = 0; at != m_read && walked < m_ring.size;)
        {
            record_header header;
            if (!m_ring.read_header(at, header))
                break;
            if (is_finished(header.state()))
                extend(at, header);
            else if (!visit(at, header))
                break;
            if (m_left == 0)
                return false;
            walked += m_ring.extent(header);
            at = m_ring.behind(at, header);
        }
        return true;
    }

private:
    // Merges finished records with the one at `at`, if that is finished. Leaves
    // in `header` what stands there.
    void extend(position at, record_header& header) noexcept
    {
        // What is at `free` is not merged: `free` moves over it soon.
        if (at == m_free || !is_finished(header.state()))
            return;
        std::uint64_t bytes = m_ring.extent(header);
        std::uint32_t messages = ring_view::messages_in(header);
        position next = m_ring.behind(at, header);
        record_header following;
        const position first = next;
        while (may_follow(at, next, following) &&
               messages + ring_view::messages_in(following) <= max_span)
        {
            bytes += m_ring.extent(following);
            messages += ring_view::messages_in(following);
            next = m_ring.behind(next, following);
            --m_left;
        }
        if (next == first)
            return;
        header = record_header::span(bytes, messages);
        // Relaxed: before the header's store, which is a release.
        m_line.span.store(at.word(), std::memory_order_relaxed);
        // release: as that of every header, for walks without the lock
        m_ring.header(at).store(header.word(), std::memory_order_release);
    }

    // Is the record at `next` finished and in one piece with that at `at`?
    bool may_follow(
        position at, position next, record_header& following) const noexcept
    {
        // Acquires the header: what its owner read before it was settled comes
        // before the publisher's writes.
        return m_left != 0 && next != m_read && next.offset() > at.offset() &&
               m_ring.read_header(next, following) &&
               is_finished(following.state()) &&
               !(following.state() == record_state::padding &&
                 next.offset() + m_ring.extent(following) == m_ring.size);
    }

    // A word that is not 0 is checked only because it may be damaged.
    position where_to_go_on() const noexcept
    {
        const position at(m_line.span.load(std::memory_order_relaxed));
        const std::size_t before = distance(m_free, at);
        return at.word() != 0 && m_ring.holds(at) && before != 0 &&
                       before < distance(m_free, m_read) &&
                       at.count() - m_free.count() <=
                           m_read.count() - m_free.count()
                   ? at
                   : m_free;
    }

    std::size_t distance(position from, position to) const noexcept
    {
        const std::size_t begin = from.offset(), end = to.offset();
        return end >= begin ? end - begin : m_ring.size - begin + end;
    }

    void go_on_at(position at) noexcept
    {
        const std::uint64_t word = at == m_free ? 0 : at.word();
        // Other subscribers share the line.
        if (m_line.span.load(std::memory_order_relaxed) != word)
            m_line.span.store(word, std::memory_order_relaxed);
    }

    const ring_view& m_ring;
    subscriber_line& m_line;
    const position m_free, m_read;
    std::size_t m_left = max_merged;
};

} // namespace detail
} // namespace boost_ipq

#endif
