// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_INSPECTION_SNAPSHOT_HPP
#define BOOST_IPQ_DETAIL_INSPECTION_SNAPSHOT_HPP

// A view of a queue from outside: its segment is mapped for reading, no lock is
// taken, and this process does not become a participant.

#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

class snapshot
{
public:
    struct counts
    {
        std::size_t bytes, messages, reservations, deliveries;
        std::uint64_t sent, received;
        std::uint32_t waiting_subscribers, waiting_publishers;
        record_header
            held{};        // the oldest record that is filled or read in place
        std::size_t newer; // messages and reservations after it
    };

    explicit snapshot(const queue_options& options)
    {
        const object_names names(options.name(), options.directory());
        while (!open(options, names))
        {
        }
    }

    const queue_mark& mark() const noexcept { return m_mark; }

    // Throws queue_corrupt if the positions cannot be, or the records do not
    // lead from one to the next.
    counts count() const
    {
        const ring_control& control = *m_found.view.control;
        const auto end = clock::now() + max_inspection;
        counts result{};
        // Other processes work meanwhile. A walk that misses a position has
        // read a record that was overwritten, and is repeated.
        walk_result found;
        do
            found = walk(result, end);
        while (found == walk_result::overwritten && clock::now() < end);
        if (found == walk_result::damage)
            throw_error(
                errc::queue_corrupt,
                "the ring of queue '" + std::string(m_mark.name) + "'");
        if (m_found.view.cursors)
            result.received = 0;
        result.waiting_subscribers = waiting_in(control.messages);
        result.waiting_publishers = waiting_in(control.room);
        return result;
    }

    // Calls function(pid, roles, alive) for each slot in use.
    template <class Function>
    void for_each_participant(Function function) const
    {
        for (std::uint32_t i = 0; i < slot_count; ++i)
        {
            const participant_slot& slot =
                m_found.root->participants.entries[i];
            if (slot.used.load(std::memory_order_acquire) != 0)
                function(
                    slot.pid.load(std::memory_order_relaxed),
                    slot.roles.load(std::memory_order_relaxed),
                    m_file.slot_locked_elsewhere(i));
        }
    }

    struct process
    {
        std::uint32_t pid; // 0: not known, a later process has its slot
        bool alive;
    };

    // The process that a record or a cursor names.
    process process_of(incarnation owner) const
    {
        const std::uint32_t at = slot_of(owner);
        const participant_slot& slot = m_found.root->participants.entries[at];
        // Asked before the generation is loaded, as in participant::is_dead().
        const bool locked = m_file.slot_locked_elsewhere(at);
        // acquire: the pid is read after the generation
        if (slot.generation.load(std::memory_order_acquire) !=
            generation_of(owner))
            return {0, false};
        return {slot.pid.load(std::memory_order_relaxed), locked};
    }

    std::size_t message_size(record_header header) const noexcept
    {
        return m_found.view.message_size(header);
    }

    // A subscriber of a broadcast.
    struct cursor_state
    {
        std::uint32_t pid;
        bool alive, in_place;
        std::size_t messages, bytes;
        std::size_t size; // of the message that it reads next, or in place
        std::uint64_t missed;
    };

    template <class Function>
    void for_each_cursor(Function function) const
    {
        const ring_view& ring = m_found.view;
        for (std::uint32_t i = 0; ring.cursors && i < cursor_count; ++i)
        {
            const cursor& each = ring.cursors->cursors[i];
            const cursor_word word = each.load();
            if (word.is_live())
                function(state_of(each, word));
        }
    }

private:
    // Threads and wait sets.
    static std::uint32_t waiting_in(const sleeper_line& line) noexcept
    {
        const auto sets = static_cast<std::uint32_t>(
            line.sets.load(std::memory_order_relaxed));
        return sleepers_in(line.count.load(std::memory_order_relaxed)) +
               sets % one_watching_set + sets / one_watching_set;
    }

    using clock = std::chrono::steady_clock;

    cursor_state state_of(const cursor& which, cursor_word word) const
    {
        const ring_view& ring = m_found.view;
        const process owner =
            process_of(which.owner.load(std::memory_order_acquire));
        const position head(
            ring.control->publishers.head.load(std::memory_order_acquire));
        cursor_state result{};
        result.pid = owner.pid;
        result.alive = owner.alive;
        result.in_place = word.is_reading();
        result.missed = which.missed(word);
        const auto ahead =
            static_cast<std::int32_t>(head.count() - word.at().count());
        // Other processes work meanwhile.
        if (ahead >= 0 && ring.holds(word.at()) && ring.holds(head))
        {
            result.messages = static_cast<std::size_t>(ahead);
            result.bytes =
                (std::min)(distance(ring, word.at(), head), ring.capacity);
            result.size = message_size(
                record_header(platform::load_hint(ring.header(word.at()))));
        }
        return result;
    }

    struct positions
    {
        std::uint32_t head_half_laps, read_half_laps;
        position free, read, head;

        friend bool operator==(const positions& a, const positions& b) noexcept
        {
            return a.free == b.free && a.read == b.read && a.head == b.head;
        }
    };

    enum class walk_result
    {
        complete,
        overwritten, // a record changed, or there is damage
        too_long,    // there are more records than can be counted in that time
        damage
    };

    // Returns false if the queue was removed meanwhile; a different queue may
    // have its name now.
    bool open(const queue_options& options, const object_names& names)
    {
        const std::string context = "queue '" + options.name() + "'";
        if (!m_file.open_unlocked(names.lock_path))
            throw_error(errc::not_found, context);
        if (!is_there(m_file, m_mark))
            throw_error(errc::not_found, context);
        check_match(options, m_mark);
        if (!is_sound(m_mark))
            throw_error(errc::queue_corrupt, context);
        try
        {
            map(names);
        }
        catch (...)
        {
            if (is_still_there())
                throw;
        }
        return is_still_there();
    }

    bool is_still_there() const
    {
        queue_mark mark;
        return m_file.is_current() && is_there(m_file, mark);
    }

    void map(const object_names& names)
    {
        memory_object(names, bip::read_only)
            .map(bip::read_only, m_mark.segment_size)
            .swap(m_region);
        m_found = segment::checked(names, m_mark, m_region);
    }

    // If the walk over the records fails, only the counts that depend on the
    // positions are right.
    walk_result walk(counts& result, clock::time_point until) const noexcept
    {
        const positions at = read_positions();
        result = counts_at(at);
        position end;
        const walk_result how = are_possible(at)
                                    ? count_records(at, result, end, until)
                                    : walk_result::overwritten;
        if (how == walk_result::complete)
        {
            result.messages = end.count() - at.read.count();
            result.sent += end.count() - at.head.count();
        }
        if (result.held.word() != 0)
        {
            // Where the walk did not come to an end, `head` may be before it.
            const position newest =
                how == walk_result::complete ? end : at.head;
            const auto newer = static_cast<std::int32_t>(
                newest.count() - 1 - static_cast<std::uint32_t>(result.newer));
            result.newer = newer > 0 ? static_cast<std::size_t>(newer) : 0;
        }
        return how == walk_result::overwritten && unmoved(at)
                   ? walk_result::damage
                   : how;
    }

    // As long as no position moves, no record between them is overwritten.
    bool unmoved(const positions& at) const noexcept
    {
        // A process that has written over a record has seen a position moved
        // before. The fence makes this process see that, too, also on a machine
        // that is not multi-copy atomic.
        if (!platform::asymmetric_fence_heavy())
            platform::full_fence();
        return read_positions() == at;
    }

    bool are_possible(const positions& at) const noexcept
    {
        const ring_view& ring = m_found.view;
        // A process that was killed may have left `head` behind the others.
        return ring.holds(at.free) && ring.holds(at.read) &&
               ring.holds(at.head) && leads_to(at.free, at.read) &&
               (leads_to(at.read, at.head) || leads_to(at.head, at.read));
    }

    // Is there room for that number of messages between two positions?
    bool leads_to(position from, position to) const noexcept
    {
        const ring_view& ring = m_found.view;
        const std::size_t begin = from.offset(), end = to.offset();
        const std::size_t bytes =
            end >= begin ? end - begin : ring.size - begin + end;
        return to.count() - from.count() <= bytes / ring.alignment;
    }

    positions read_positions() const noexcept
    {
        const ring_control& control = *m_found.view.control;
        positions result;
        // acquire: pairs with count_half_laps()
        result.head_half_laps =
            control.publishers.half_laps.load(std::memory_order_acquire);
        result.read_half_laps =
            control.subscribers.half_laps.load(std::memory_order_acquire);
        // acquire: reads the headers after the positions
        result.free =
            position(control.subscribers.free.load(std::memory_order_acquire));
        // In a broadcast, what is kept counts.
        result.read = m_found.view.cursors
                          ? result.free
                          : position(control.subscribers.read.load(
                                std::memory_order_acquire));
        result.head =
            position(control.publishers.head.load(std::memory_order_acquire));
        return result;
    }

    static counts counts_at(const positions& at) noexcept
    {
        counts result{};
        const auto ahead =
            static_cast<std::int32_t>(at.head.count() - at.read.count());
        if (ahead > 0) // else the ring may be damaged
            result.messages = static_cast<std::size_t>(ahead);
        result.sent = messages_so_far(at.head_half_laps, at.head);
        result.received = messages_so_far(at.read_half_laps, at.read);
        return result;
    }

    // Counts the records from `free` on, but for settled ones that are only not
    // freed yet. Sets `end` to the position after the
    // youngest one. Fails if the records do not lead past `read` and `head` to
    // an end.
    //
    // If a publisher was stopped or killed, `head` may lag behind the records
    // that it published, and `read` and `free` may be past `head`. As long as
    // no process moves `head`, the walk continues to the first zero header.
    walk_result count_records(
        const positions& from, counts& result, position& end,
        clock::time_point until) const noexcept
    {
        const ring_view& ring = m_found.view;
        bool passed_head = static_cast<std::int32_t>(
                               from.head.count() - from.free.count()) <= 0;
        bool passed_read = false, in_use = false;
        std::size_t walked = 0;
        std::uint32_t records = 0;
        for (end = from.free; ring.holds(end) && walked <= ring.size;)
        {
            passed_head |= end == from.head;
            passed_read |= end == from.read;
            const record_header header(platform::load_hint(ring.header(end)));
            const bool none = header.state() == record_state::none;
            if (passed_head && (header.word() == 0 || head_moved(from.head)))
                return passed_read ? walk_result::complete
                                   : walk_result::overwritten;
            if (none || header.state() > record_state::span ||
                (header.is_span() && passed_read) || !ring.holds(end, header))
                break;
            in_use |= passed_read || is_held(header.state());
            if (in_use)
                add(header, end, result);
            walked += ring.extent(header);
            end = ring.behind(end, header);
            if (++records % records_per_look == 0 && clock::now() > until)
                return walk_result::too_long;
        }
        return walk_result::overwritten;
    }

    bool head_moved(position head) const noexcept
    {
        return m_found.view.control->publishers.head.load(
                   std::memory_order_acquire) != head.word();
    }

    static bool is_held(record_state state) noexcept
    {
        return state == record_state::claimed ||
               state == record_state::returned;
    }

    // Leaves the number of the oldest record that is held in `newer`.
    void add(record_header header, position at, counts& result) const noexcept
    {
        const record_state state = header.state();
        if (result.held.word() == 0 &&
            (state == record_state::reserved || state == record_state::claimed))
        {
            result.held = header;
            result.newer = at.count();
        }
        result.reservations += state == record_state::reserved;
        result.deliveries += is_held(state);
        if (state != record_state::padding)
            // Taken records are merged with the padding between them.
            result.bytes = (std::min)(
                result.bytes + m_found.view.extent(header),
                m_found.view.capacity);
    }

    lock_file m_file{};
    queue_mark m_mark{};
    bip::mapped_region m_region{};
    segment::contents m_found{};
};

} // namespace detail
} // namespace boost_ipq

#endif
