// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_INSPECTION_SNAPSHOT_HPP
#define BOOST_IPQ_DETAIL_INSPECTION_SNAPSHOT_HPP

// A look at a queue from outside: its segment is mapped for reading, no lock
// is taken, this process does not become a participant.

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

class survey
{
public:
    struct counts
    {
        std::size_t bytes, messages, reservations, deliveries;
        std::uint64_t sent, received;
        std::uint32_t waiting_subscribers, waiting_publishers;
    };

    explicit survey(const queue_options& options)
    {
        const object_names names(options.name(), options.directory());
        // Again, if it was removed under our eyes.
        while (!look(options, names))
        {
        }
    }

    const queue_mark& mark() const noexcept { return m_mark; }

    counts count() const noexcept
    {
        const ring_control& control = *m_found.view.control;
        counts result{};
        // Others go on meanwhile: a walk that does not pass where it should
        // has read what was overwritten, and is made anew.
        for (int attempt = 0; attempt < 100 && !walk(result); ++attempt)
        {
        }
        result.waiting_subscribers =
            control.messages.count.load(std::memory_order_relaxed);
        result.waiting_publishers =
            control.room.count.load(std::memory_order_relaxed);
        return result;
    }

    // function(pid, roles, alive)
    template <class Function>
    void for_each_participant(Function function) const
    {
        for (std::uint32_t i = 0; i < slot_count; ++i)
        {
            const participant_slot& slot = m_found.root->participants.slots[i];
            if (slot.used.load(std::memory_order_acquire) != 0)
                function(
                    slot.pid.load(std::memory_order_relaxed),
                    slot.roles.load(std::memory_order_relaxed),
                    m_file.slot_locked_elsewhere(i));
        }
    }

private:
    // False: the queue was removed meanwhile; another may have its name.
    bool look(const queue_options& options, const object_names& names)
    {
        const std::string context = "queue '" + options.name() + "'";
        if (!m_file.open_unlocked(names.lock_path))
            throw_error(errc::not_found, context);
        m_mark = m_file.read_mark();
        if (!is_there(m_file, m_mark))
            throw_error(errc::not_found, context);
        check_match(options, m_mark);
        if (!is_sound(m_mark))
            throw_error(errc::queue_corrupt, context);
        try
        {
            map(names, context);
        }
        catch (...)
        {
            if (is_still_there())
                throw;
        }
        return is_still_there();
    }

    bool is_still_there() const noexcept
    {
        return is_there(m_file, m_file.read_mark()) && m_file.is_current();
    }

    void map(const object_names& names, const std::string& context)
    {
        const memory_object object(names, bip::read_only);
        if (object.size() < m_mark.segment_size)
            throw_error(errc::queue_corrupt, context);
        object.map(bip::read_only, m_mark.segment_size).swap(m_region);
        m_found = segment::checked(
            names, m_mark, m_region.get_address(), m_region.get_size());
    }

    bool walk(counts& result) const noexcept
    {
        const ring_view& ring = m_found.view;
        const ring_control& control = *ring.control;
        // acquire: the headers are read after the positions
        const position free(
            control.subscribers.free.load(std::memory_order_acquire));
        const position read(
            control.subscribers.read.load(std::memory_order_acquire));
        const position head(
            control.publishers.head.load(std::memory_order_acquire));
        result = counts();
        // Of a damaged ring, perhaps.
        if (const auto ahead =
                static_cast<std::int32_t>(head.count() - read.count());
            ahead > 0)
            result.messages = static_cast<std::size_t>(ahead);
        result.sent = std::uint64_t(control.publishers.laps.load(
                          std::memory_order_relaxed))
                          << 32 |
                      head.count();
        result.received = std::uint64_t(control.subscribers.laps.load(
                              std::memory_order_relaxed))
                              << 32 |
                          read.count();
        // A publisher that was stopped or killed has left `head` behind what
        // it published, of which `read` and `free` may be past: as long as
        // nobody moves `head`, the walk goes on to the first zero header.
        position at = free;
        bool passed_head =
            static_cast<std::int32_t>(head.count() - free.count()) <= 0;
        bool passed_read = false;
        for (std::size_t walked = 0;;)
        {
            if (!ring.holds(at) || walked > ring.size)
                return false;
            passed_head |= at == head;
            passed_read |= at == read;
            const record_header header(platform::load_hint(ring.header(at)));
            if (passed_head && (header.state() == record_state::none ||
                                control.publishers.head.load(
                                    std::memory_order_acquire) != head.word()))
                break;
            if (header.state() == record_state::none || !ring.holds(at, header))
                return false;
            result.reservations += header.state() == record_state::reserved;
            result.deliveries += header.state() == record_state::claimed ||
                                 header.state() == record_state::returned;
            const std::size_t span = ring.span(header.length());
            if (header.state() != record_state::padding)
                result.bytes += span;
            walked += span;
            at = ring.behind(at, header);
        }
        if (!passed_read)
            return false;
        result.messages = at.count() - read.count();
        result.sent += at.count() - head.count();
        return true;
    }

    lock_file m_file;
    queue_mark m_mark;
    bip::mapped_region m_region;
    segment::contents m_found;
};

} // namespace detail
} // namespace boost_ipq

#endif
