// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_SLEEPING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_SLEEPING_HPP

// Publishers and subscribers that sleep while the ring is full or empty. All
// messages must pass although no sleep ends by itself; only after a death may
// the machine end a sleep when all threads sleep. Or a process removes the
// queue: the sleepers must notice.

#include "world.hpp"
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace weak {

// A semaphore of the kernel.
struct posts
{
    std::uint32_t count = 0;
    view posted; // what the posters had seen
};

class kernel_semaphore final : public detail::semaphore
{
public:
    explicit kernel_semaphore(posts& shared) noexcept : m_shared(shared) {}

    // A short wait ends by itself, a long one does not.
    bool wait_for(std::chrono::nanoseconds duration) override
    {
        auto& all = machine::instance();
        for (;;)
        {
            all.step();
            if (m_shared.count != 0)
            {
                --m_shared.count;
                all.memory.follow(m_shared.posted);
                return true;
            }
            if (duration < std::chrono::milliseconds(1))
            {
                all.yield();
                return false;
            }
            if (!all.sleep(&m_shared))
                return false;
        }
    }

    void post() override
    {
        auto& all = machine::instance();
        all.step();
        ++m_shared.count;
        m_shared.posted.join(all.memory.observers[all.current()].now);
        all.wake_one(&m_shared);
    }

private:
    posts& m_shared;
};

class sleeping
{
public:
    explicit sleeping(world& all) noexcept : m_world(all) {}

    void run(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        auto& random = all.random();
        m_world.begin(24 + 16 * random.below(3), 8, true);
        m_world.uniform = true;
        shared_ranges::instance().add(&m_asleep, sizeof m_asleep);
        all.memory.stale_percent = random.below(90);
        all.memory.multi_copy_atomic = random.one_in(2);
        all.deaths_left = random.one_in(4);
        all.steps_per_death = 40 + random.below(400);
        detail::platform::has_membarrier() = !random.one_in(3);
        m_publishers = 1 + random.below(2);
        m_subscribers = 1 + random.below(2);
        m_each = 2 * (1 + random.below(3));
        m_removed = random.one_in(4);
        m_done = 0;
        m_messages = m_room = posts();
        for (std::size_t i = 0; i < m_publishers + m_subscribers; ++i)
        {
            join(i);
            all.add([this, i] {
                if (i < m_publishers)
                    publish(i);
                else
                    receive(i);
            });
        }
        all.run();
        if (!all.failed() && all.deaths == 0 && m_world.book.left(0) != 0)
            all.memory.fail("a message is lost");
        detail::platform::has_membarrier() = true;
    }

private:
    static constexpr std::chrono::milliseconds long_sleep{50};

    struct slot
    {
        detail::atomic<std::uint32_t> for_messages, for_room, sets;
    };

    // The words of the process in thread i.
    void join(std::size_t i)
    {
        auto& control = *m_world.view.control;
        m_asleep[i].for_messages.store(0);
        m_asleep[i].for_room.store(0);
        m_events[i][0].emplace(
            control.messages, control.attention,
            std::make_unique<kernel_semaphore>(m_messages));
        m_events[i][1].emplace(
            control.room, control.attention,
            std::make_unique<kernel_semaphore>(m_room));
        m_events[i][0]->join(m_asleep[i].for_messages, m_asleep[i].sets);
        m_events[i][1]->join(m_asleep[i].for_room, m_asleep[i].sets);
    }

    detail::event_count& messages(std::size_t i) { return *m_events[i][0]; }
    detail::event_count& room(std::size_t i) { return *m_events[i][1]; }

    void publish(std::size_t i)
    {
        const auto& control = *m_world.view.control;
        detail::ring_writer out(m_world.seen_by(i));
        for (std::size_t count = 0; count < m_each; ++count)
        {
            std::uint64_t body[ledger::max_words_each];
            const std::size_t number = m_world.book.begin(8, body);
            const auto attempt = [&] { return out.try_publish(body, 8); };
            status end = attempt();
            if (end == status::done)
            {
                if (detail::event_count::notify_needed(
                        control, control.messages))
                    messages(i).notify_one();
            }
            else
                end = wait(room(i), attempt, [&] { messages(i).notify_one(); });
            if (end != status::done)
            {
                m_world.book.refused(number);
                return;
            }
            m_world.book.sent(number);
        }
        if (i == 0 && m_removed)
        {
            set_removed(*m_world.view.control);
            messages(i).wake_all();
            room(i).wake_all();
        }
    }

    // Takes its share, or until the queue is removed.
    void receive(std::size_t i)
    {
        const auto& control = *m_world.view.control;
        const std::size_t share = m_publishers * m_each / m_subscribers;
        detail::ring_reader in(m_world.seen_by(i));
        for (std::size_t count = 0; m_removed || count < share; ++count)
        {
            std::uint64_t body[ledger::max_words_each];
            copy_target target{body, sizeof body};
            const auto attempt = [&] { return in.try_take(target); };
            status end = attempt();
            if (end == status::done)
            {
                if (detail::event_count::notify_needed(control, control.room))
                    room(i).notify_all();
            }
            else if (end == status::would_block)
            {
                end = wait(messages(i), attempt, [&] { room(i).notify_all(); });
                if (in.something())
                    messages(i).notify_one();
            }
            if (end != status::done)
                return;
            m_world.book.taken(m_world.book.received(body, target.size, true));
        }
    }

    // As wait_loop does it.
    template <class Attempt, class Notify>
    status wait(detail::event_count& events, Attempt attempt, Notify notify)
    {
        for (;;)
        {
            detail::event_count::prepared_wait prepared(events);
            const status end = attempt();
            if (end == status::done)
                notify();
            if (end != status::would_block)
                return end;
            prepared.commit(long_sleep);
            if (machine::instance().time_outs != 0)
                return status::would_block;
        }
    }

    world& m_world;
    std::size_t m_publishers = 0, m_subscribers = 0;
    std::size_t m_each = 0; // messages of a publisher
    std::size_t m_done = 0;
    bool m_removed = false;
    posts m_messages, m_room;
    slot m_asleep[max_threads];
    std::optional<detail::event_count> m_events[max_threads][2];
};

} // namespace weak

#endif
