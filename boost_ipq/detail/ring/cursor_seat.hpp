// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_SEAT_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_SEAT_HPP

// Taking a cursor, and recovery. All of it happens with the publishers' lock
// held: otherwise publishers could lap a subscriber that joins.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/broadcast_record.hpp>
#include <boost_ipq/detail/ring/cursor_recovery.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace boost_ipq {
namespace detail {

// The publishers' lock, for something else than a record.
class publishers_lock
{
public:
    publishers_lock(const ring_view& ring, give_up_condition give_up) noexcept
        : m_end(ring),
          m_head(m_end.enter_alone(give_up))
    {
    }

    publishers_lock(const publishers_lock&) = delete;
    publishers_lock& operator=(const publishers_lock&) = delete;

    ~publishers_lock()
    {
        if (m_head)
            m_end.leave();
    }

    explicit operator bool() const noexcept { return m_head.has_value(); }
    position head() const noexcept { return *m_head; }

    position free() const noexcept { return m_end.free_now(); }

private:
    write_end m_end;
    const std::optional<position> m_head;
};

class cursor_seat
{
public:
    // The caller holds the lock.
    cursor_seat(const ring_view& ring, const publishers_lock& lock) noexcept
        : m_ring(ring),
          m_table(*ring.cursors),
          m_free(lock.free()),
          m_head(lock.head())
    {
    }

    // Takes a cursor in front of the newest `history` messages that are still
    // there. Null: all are taken, or there is damage.
    cursor* join(std::size_t history, status& result) noexcept
    {
        result = status::corrupt;
        position begin = m_head;
        if (!m_ring.holds(m_head) || !m_ring.holds(m_free) ||
            !find_history(history, begin))
            return nullptr;
        result = status::done;
        std::uint32_t number = find_free();
        if (number == cursor_count && free_dead() != 0)
            number = find_free();
        if (number == cursor_count)
            return nullptr;
        cursor& taken = m_table.cursors[number];
        // Relaxed, as all stores but the last: it is the one that counts. A
        // death before it leaves a free cursor.
        taken.owner.store(m_ring.self(), std::memory_order_relaxed);
        taken.dropped[0].store(0, std::memory_order_relaxed);
        taken.dropped[1].store(0, std::memory_order_relaxed);
        taken.skipped.store(0, std::memory_order_relaxed);
        if (number >= m_table.end.load(std::memory_order_relaxed))
            m_table.end.store(number + 1, std::memory_order_relaxed);
        // release: pairs with cursor::load()
        taken.word.store(
            cursor_word(begin, cursor_word::live).word(),
            std::memory_order_release);
        return &taken;
    }

    // Frees the cursors of dead processes. Returns their number.
    std::size_t free_dead() noexcept
    {
        std::size_t result = 0;
        const std::uint32_t end = cursors_in_use(m_table);
        for (std::uint32_t i = 0; i < end; ++i)
        {
            cursor& each = m_table.cursors[i];
            const incarnation owner =
                each.owner.load(std::memory_order_acquire);
            if (owner != 0 && !m_ring.peers->alive(owner))
            {
                result += each.load().is_live();
                free_cursor(each);
            }
        }
        return result;
    }

    // Abandons what dead publishers have reserved. Returns the number of
    // records.
    std::size_t abandon_reserved() noexcept
    {
        std::size_t result = 0;
        for_each_record(m_free, [&](position at, record_header header) {
            if (header.state() == record_state::reserved &&
                !m_ring.peers->alive(header.owner()))
            {
                abandon_dead(m_ring, at, header);
                ++result;
            }
        });
        return result;
    }

    // Drops all records. No process has the broadcast open.
    void drop_all() noexcept
    {
        for (cursor& each : m_table.cursors)
            free_cursor(each);
        // release: as in broadcast_room
        m_ring.control->subscribers.free.store(
            m_head.word(), std::memory_order_release);
    }

private:
    std::uint32_t find_free() const noexcept
    {
        std::uint32_t i = 0;
        for (; i < cursor_count; ++i)
        {
            const cursor& each = m_table.cursors[i];
            if (each.load() != cursor_word())
                continue;
            const incarnation owner =
                each.owner.load(std::memory_order_acquire);
            if (owner == 0 || !m_ring.peers->alive(owner))
                break;
        }
        return i;
    }

    // Calls function(position, header) for the records from `at` to the head.
    // False: damage.
    template <class Function>
    bool for_each_record(position at, Function function) const noexcept
    {
        for (std::size_t walked = 0; at != m_head;)
        {
            record_header header;
            if (walked > m_ring.size || !read_record(m_ring, at, header) ||
                header.state() == record_state::none)
                return false;
            function(at, header);
            walked += m_ring.span(header.length());
            at = m_ring.behind(at, header);
        }
        return true;
    }

    // `begin` is the head at first. False: damage.
    bool find_history(std::size_t messages, position& begin) const noexcept
    {
        if (messages == 0)
            return true;
        // Records that were abandoned count in positions, but are no messages:
        // if too few are found from a mark on, the next older one is tried.
        std::size_t needed = messages;
        for (;;)
        {
            position from = m_free;
            for_each_mark(m_ring, m_free, m_head, [&](position mark) {
                if (std::size_t(m_head.count() - mark.count()) < needed)
                    return false;
                from = mark;
                return true;
            });
            std::size_t found = 0;
            if (!for_each_record(from, [&](position, record_header header) {
                    found += header.state() == record_state::committed;
                }))
                return false;
            if (found < messages && from != m_free)
            {
                needed = std::size_t(m_head.count() - from.count()) + 1;
                continue;
            }
            return skip(from, found > messages ? found - messages : 0, begin);
        }
    }

    bool
    skip(position from, std::size_t messages, position& begin) const noexcept
    {
        bool found = false;
        return for_each_record(from, [&](position at, record_header header) {
            if (messages == 0 && !found)
            {
                begin = at;
                found = true;
            }
            messages -=
                messages != 0 && header.state() == record_state::committed;
        });
    }

    const ring_view& m_ring;
    cursor_table& m_table;
    const position m_free, m_head;
};

class recovery_of_cursors final : public cursor_recovery
{
public:
    std::optional<std::size_t> recover(
        const ring_view& ring,
        give_up_condition give_up) const noexcept override
    {
        const publishers_lock lock(ring, give_up);
        if (!lock)
            return {};
        cursor_seat seat(ring, lock);
        const std::size_t cursors = seat.free_dead();
        return cursors + seat.abandon_reserved();
    }

    bool drop(const ring_view& ring, give_up_condition give_up)
        const noexcept override
    {
        const publishers_lock lock(ring, give_up);
        if (lock)
            cursor_seat(ring, lock).drop_all();
        return bool(lock);
    }
};

// In a function: a program that does not call it contains none of the class.
inline const cursor_recovery& recover_cursors() noexcept
{
    static const recovery_of_cursors value{};
    return value;
}

} // namespace detail
} // namespace boost_ipq

#endif
