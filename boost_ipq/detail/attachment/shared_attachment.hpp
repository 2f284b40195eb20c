// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_SHARED_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_SHARED_ATTACHMENT_HPP

// The attachment to a queue that processes share: its file, its mapping, the
// slot in the participant table, the named semaphores.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/membership/participant.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/shared_semaphore.hpp>
#include <boost_ipq/queue_options.hpp>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {

// Removes a queue, or what is left of one; the structure lock is held. Whoever
// finds the file without a ready mark begins anew, so it goes last. By then it
// is empty: processes that wait for its lock keep it open for a while, and a
// creator that was killed in probe_space() left it large.
inline void remove_all(lock_file& file, const object_names& names)
{
    if (!platform::may_remove(file.path()))
        throw_error(errc::permission_denied, "removing " + file.path());
    file.erase_mark();
    memory_object::remove(names);
    platform::remove_semaphore(names.messages);
    platform::remove_semaphore(names.room);
    boost::system::error_code ec;
    platform::remove_file(file.path(), ec);
    lock_file::fail_if(ec, "removing " + file.path());
}

// Is the queue there? One that lives while it is open is gone with its last
// process, though nobody may have removed it. The structure lock is held.
inline bool is_there(const lock_file& file, const queue_mark& mark) noexcept
{
    return mark.state == mark_state::ready &&
           (mark.lifetime != static_cast<std::uint32_t>(lifetime::while_open) ||
            file.any_slot_locked_elsewhere());
}

// The structure lock, for a time. The kernel gives it to a file, so threads
// that share one take turns.
class structure_lock
{
public:
    structure_lock(lock_file& file, fork_mutex& turn)
        : m_turn(turn),
          m_file(file),
          m_held(true)
    {
        m_file.lock_structure();
    }

    // Waits for nobody.
    structure_lock(lock_file& file, fork_mutex& turn, std::try_to_lock_t how)
        : m_turn(turn, how),
          m_file(file),
          m_held(m_turn && m_file.try_lock_structure())
    {
    }

    structure_lock(const structure_lock&) = delete;
    structure_lock& operator=(const structure_lock&) = delete;

    ~structure_lock()
    {
        if (m_held)
            m_file.unlock_structure();
    }

    explicit operator bool() const noexcept { return m_held; }

private:
    std::unique_lock<fork_mutex> m_turn;
    lock_file& m_file;
    const bool m_held;
};

// What must be there before the attachment, and after it.
struct shared_parts
{
    shared_parts(
        std::unique_ptr<lock_file> locked, std::unique_ptr<segment> mapped)
        : file(std::move(locked)),
          memory(std::move(mapped)),
          member(*file)
    {
    }

    std::unique_ptr<lock_file> file;
    std::unique_ptr<segment> memory;
    participant member;
};

class shared_attachment final : private shared_parts, public attachment
{
public:
    // The structure lock is held and the mark describes the segment.
    shared_attachment(
        std::unique_ptr<lock_file> locked, const object_names& names,
        const queue_mark& mark, std::unique_ptr<segment> mapped)
        : shared_parts(std::move(locked), std::move(mapped)),
          attachment(
              memory->view(), member.self(), member,
              std::make_unique<shared_semaphore>(
                  names.messages, memory->view().control->messages.posts),
              std::make_unique<shared_semaphore>(
                  names.room, memory->view().control->room.posts)),
          m_names(names),
          m_mark(mark)
    {
        join();
    }

    ~shared_attachment() override
    {
        const bool last_removes =
            m_mark.lifetime == static_cast<std::uint32_t>(lifetime::while_open);
        try
        {
            if (last_removes)
                file->lock_structure();
            member.leave();
            if (last_removes && file->is_current() &&
                !file->any_slot_locked_elsewhere())
                remove_all(*file, m_names);
        }
        catch (...)
        {
            // The next who opens or removes the queue finds it without a
            // living process, and removes it.
        }
    }

    void rejoin() override
    {
        require_file();
        {
            const structure_lock lock(*file, m_turn);
            rejoin_locked();
        }
        settle();
    }

    // The same; the structure lock is held, through whatever file, and
    // settle() is called after it.
    void rejoin_locked()
    {
        require_file();
        if (member.self().load(std::memory_order_relaxed) == 0)
            join();
    }

    // Recovers what the dead hold, if this process has the slot of one. That
    // may have to wait for other processes in the ring, so the structure lock
    // is not held. Killed before, it leaves the slot as one of the dead.
    void settle()
    {
        if (m_in_debt.exchange(false, std::memory_order_relaxed))
            recover();
    }

    // Recovers what dead processes hold. Returns the number of records.
    std::size_t recover()
    {
        return read_end(ring()).recover(write_end(ring()).rolled_forward());
    }

    void idle() noexcept override
    {
        if (!m_sleepers_limiter.due())
            return;
        const auto begin = rate_limiter::clock::now();
        const structure_lock lock(*file, m_turn, std::try_to_lock);
        if (!lock)
            return; // the next sleeper will
        forget_dead_sleepers();
        m_sleepers_limiter.finished(begin);
    }

    void add_role(std::uint32_t role) noexcept override
    {
        member.add_role(role);
    }

    // Recovers what dead processes hold, and frees their places. Returns how
    // many places; `records` tells what recover() returned.
    std::size_t strike_off_dead(std::size_t& records)
    {
        std::vector<incarnation> dead;
        {
            const structure_lock lock(*file, m_turn);
            dead = member.dead();
        }
        // May have to wait for other processes in the ring. Who dies meanwhile
        // stays for the next time.
        records = recover();
        const structure_lock lock(*file, m_turn);
        forget_dead_sleepers();
        return member.strike_off(dead);
    }

private:
    void require_file() const
    {
        if (!file->is_open())
            throw_error(
                errc::closed, "in a forked child, which could not open the "
                              "queue's file anew");
    }

    void join()
    {
        const auto enter = [this](participant_slot& slot) {
            forget_sleepers(slot); // of its dead owner
            messages().join(slot.asleep_for_messages);
            room().join(slot.asleep_for_room);
        };
        if (member.join(memory->participants(), enter))
            m_in_debt.store(true, std::memory_order_relaxed);
    }

    void forget_dead_sleepers() noexcept
    {
        member.for_each_dead_sleeper(
            [this](participant_slot& dead) { forget_sleepers(dead); });
    }

    void forget_sleepers(participant_slot& dead) noexcept
    {
        messages().forget(
            dead.asleep_for_messages.exchange(0, std::memory_order_relaxed));
        room().forget(
            dead.asleep_for_room.exchange(0, std::memory_order_relaxed));
    }

    object_names m_names;
    queue_mark m_mark;
    fork_mutex m_turn;
    std::atomic<bool> m_in_debt{false}; // see settle()
    rate_limiter m_sleepers_limiter{std::chrono::seconds(1)};
};

// The attachments of this process, by the identity of the lock file.
class attachment_registry
{
public:
    static std::shared_ptr<shared_attachment>
    find(const platform::file_identity& identity)
    {
        return platform::fork_registry::instance().guarded([&] {
            const auto found = entries().find(identity);
            return found == entries().end() ? nullptr : found->second.lock();
        });
    }

    static void
    add(const platform::file_identity& identity,
        const std::shared_ptr<shared_attachment>& value)
    {
        platform::fork_registry::instance().guarded([&] {
            for (auto i = entries().begin(); i != entries().end();)
                i = i->second.expired() ? entries().erase(i) : std::next(i);
            entries()[identity] = value;
        });
    }

private:
    using map =
        std::map<platform::file_identity, std::weak_ptr<shared_attachment>>;

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
