// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_ATTACHMENT_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_ATTACHMENT_HPP

// A queue inside this process: its ring is plain memory, its sleepers are
// threads, and nobody in it dies alone.

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/wait/local_semaphore.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

struct no_deaths final : liveness
{
    bool alive(incarnation) const noexcept override { return true; }
    std::uint64_t deaths() const noexcept override { return 1; }
};

// What must be there before the attachment, and after it.
template <class Allocator>
struct heap_parts
{
    heap_parts(const queue_mark& mark, const Allocator& allocator)
        : memory(mark.capacity, mark.alignment, allocator)
    {
    }

    basic_ring<Allocator> memory;
    std::atomic<incarnation> member{make_incarnation(0, 1)};
    no_deaths lives;
    std::atomic<std::uint32_t> asleep_for_messages{0};
    std::atomic<std::uint32_t> asleep_for_room{0};
};

template <class Allocator>
class heap_attachment final : private heap_parts<Allocator>, public attachment
{
    using parts = heap_parts<Allocator>;

public:
    heap_attachment(const queue_mark& mark, const Allocator& allocator)
        : parts(mark, allocator),
          attachment(
              parts::memory.view(), parts::member, parts::lives,
              std::make_unique<local_semaphore>(),
              std::make_unique<local_semaphore>())
    {
        messages().join(parts::asleep_for_messages);
        room().join(parts::asleep_for_room);
    }

    void rejoin() override {}
    void idle() noexcept override {}
    void add_role(std::uint32_t) noexcept override {}
};

// The queues inside this process, by name.
class heap_queues
{
public:
    template <class Allocator>
    static std::shared_ptr<attachment> attach(
        open_mode mode, const queue_options& options,
        const Allocator& allocator)
    {
        using bytes = typename std::allocator_traits<
            Allocator>::template rebind_alloc<std::byte>;
        require_usable(mode, options);
        return platform::fork_registry::instance().guarded([&] {
            forget_closed();
            const auto there = entries().find(options.name());
            std::shared_ptr<attachment> result;
            if (there != entries().end())
                result = there->second.queue.lock();
            if (result && mode == open_mode::create)
                throw_error(
                    errc::already_exists, "queue '" + options.name() + "'");
            if (result)
            {
                check_match(options, there->second.mark);
                return result;
            }
            if (!can_create(mode, options))
                throw_missing(mode, options);
            entry found;
            found.mark = make_mark(options);
            result = std::allocate_shared<heap_attachment<bytes>>(
                bytes(allocator), found.mark, bytes(allocator));
            result->note_created();
            found.queue = result;
            if (options.lifetime() == lifetime::persistent)
                found.keeper = result;
            entries()[options.name()] = std::move(found);
            return result;
        });
    }

    static bool remove(const queue_options& options)
    {
        entry removed;
        platform::fork_registry::instance().guarded([&] {
            const auto found = entries().find(options.name());
            if (found != entries().end())
            {
                removed = std::move(found->second);
                entries().erase(found);
            }
            return 0;
        });
        return removed.queue.lock() != nullptr;
    }

private:
    struct entry
    {
        queue_mark mark;
        std::weak_ptr<attachment> queue;
        std::shared_ptr<attachment> keeper; // of a persistent queue
    };

    static void forget_closed()
    {
        for (auto i = entries().begin(); i != entries().end();)
            i = i->second.queue.expired() ? entries().erase(i) : std::next(i);
    }

    // Never destroyed: handles may be static objects themselves.
    static std::map<std::string, entry>& entries()
    {
        static auto* const instance = new std::map<std::string, entry>;
        return *instance;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
