// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_JOINING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_JOINING_HPP

// As the exchange, with the library's own participants: processes join and
// leave while others use the ring, take the slots of dead processes, and
// recover what these held. There are no more slots than processes.

#include "exchange.hpp"
#include <boost_ipq/detail/membership/participant.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace weak {

class joining : exchange
{
public:
    explicit joining(world& all) noexcept
        : exchange(all),
          m_table(std::make_unique<detail::participant_table>())
    {
        for (auto& slot : m_table->entries)
            slot.used.store(detail::slot_taken);
    }

    void run(std::uint64_t seed)
    {
        prepare(seed);
        const auto slots = static_cast<std::uint32_t>(m_members);
        m_kernel.reset(slots);
        m_structure.reset();
        m_table->end.store(0);
        // Near the generation at which they begin again.
        for (std::uint32_t i = 0; i < slots; ++i)
        {
            m_table->entries[i].used.store(detail::slot_free);
            m_table->entries[i].generation.store(
                detail::generation_mask - i % 3);
        }
        auto& ranges = shared_ranges::instance();
        ranges.add(m_table->entries, slots * sizeof m_table->entries[0]);
        ranges.add(&m_table->end, sizeof m_table->end);
        for (std::size_t i = 0; i < max_threads; ++i)
        {
            m_processes[i].emplace(m_file);
            m_world.self_words[i] = &m_processes[i]->self();
            m_world.witnesses[i] = &*m_processes[i];
        }
        run_members([this](std::size_t i, auto body) {
            join(i);
            body();
            m_processes[i]->leave(true);
        });
        for (std::uint32_t i = 0; i < slots; ++i)
            m_table->entries[i].used.store(detail::slot_taken);
    }

private:
    void join(std::size_t i)
    {
        m_structure.lock();
        const bool in_place_of_dead =
            m_processes[i]->join(*m_table, [](detail::participant_slot&) {});
        m_structure.unlock();
        if (!in_place_of_dead)
            return;
        const detail::ring_view ring = m_world.seen_by(i);
        detail::read_end(ring).recover(
            *detail::write_end(ring).rolled_forward());
    }

    std::unique_ptr<detail::participant_table> m_table;
    kernel_locks m_kernel;
    kernel_mutex m_structure;
    detail::lock_file m_file{m_kernel};
    std::optional<detail::participant> m_processes[max_threads];
};

} // namespace weak

#endif
