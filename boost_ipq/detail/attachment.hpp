// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_HPP

// One process's attachment to one queue, which all its handles share: the
// mapping (two mappings of one segment defeat store forwarding), the slot in
// the participant table, the semaphores.

#include <boost_ipq/detail/participant.hpp>
#include <boost_ipq/detail/queue_names.hpp>
#include <boost_ipq/detail/ring_publisher.hpp>
#include <boost_ipq/detail/ring_subscriber.hpp>
#include <boost_ipq/detail/segment.hpp>
#include <boost_ipq/detail/sleep_signal.hpp>
#include <boost_ipq/queue_options.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace boost_ipq {
namespace detail {

// Removes a queue, or what is left of one; the structure lock is held. The
// file, which says what is left to do, goes last.
inline void remove_all(queue_file& file, const queue_names& names)
{
    if (!platform::may_remove(file.path()))
        throw_error(errc::permission_denied, "removing " + file.path());
    // Only a ready mark must be taken back first, and may be impossible to
    // write on a full file system otherwise.
    if (file.read_mark().state == mark_state::ready)
        file.write_state(mark_state::removing);
    platform::remove_segment(names.segment);
    platform::remove_semaphore(names.messages);
    platform::remove_semaphore(names.room);
    boost::system::error_code ec;
    platform::remove_file(file.path(), ec);
    queue_file::fail_if(ec, "removing " + file.path());
}

// Is the queue there? One that lives while it is open is gone with its last
// process, though nobody may have removed it. The structure lock is held.
inline bool is_there(const queue_file& file, const queue_mark& mark) noexcept
{
    return mark.state == mark_state::ready &&
           (mark.lifetime != static_cast<std::uint32_t>(lifetime::while_open) ||
            file.any_slot_locked_elsewhere());
}

class attachment
{
public:
    // The structure lock is held and the mark describes the segment.
    attachment(
        std::unique_ptr<queue_file> file, const queue_names& names,
        const queue_mark& mark, std::unique_ptr<segment> memory)
        : m_file(std::move(file)),
          m_names(names),
          m_mark(mark),
          m_segment(std::move(memory)),
          m_participant(*m_file),
          m_messages(control().messages, control().fence, names.messages),
          m_room(control().room, control().fence, names.room)
    {
        join();
    }

    attachment(const attachment&) = delete;
    attachment& operator=(const attachment&) = delete;

    ~attachment()
    {
        const bool last_removes =
            m_mark.lifetime == static_cast<std::uint32_t>(lifetime::while_open);
        try
        {
            if (last_removes)
                m_file->lock_structure();
            m_participant.leave();
            if (last_removes && m_file->is_current() &&
                !m_file->any_slot_locked_elsewhere())
                remove_all(*m_file, m_names);
        }
        catch (...)
        {
            // The next who opens or removes the queue finds it without a
            // living process, and removes it.
        }
    }

    participant& self() noexcept { return m_participant; }
    sleep_signal& messages() noexcept { return m_messages; }
    sleep_signal& room() noexcept { return m_room; }
    const ring_view& ring() const noexcept { return m_segment->view(); }

    // A side of the ring, as this process sees it.
    template <class Side>
    Side side() const noexcept
    {
        return Side(ring(), m_participant.self(), m_participant);
    }

    // Called when an operation found this process to be no member: it is a
    // forked child, which becomes one by its first operation.
    void rejoin()
    {
        std::lock_guard<std::mutex> guard(m_rejoining);
        if (m_participant.self().load(std::memory_order_relaxed) != 0)
            return;
        if (!m_file->is_open())
            throw_error(
                errc::closed, "in a forked child, which could not open the "
                              "queue's file anew");
        m_file->lock_structure();
        join();
        m_file->unlock_structure();
    }

    // Recovers what dead processes hold. Returns the number of records.
    std::size_t recover()
    {
        std::size_t result = 0;
        side<ring_publisher>().with_lock(
            [&](position head) { result = side<ring_tail>().recover(head); });
        return result;
    }

    // Called by sleepers to whom nothing happened for a while.
    void idle() noexcept
    {
        if (!m_sleepers_examination.due())
            return;
        const auto begin = examination::clock::now();
        forget_dead_sleepers();
        m_sleepers_examination.made(begin);
    }

    // Recovers what dead processes hold, and frees their places. Returns how
    // many places; `records` tells what recover() returned.
    std::size_t strike_off_dead(std::size_t& records)
    {
        m_file->lock_structure();
        records = recover();
        forget_dead_sleepers();
        const std::size_t result = m_participant.strike_off_dead();
        m_file->unlock_structure();
        return result;
    }

private:
    ring_control& control() const noexcept { return *ring().control; }

    void join()
    {
        m_participant.join(
            m_segment->participants(), [this](participant_slot& taken) {
                recover();
                forget_sleepers(taken);
            });
        participant_slot& slot = m_participant.slot();
        m_messages.join(slot.asleep_for_messages);
        m_room.join(slot.asleep_for_room);
    }

    void forget_dead_sleepers() noexcept
    {
        m_participant.for_each_dead_sleeper(
            [this](participant_slot& dead) { forget_sleepers(dead); });
    }

    void forget_sleepers(participant_slot& dead) noexcept
    {
        m_messages.forget(
            dead.asleep_for_messages.exchange(0, std::memory_order_relaxed));
        m_room.forget(
            dead.asleep_for_room.exchange(0, std::memory_order_relaxed));
    }

    std::unique_ptr<queue_file> m_file;
    queue_names m_names;
    queue_mark m_mark;
    std::unique_ptr<segment> m_segment;
    participant m_participant;
    sleep_signal m_messages;
    sleep_signal m_room;
    std::mutex m_rejoining;
    examination m_sleepers_examination{std::chrono::seconds(1)};
};

// The attachments of this process, by the identity of the lock file.
class attachment_registry
{
public:
    static std::shared_ptr<attachment>
    find(const platform::file_identity& identity)
    {
        return platform::fork_registry::instance().guarded([&] {
            const auto found = entries().find(identity);
            return found == entries().end() ? nullptr : found->second.lock();
        });
    }

    static void
    add(const platform::file_identity& identity,
        const std::shared_ptr<attachment>& value)
    {
        platform::fork_registry::instance().guarded([&] {
            for (auto i = entries().begin(); i != entries().end();)
                i = i->second.expired() ? entries().erase(i) : std::next(i);
            entries()[identity] = value;
        });
    }

private:
    using map = std::map<platform::file_identity, std::weak_ptr<attachment>>;

    // Never destroyed: handles may be static objects themselves.
    static map& entries()
    {
        static map* const instance = new map;
        return *instance;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
