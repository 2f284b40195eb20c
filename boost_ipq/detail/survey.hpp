// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SURVEY_HPP
#define BOOST_IPQ_DETAIL_SURVEY_HPP

// A look at a queue from outside: its segment is mapped for reading, no lock
// is taken, this process does not become a participant.

#include <boost_ipq/detail/attach.hpp>
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
        const queue_names names(options.name(), options.directory());
        const std::string context = "queue '" + options.name() + "'";
        if (!m_file.open_unlocked(names.lock_path))
            throw_error(errc::not_found, context);
        m_mark = m_file.read_mark();
        if (!is_there(m_file, m_mark))
            throw_error(errc::not_found, context);
        check_match(options, m_mark);
        if (!is_sound(m_mark))
            throw_error(errc::queue_corrupt, context);
        const memory_object object(names, bip::read_only);
        if (object.size() < m_mark.segment_size)
            throw_error(errc::queue_corrupt, context);
        object.map(bip::read_only, m_mark.segment_size).swap(m_region);
        m_root = segment::checked(
            names, m_mark, m_region.get_address(), m_region.get_size());
        m_view = m_root->ring.view();
    }

    const queue_mark& mark() const noexcept { return m_mark; }

    counts count() const noexcept
    {
        const ring_control& control = *m_view.control;
        counts result{};
        // Others go on meanwhile: a walk that does not arrive where it should
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
            const participant_slot& slot = m_root->participants.slots[i];
            if (slot.used.load(std::memory_order_acquire) != 0)
                function(
                    slot.pid.load(std::memory_order_relaxed),
                    slot.roles.load(std::memory_order_relaxed),
                    m_file.slot_locked_elsewhere(i));
        }
    }

private:
    bool walk(counts& result) const noexcept
    {
        const ring_control& control = *m_view.control;
        // acquire: the headers are read after the positions
        const position free(
            control.subscribers.free.load(std::memory_order_acquire));
        const position read(
            control.subscribers.read.load(std::memory_order_acquire));
        const position head(
            control.publishers.head.load(std::memory_order_acquire));
        result = counts();
        result.bytes = m_view.distance(free, head);
        result.messages = head.count() - read.count();
        result.sent = std::uint64_t(control.publishers.laps.load(
                          std::memory_order_relaxed))
                          << 32 |
                      head.count();
        result.received = std::uint64_t(control.subscribers.laps.load(
                              std::memory_order_relaxed))
                              << 32 |
                          read.count();
        position at = free;
        for (std::size_t walked = 0; at != head;)
        {
            if (!m_view.holds(at) || walked > m_view.size)
                return false;
            const record_header header(platform::load_hint(m_view.header(at)));
            if (header.state() == record_state::none ||
                !m_view.holds(at, header))
                return false;
            result.reservations += header.state() == record_state::reserved;
            result.deliveries += header.state() == record_state::claimed ||
                                 header.state() == record_state::returned;
            walked += m_view.span(header.length());
            at = m_view.behind(at, header);
        }
        return true;
    }

    queue_file m_file;
    queue_mark m_mark;
    bip::mapped_region m_region;
    queue_root* m_root = nullptr;
    ring_view m_view;
};

} // namespace detail
} // namespace boost_ipq

#endif
