// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_HEAP_QUEUES_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_HEAP_QUEUES_IPP

#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/heap_queues.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

struct heap_queues::entry
{
    queue_mark mark{};
    std::weak_ptr<attachment> queue{};
    std::shared_ptr<attachment> keeper{}; // keeps a persistent queue alive
};

// The entries. All calls are made inside fork_registry::guarded().
class heap_queues::registry
{
public:
    // Returns null if there is no such queue.
    static entry* find(const std::string& name)
    {
        forget_closed();
        const auto found = entries().find(name);
        return found == entries().end() ? nullptr : &found->second;
    }

    static void add(const std::string& name, entry added)
    {
        entries()[name] = std::move(added);
    }

    static entry take(const std::string& name)
    {
        entry result;
        const auto found = entries().find(name);
        if (found != entries().end())
        {
            result = std::move(found->second);
            entries().erase(found);
        }
        return result;
    }

private:
    static void forget_closed()
    {
        for (auto i = entries().begin(); i != entries().end();)
            i = i->second.queue.expired() ? entries().erase(i) : std::next(i);
    }

    // Never destroyed: handles may be static objects.
    static std::map<std::string, entry>& entries()
    {
        static auto* const instance = new std::map<std::string, entry>;
        return *instance;
    }
};

BOOST_IPQ_DECL bool heap_queues::find(
    open_mode mode, const queue_options& options,
    std::shared_ptr<attachment>& existing)
{
    entry* const found = registry::find(options.name());
    existing = found ? found->queue.lock() : nullptr;
    if (!existing)
        return false;
    if (mode == open_mode::create)
        throw_error(errc::already_exists, "queue '" + options.name() + "'");
    check_match(options, found->mark);
    if (demands_type(options) && !has_type(found->mark))
    {
        set_type(found->mark, options);
        found->mark.type = type_checksum(found->mark);
    }
    return true;
}

BOOST_IPQ_DECL std::shared_ptr<attachment> heap_queues::attach(
    open_mode mode, const queue_options& options,
    const std::function<std::shared_ptr<attachment>()>& make)
{
    require_usable(mode, options);
    auto& guard = platform::fork_registry::instance();
    // The last reference may be dropped here, but not inside guarded(): the
    // attachment is a fork listener itself.
    std::shared_ptr<attachment> existing;
    if (guard.guarded([&] { return find(mode, options, existing); }))
        return existing;
    if (!can_create(mode, options))
        throw_missing(mode, options);
    std::shared_ptr<attachment> created = make();
    return guard.guarded([&] {
        // Another thread may have been faster.
        if (find(mode, options, existing))
            return existing;
        created->note_created();
        const bool keep = options.lifetime() == lifetime::persistent;
        registry::add(
            options.name(),
            {make_mark(options), created, keep ? created : nullptr});
        return created;
    });
}

BOOST_IPQ_DECL bool heap_queues::exists(const queue_options& options)
{
    return platform::fork_registry::instance().guarded(
        [&] { return registry::find(options.name()) != nullptr; });
}

BOOST_IPQ_DECL bool heap_queues::remove(const queue_options& options)
{
    // The queue is destroyed after guarded(): that needs the registry's mutex.
    const entry removed = platform::fork_registry::instance().guarded(
        [&] { return registry::take(options.name()); });
    const auto queue = removed.queue.lock();
    if (queue)
        queue->note_removed();
    return queue != nullptr;
}

} // namespace detail
} // namespace boost_ipq

#endif
