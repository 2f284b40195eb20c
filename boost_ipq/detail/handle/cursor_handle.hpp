// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_CURSOR_HANDLE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_CURSOR_HANDLE_HPP

// A broadcast's subscriber and its cursor: what a handle does with it.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

// The cursor of a subscriber, and what keeps its memory mapped.
class broadcast_cursor final : public cursor_reader
{
public:
    broadcast_cursor(std::shared_ptr<attachment> queue, const ring_view& ring)
        : cursor_reader(ring),
          m_queue(std::move(queue))
    {
    }

private:
    void room_made() noexcept override { m_queue->room().notify_all(); }

    const std::shared_ptr<attachment> m_queue;
};

// A handle's reference to its cursor. Closed, or moved from: none.
class cursor_handle
{
public:
    cursor_handle() noexcept = default;

    explicit cursor_handle(std::shared_ptr<broadcast_cursor> reader) noexcept
        : m_reader(std::move(reader))
    {
    }

    cursor_handle(cursor_handle&& other) noexcept = default;

    cursor_handle& operator=(cursor_handle&& other) noexcept
    {
        if (this != &other)
        {
            close();
            m_reader = std::move(other.m_reader);
        }
        return *this;
    }

    ~cursor_handle() { close(); }

    const ring_view& ring() const noexcept
    {
        static const ring_view none;
        return m_reader ? m_reader->ring() : none;
    }

    template <class Target>
    BOOST_FORCEINLINE status try_take(Target& target, give_up_condition give_up)
    {
        return BOOST_IPQ_DETAIL_LIKELY(m_reader != nullptr)
                   ? m_reader->try_take(target, give_up)
                   : status::detached;
    }

    template <class Target>
    status try_take_latest(Target& target, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_take_latest(target, give_up)
                        : status::detached;
    }

    status try_claim(claim& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_claim(result, give_up)
                        : status::detached;
    }

    status try_claim_latest(claim& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_claim_latest(result, give_up)
                        : status::detached;
    }

    status purge(std::size_t& count, give_up_condition give_up)
    {
        return m_reader ? m_reader->purge(count, give_up) : status::detached;
    }

    status try_hold_run(held_run& result, give_up_condition give_up)
    {
        return m_reader ? m_reader->try_hold_run(result, give_up)
                        : status::detached;
    }

    bool something() const noexcept
    {
        return m_reader && m_reader->something();
    }
    bool held_up() const noexcept { return m_reader && m_reader->held_up(); }

    const std::shared_ptr<broadcast_cursor>& reader() const noexcept
    {
        return m_reader;
    }

private:
    void close() noexcept
    {
        if (m_reader)
            m_reader->close(m_reader);
        m_reader.reset();
    }

    std::shared_ptr<broadcast_cursor> m_reader{};
};

// As latest_reader, purger and next_of() of a queue.
class cursor_latest
{
public:
    explicit cursor_latest(cursor_handle& ring) noexcept : m_ring(ring) {}

    template <class Target>
    status try_take(Target& target, give_up_condition give_up)
    {
        return m_ring.try_take_latest(target, give_up);
    }

    status try_claim(claim& result, give_up_condition give_up)
    {
        return m_ring.try_claim_latest(result, give_up);
    }

private:
    cursor_handle& m_ring;
};

inline cursor_latest latest_in(cursor_handle& ring) noexcept
{
    return cursor_latest(ring);
}

class cursor_purger
{
public:
    explicit cursor_purger(cursor_handle& ring) noexcept : m_ring(ring) {}

    status run(std::size_t& count, give_up_condition give_up)
    {
        return m_ring.purge(count, give_up);
    }

private:
    cursor_handle& m_ring;
};

inline cursor_purger purger_of(cursor_handle& ring) noexcept
{
    return cursor_purger(ring);
}

inline position next_of(const cursor_handle& ring)
{
    return ring.reader() ? ring.reader()->next() : position(std::uint64_t(0));
}

} // namespace detail
} // namespace boost_ipq

#endif
