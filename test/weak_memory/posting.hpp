// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_POSTING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_POSTING_HPP

// The semaphore of a queue in a file: what a thread wrote before its post, the
// thread that takes the post must see. And a process that joins after a fork
// while another of its threads goes to sleep: that thread must count itself in
// the new slot.

#include "world.hpp"
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace weak {

class posting
{
public:
    explicit posting(world&) noexcept {}

    void run(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        all.memory.stale_percent = all.random().below(90);
        all.memory.multi_copy_atomic = all.random().one_in(2);
        detail::platform::has_membarrier() = all.random().one_in(2);
        m_posts.store(0);
        m_self.store(1);
        m_old_slot.store(0);
        m_new_slot.store(0);
        m_events.emplace(
            m_sleepers, m_attention,
            std::make_unique<detail::futex_semaphore>(m_posts));
        m_events->join(m_old_slot, m_sets);
        m_taken = 0;
        auto& ranges = shared_ranges::instance();
        ranges.clear();
        ranges.add(this, sizeof *this);
        for (std::size_t i = 0; i < 2; ++i)
        {
            all.add([this, i] { post(i); });
            all.add([this] { take(); });
        }
        all.add([this] { join(); });
        all.add([this] { count(); });
        all.run();
        detail::platform::has_membarrier() = true;
    }

private:
    void post(std::size_t i)
    {
        detail::futex_semaphore semaphore(m_posts);
        const std::uint64_t value = i + 1;
        copy_in(&m_data[i], &value, 8);
        semaphore.post();
    }

    // The first post that is taken may be of either thread, but the second has
    // seen both.
    void take()
    {
        detail::futex_semaphore semaphore(m_posts);
        while (!semaphore.wait_for(std::chrono::nanoseconds(0)))
            machine::instance().yield();
        if (++m_taken != 2)
            return;
        std::uint64_t values[2];
        copy_out(values, m_data, sizeof values);
        world::expect(values[0] == 1 && values[1] == 2, "a post came early");
    }

    // As participant::join() with the attachment's part of it.
    void join()
    {
        m_events->join(m_new_slot, m_sets);
        m_self.store(2, std::memory_order_seq_cst);
    }

    void count()
    {
        while (m_self.load(std::memory_order_relaxed) != 2)
            machine::instance().yield();
        detail::event_count::prepared_wait prepared(*m_events);
        world::expect(
            m_old_slot.load(std::memory_order_relaxed) == 0,
            "counted in the slot before the fork");
    }

    std::uint64_t m_data[2] = {};
    detail::atomic<std::uint32_t> m_posts;
    detail::sleeper_line m_sleepers;
    detail::atomic<std::uint32_t> m_attention{0};
    detail::atomic<std::uint32_t> m_self, m_old_slot, m_new_slot, m_sets;
    std::optional<detail::event_count> m_events;
    std::size_t m_taken = 0; // outside of the simulation
};

} // namespace weak

#endif
