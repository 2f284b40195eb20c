// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_SHARED_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_SHARED_ATTACHMENT_HPP

// The attachment to a queue that processes share: lock file, mapped segment,
// slot in the participant table, semaphores.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/structure_lock.hpp>
#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/rate_limiter.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/participant.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/ring/cursor_seat.hpp>
#include <boost_ipq/detail/ring/read_end.hpp>
#include <boost_ipq/detail/ring/write_end.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <boost_ipq/detail/wait/shared_semaphore.hpp>
#include <boost_ipq/error.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

// Constructed before the attachment and destroyed after it.
struct shared_parts
{
    shared_parts(
        std::unique_ptr<lock_file> locked, std::unique_ptr<segment> mapped)
        : file(std::move(locked)),
          memory(std::move(mapped)),
          process(*file)
    {
    }

    std::unique_ptr<lock_file> file;
    std::unique_ptr<segment> memory;
    participant process;
};

std::unique_ptr<dead_letter_queue> shared_dead_letters(
    attachment& source, const object_names& names, const lock_file& file,
    const queue_mark& mark);

class shared_attachment final : private shared_parts, public attachment
{
public:
    // The caller holds the structure lock, and the mark describes the segment.
    shared_attachment(
        std::unique_ptr<lock_file> locked, const object_names& names,
        const queue_mark& mark, std::unique_ptr<segment> mapped)
        : shared_parts(std::move(locked), std::move(mapped)),
          attachment(
              memory->view(), mark.capacity, process.self(), process,
              make_messages_semaphore(names, *memory->view().control),
              make_semaphore(
                  names, names.room, memory->view().control->room.posts)),
          m_names(names),
          m_last_removes(lives_while_open(mark))
    {
        if (mark.max_deliveries != 0)
            set_dead_letters(shared_dead_letters(*this, names, *file, mark));
        messages().touch(*file);
        room().touch(*file);
        file->expect_children();
        join();
    }

    ~shared_attachment() override
    {
        const platform::no_thread_cancellation guard;
        try
        {
            // A stopped process may hold the structure lock.
            const bool locked =
                m_last_removes &&
                file->lock_structure(give_up_after{default_busy_after});
            leave();
            file->forget_children();
            if (locked && file->is_current() &&
                !file->any_slot_locked_elsewhere())
                remove_all(*file, m_names);
        }
        catch (...)
        {
            // The next process that opens or removes the queue finds it without
            // a living participant and removes it.
        }
    }

    bool rejoin(give_up_condition give_up) override
    {
        const platform::no_thread_cancellation guard;
        require_file();
        {
            const structure_lock lock(*file, m_mutex, give_up);
            if (!lock)
                return false;
            rejoin_locked();
        }
        recover_if_needed(give_up);
        return true;
    }

    // As rejoin(), but the caller holds the structure lock, through this or a
    // different open file, and calls recover_if_needed() when it has released
    // the lock.
    void rejoin_locked()
    {
        require_file();
        if (process.self().load(std::memory_order_relaxed) == 0)
            join();
    }

    // Recovers what dead processes hold if this process has taken the slot of a
    // dead one. This may have to wait for locks of the ring, so the structure
    // lock is not held. A process that gives up tries again later. If it is
    // killed or leaves before it has succeeded, it leaves the slot as that of a
    // dead process.
    void recover_if_needed(give_up_condition give_up) noexcept
    {
        if (m_must_recover.load(std::memory_order_relaxed) &&
            m_must_recover.exchange(false, std::memory_order_relaxed) &&
            !recover(give_up))
            m_must_recover.store(true, std::memory_order_relaxed);
    }

    // Recovers what dead processes hold. Returns the number of records, or
    // nothing if a living process kept a lock and the caller gave up.
    std::optional<std::size_t> recover(give_up_condition give_up = {}) noexcept
    {
        if (ring().cursors)
            return recover_broadcast(give_up);
        const auto head = write_end(ring()).rolled_forward(give_up);
        if (!head)
            return {};
        return read_end(ring()).recover(*head, give_up);
    }

    // Drops all messages of a queue that no other process has open. The caller
    // holds the structure lock. False: a living process kept a lock, and the
    // caller gave up.
    bool drop_messages(give_up_condition give_up) noexcept
    {
        if (ring().cursors)
        {
            const publishers_lock lock(ring(), give_up);
            if (lock)
                cursor_seat(ring(), lock).drop_all();
            return bool(lock);
        }
        const auto head = write_end(ring()).rolled_forward(give_up);
        return head && read_end(ring()).drop(*head, give_up);
    }

    // See queue_options::dump_core(). One handle that asks for it is enough.
    void keep_in_core_dumps() noexcept { memory->set_dumped(true); }

    void idle() noexcept override
    {
        notice_removal();
        if (!m_sleepers_limiter.due())
            return;
        const auto begin = rate_limiter::clock::now();
        recover_if_needed(give_up_at_once());
        try
        {
            const structure_lock lock(*file, m_mutex, give_up_at_once());
            if (!lock)
                return; // left to the next sleeper
            forget_dead_sleepers();
        }
        catch (...)
        {
            // The file cannot be locked: as if another process had the lock.
        }
        m_sleepers_limiter.finished(begin);
    }

    void add_role(std::uint32_t role) noexcept override
    {
        process.add_role(role);
    }

    int watched_file() const noexcept override { return file->watchable(); }

    std::uint32_t processes(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept override
    {
        return process.count_slots(handles_in);
    }

    bool any_alive(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept override
    {
        return process.any_alive(handles_in);
    }

    // Recovers what dead processes hold and frees their slots. Returns the
    // number of slots, and in `records` the number of records. Throws
    // queue_busy if it gave up.
    std::size_t
    release_dead_slots(std::size_t& records, give_up_condition give_up = {})
    {
        std::vector<incarnation> dead;
        {
            const structure_lock lock(*file, m_mutex, give_up);
            require_not_busy(bool(lock));
            dead = process.dead();
        }
        // Without the structure lock: this may have to wait for locks of the
        // ring. The slot of a process that dies meanwhile is left to the next
        // call.
        const auto recovered = recover(give_up);
        require_not_busy(recovered.has_value());
        records = *recovered;
        const structure_lock lock(*file, m_mutex, give_up);
        require_not_busy(bool(lock));
        forget_dead_sleepers();
        return process.release_slots(dead);
    }

private:
    std::optional<std::size_t>
    recover_broadcast(give_up_condition give_up) noexcept
    {
        const publishers_lock lock(ring(), give_up);
        if (!lock)
            return {};
        cursor_seat seat(ring(), lock);
        const std::size_t cursors = seat.free_dead();
        return cursors + seat.abandon_reserved();
    }

    // Looks whether the lock file or the segment was deleted by other means
    // than remove_queue().
    void notice_removal() noexcept
    {
        if (!m_removal_limiter.due())
            return;
        const auto begin = rate_limiter::clock::now();
        try
        {
            // A process that has changed its root directory sees neither.
            if (!ring().is_removed() &&
                (file->is_deleted() ||
                 (file->is_current() &&
                  memory_object::is_missing(file->path()))))
                note_removed();
        }
        catch (...)
        {
            // No memory for a path: looks again later.
        }
        m_removal_limiter.finished(begin);
    }

    static void require_not_busy(bool acquired)
    {
        if (!acquired)
            throw_error(errc::busy);
    }

    void leave() noexcept
    {
        // Not in a forked child that has not joined.
        if (process.self().load(std::memory_order_relaxed) != 0)
            recover_if_needed(give_up_at_once());
        process.leave(!m_must_recover.load(std::memory_order_relaxed));
    }

    void require_file() const
    {
        if (!file->is_open())
            throw_error(
                errc::closed,
                "in a forked child, which could not open the queue's file: "
                "the parent had no descriptor left for it, and the system "
                "refuses it to the child; raise the limit (ulimit -n), or fork "
                "before the process gives up its rights");
    }

    void join()
    {
        const auto enter = [this](participant_slot& slot) {
            forget_sleepers(slot); // of its dead owner
            messages().join(
                slot.asleep_for_messages, slot.sets_asleep_for_messages);
            room().join(slot.asleep_for_room, slot.sets_asleep_for_room);
        };
        if (process.join(memory->participants(), enter))
            m_must_recover.store(true, std::memory_order_relaxed);
    }

    void forget_dead_sleepers() noexcept
    {
        process.for_each_dead_sleeper(
            [this](participant_slot& dead) { forget_sleepers(dead); });
    }

    void forget_sleepers(participant_slot& dead) noexcept
    {
        messages().forget(
            dead.asleep_for_messages.exchange(0, std::memory_order_relaxed),
            dead.sets_asleep_for_messages.exchange(
                0, std::memory_order_relaxed));
        room().forget(
            dead.asleep_for_room.exchange(0, std::memory_order_relaxed),
            dead.sets_asleep_for_room.exchange(0, std::memory_order_relaxed));
    }

    object_names m_names;
    bool m_last_removes;  // the last process removes the queue
    fork_mutex m_mutex{}; // of the structure lock
    std::atomic<bool> m_must_recover{false};
    rate_limiter m_sleepers_limiter{dead_sleepers_interval};
    rate_limiter m_removal_limiter{removal_interval};
};

} // namespace detail
} // namespace boost_ipq

#endif
