// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_ATTACHMENT_HPP

// The attachment to a queue inside this process. Its ring is plain memory, its
// sleepers are threads of this process, and it needs no recovery: the queue
// dies with the process.

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/dead_letter_options.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/platform/futex.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/incarnation.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/liveness.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/wait/bell.hpp>
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <boost_ipq/detail/wait/local_semaphore.hpp>
#include <boost_ipq/detail/wait/semaphore.hpp>
#include <boost_ipq/queue_options.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace boost_ipq {
namespace detail {

struct no_deaths final : liveness
{
    bool alive(incarnation) const noexcept override { return true; }
    std::uint64_t deaths() const noexcept override { return 1; }
};

// A futex where there is one: unlike a mutex, it may be used in a signal
// handler, by stop().
inline std::unique_ptr<semaphore> make_heap_semaphore(sleeper_line& sleepers)
{
    if constexpr (platform::has_shared_futex)
        return std::make_unique<futex_semaphore>(sleepers.posts);
    else
        return std::make_unique<local_semaphore>();
}

// What subscribers sleep on.
inline std::unique_ptr<semaphore>
make_messages_semaphore(sleeper_line& sleepers, bool broadcast)
{
    if (!broadcast)
        return make_heap_semaphore(sleepers);
    if constexpr (platform::has_shared_futex)
        return std::make_unique<shared_bell>(sleepers.posts);
    else
        return std::make_unique<local_bell>();
}

// Constructed before the attachment and destroyed after it.
template <class Allocator>
struct heap_parts
{
    heap_parts(const queue_options& options, const Allocator& allocator)
        : memory(
              options.capacity(), options.message_alignment(), allocator, 0,
              false, options.max_deliveries()),
          cursors(
              options.kind() == queue_kind::broadcast ? 1 : 0,
              cursors_allocator(allocator))
    {
        if (cursors.empty())
            return;
        ring_control& control = *memory.view().control;
        control.kind = kind_broadcast;
        control.overflow = static_cast<std::uint32_t>(options.overflow());
    }

    ring_view view() noexcept
    {
        ring_view result = memory.view();
        result.cursors = cursors.data();
        return result;
    }

    using cursors_allocator = typename std::allocator_traits<
        Allocator>::template rebind_alloc<cursor_table>;

    basic_ring<Allocator> memory;
    std::vector<cursor_table, cursors_allocator> cursors; // of a broadcast
    atomic<incarnation> process{make_incarnation(0, 1)};
    no_deaths all_alive{};
    atomic<std::uint32_t> asleep_for_messages{0};
    atomic<std::uint32_t> asleep_for_room{0};
    atomic<std::uint32_t> sets_asleep_for_messages{0};
    atomic<std::uint32_t> sets_asleep_for_room{0};
};

template <class Allocator>
class heap_attachment final : private heap_parts<Allocator>, public attachment
{
    using parts = heap_parts<Allocator>;

public:
    // `open` opens or creates a queue with other options.
    template <class Open>
    heap_attachment(
        const queue_options& options, const Allocator& allocator, Open open)
        : parts(options, allocator),
          attachment(
              parts::view(), options.capacity(), parts::process,
              parts::all_alive,
              make_messages_semaphore(
                  parts::view().control->messages, !parts::cursors.empty()),
              make_heap_semaphore(parts::view().control->room))
    {
        if (options.max_deliveries() != 0)
            set_dead_letters(std::make_unique<dead_letter_queue>(
                *this,
                [open, letters = dead_letter_options::made_from(options)](
                    const lock_limit&) { return open(letters); }));
        messages().join(
            parts::asleep_for_messages, parts::sets_asleep_for_messages);
        room().join(parts::asleep_for_room, parts::sets_asleep_for_room);
    }

    bool rejoin(give_up_condition) override { return true; }
    void idle() noexcept override {}

    // Relaxed: a count of handles, for nothing but looks.
    void add_role(std::uint32_t role) noexcept override
    {
        m_roles.fetch_add(role, std::memory_order_relaxed);
    }

    // One: this process.
    std::uint32_t processes(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept override
    {
        return handles_in(m_roles.load(std::memory_order_relaxed)) != 0;
    }

    bool any_alive(
        std::uint32_t (*handles_in)(std::uint32_t)) const noexcept override
    {
        return processes(handles_in) != 0;
    }

private:
    atomic<std::uint32_t> m_roles{0};
};

} // namespace detail
} // namespace boost_ipq

#endif
