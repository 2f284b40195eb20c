// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_WORLD_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_WORLD_HPP

// A ring in simulated memory, with its publishers and subscribers.

#include "stand_ins.hpp"
#include "ledger.hpp"
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace weak {

namespace detail = boost_ipq::detail;
using detail::incarnation;
using detail::status;

// Each thread is a process. A thread that sees a death also sees what the dead
// process did: the kernel has told it.
struct thread_liveness final : detail::liveness
{
    bool alive(incarnation who) const noexcept override
    {
        auto& all = machine::instance();
        const std::size_t thread = detail::slot_of(who);
        if (thread >= all.threads() || !all.is_dead(thread))
            return true;
        all.memory.follow(thread);
        return false;
    }

    std::uint64_t deaths() const noexcept override
    {
        auto& all = machine::instance();
        std::uint64_t result = 1;
        for (std::size_t i = 0; i < all.threads(); ++i)
            result |= std::uint64_t(all.is_dead(i)) << (i + 1);
        return result;
    }
};

// Where a message is copied to.
struct copy_target
{
    std::uint64_t* buffer;
    std::size_t capacity; // bytes
    std::size_t size = 0;

    bool fits(std::size_t length) noexcept
    {
        size = length;
        return length <= capacity;
    }
    bool may_take(std::size_t length) noexcept { return fits(length); }
    void take(const void* body, std::size_t length) noexcept
    {
        copy_out(buffer, body, length);
    }
};

using ring_in_memory = detail::basic_ring<std::allocator<std::byte>>;

struct world
{
    weak::ledger book;
    thread_liveness witness;
    std::optional<ring_in_memory> ring;
    detail::ring_view view;
    detail::atomic<incarnation> names[max_threads];
    const detail::atomic<incarnation>* self_words[max_threads];
    const detail::liveness* witnesses[max_threads];
    std::uint64_t start = 0; // messages before the run
    bool uniform = false;    // all messages have one word
    std::size_t sending = 0; // publishers in a call
    std::size_t taking = 0;  // subscribers in a call

    // Begins a run: `longest` words in a message, small ones are copied under
    // the lock.
    void begin(
        std::size_t capacity, std::size_t alignment, bool all_small,
        std::uint32_t max_deliveries = 0)
    {
        auto& all = machine::instance();
        book.reset();
        sending = taking = 0;
        uniform = all.random().one_in(3);
        // Near the wrap of the count, and of its half.
        const std::uint32_t first =
            all.random().one_in(2) ? 0xfffffffdu : 0x7ffffffdu;
        start = first;
        ring.emplace(
            capacity, alignment, std::allocator<std::byte>(), first, false,
            max_deliveries);
        view = ring->view();
        // As in a large ring, whose room for padding is a small part of it.
        if (all.random().one_in(2))
            view.size -=
                alignment *
                all.random().below((view.size - view.capacity) / alignment);
        if (!all_small)
            view.short_length = 8;
        auto& ranges = shared_ranges::instance();
        ranges.clear();
        ranges.add(view.control, sizeof(detail::ring_control));
        ranges.add(view.data, view.size);
        for (std::uint32_t i = 0; i < max_threads; ++i)
        {
            names[i].store(detail::make_incarnation(i, 1));
            self_words[i] = &names[i];
            witnesses[i] = &witness;
        }
    }

    detail::ring_view seen_by(std::size_t thread)
    {
        detail::ring_view result = view;
        result.self_word = self_words[thread];
        result.peers = witnesses[thread];
        return result;
    }

    std::size_t longest() const noexcept
    {
        const std::size_t words = view.max_length() / 8;
        return words < ledger::max_words_each ? words : ledger::max_words_each;
    }

    // Bytes of the next message: mostly of few words, so that several fit.
    std::size_t some_size()
    {
        auto& random = machine::instance().random();
        const std::size_t most = longest();
        if (uniform)
            return 8;
        return (1 + random.below(most < 4 || random.one_in(6) ? most : 4)) * 8;
    }

    static void expect(bool condition, const char* what)
    {
        if (!condition)
            machine::instance().stop(what);
    }
};

} // namespace weak

#endif
