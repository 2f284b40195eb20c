// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_SET_WAITING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_SET_WAITING_HPP

// Wait sets that sleep for a queue, as set_sleep does it, and publishers that
// wake them. No sleep ends by itself; a set that misses a change sleeps
// forever.

#include "sleeping.hpp"
#include <boost_ipq/detail/wait/set_word.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace weak {

class set_waiting
{
public:
    explicit set_waiting(world& all) noexcept : m_world(all) {}

    void run(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        auto& random = all.random();
        m_world.begin(264, 8, true);
        m_world.uniform = true;
        shared_ranges::instance().add(&m_slots, sizeof m_slots);
        all.memory.stale_percent = random.below(90);
        all.memory.multi_copy_atomic = random.one_in(2);
        detail::platform::has_membarrier() = !random.one_in(3);
        m_publishers = 1 + random.below(2);
        m_sets = 1 + random.below(2);
        m_each = m_sets * (1 + random.below(2));
        m_posts = posts();
        for (std::size_t i = 0; i < m_publishers + m_sets; ++i)
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
        if (!all.failed() && m_world.book.left() != 0)
            all.memory.fail("a message is lost");
        if (!all.failed() &&
            detail::sleepers_in(m_world.view.control->messages.count.load()) !=
                0)
            all.memory.fail("a set counts as a sleeper");
        detail::platform::has_membarrier() = true;
    }

private:
    struct slot
    {
        detail::atomic<std::uint32_t> asleep, sets;
    };

    void join(std::size_t i)
    {
        auto& control = *m_world.view.control;
        m_slots[i].asleep.store(0);
        m_slots[i].sets.store(0);
        m_events[i].emplace(
            control.messages, control.attention,
            std::make_unique<kernel_semaphore>(m_posts));
        m_events[i]->join(m_slots[i].asleep, m_slots[i].sets);
    }

    void publish(std::size_t i)
    {
        const auto& control = *m_world.view.control;
        detail::ring_writer out(m_world.seen_by(i));
        for (std::size_t count = 0; count < m_each; ++count)
        {
            std::uint64_t body[ledger::max_words_each];
            const std::size_t number = m_world.book.begin(8, body);
            world::expect(
                out.try_publish(body, 8) == status::done, "sending failed");
            m_world.book.sent(number);
            if (detail::event_count::notify_needed(control, control.messages))
                m_events[i]->notify_one();
        }
    }

    // Receives its share.
    void receive(std::size_t i)
    {
        detail::ring_reader in(m_world.seen_by(i));
        const std::size_t share = m_publishers * m_each / m_sets;
        for (std::size_t count = 0; count < share;)
        {
            std::uint64_t body[ledger::max_words_each];
            copy_target target{body, sizeof body};
            const status end = in.try_take(target);
            if (end == status::done)
            {
                ++count;
                m_world.book.taken(
                    m_world.book.received(body, target.size, true));
                continue;
            }
            world::expect(end == status::would_block, "receiving failed");
            sleep(i, in);
        }
    }

    void sleep(std::size_t i, detail::ring_reader& in)
    {
        detail::event_count& events = *m_events[i];
        events.count_set(1);
        const std::uint32_t seen = events.sets().join(detail::one_sleeping_set);
        if (!detail::platform::asymmetric_fence_heavy())
            events.heavy_fence();
        if (!in.something())
            wait(seen);
        events.sets().leave(seen, detail::one_sleeping_set);
        events.count_set(~std::uint32_t(0));
    }

    // The kernel compares the newest posts.
    void wait(std::uint32_t seen)
    {
        auto& all = machine::instance();
        const detail::atomic_word& word = m_world.view.control->messages.sets;
        all.step();
        if (all.memory.newest(&word, 0) >> 32 == seen)
            all.sleep(&word);
    }

    world& m_world;
    std::size_t m_publishers = 0, m_sets = 0;
    std::size_t m_each = 0; // messages of a publisher
    posts m_posts;          // no thread sleeps there
    slot m_slots[max_threads];
    std::optional<detail::event_count> m_events[max_threads];
};

} // namespace weak

#endif
