// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_AWAIT_QUEUE_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_AWAIT_QUEUE_IPP

#include <boost_ipq/detail/attachment/await_queue.hpp>
#include <boost_ipq/detail/attachment/heap_queues.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/directory_watch.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/error.hpp>
#include <algorithm>
#include <string>
#include <thread>

namespace boost_ipq {
namespace detail {

struct queue_wait::state
{
    explicit state(const queue_options& options)
        : name(options.name()),
          names(options.name(), options.directory()),
          watch(names.lock_path, max_watch_nap)
    {
    }

    const std::string name;
    const object_names names;
    platform::directory_watch watch;
};

enum class readiness
{
    absent, // an event of the file system tells when that changes
    begins, // a process works on it
    ready
};

// The last step of a creation is no event: the creator locks its slot, which a
// queue with lifetime::while_open needs to be there.
inline readiness readiness_of(const object_names& names)
{
    lock_file file;
    queue_mark mark;
    try
    {
        if (!file.open_unlocked(names.lock_path))
            return readiness::absent;
    }
    catch (const error& e)
    {
        // Another user's creation, which is not open to others yet.
        if (e.code() == make_error_code(errc::permission_denied) &&
            platform::is_being_made(names.lock_path))
            return readiness::begins;
        throw;
    }
    if (is_there(file, mark))
        return readiness::ready;
    if (file.structure_locked_elsewhere())
        return readiness::begins;
    // Meanwhile it may have been finished.
    return is_there(file, mark) ? readiness::ready : readiness::absent;
}

BOOST_IPQ_DECL queue_wait::queue_wait(const queue_options& options)
    : m_state(new state(options))
{
}

BOOST_IPQ_DECL queue_wait::~queue_wait()
{
    delete m_state;
}

BOOST_IPQ_DECL bool queue_wait::run(const wait_limit& limit)
{
    const platform::no_thread_cancellation no_cancellation;
    return translated(m_state->name, [&] {
        for (;;)
        {
            const readiness now = readiness_of(m_state->names);
            if (now == readiness::ready)
                return true;
            if (limit.reached())
                return false;
            const nanoseconds longest = now == readiness::begins
                                            ? nanoseconds(creation_nap)
                                            : (nanoseconds::max)();
            m_state->watch.wait((std::min)(longest, limit.remaining()));
        }
    });
}

BOOST_IPQ_DECL bool
await_in_heap(const queue_options& options, const wait_limit& limit)
{
    while (!heap_queues::exists(options))
    {
        if (limit.reached())
            return false;
        std::this_thread::sleep_for(
            (std::min<nanoseconds>)(max_watch_nap, limit.remaining()));
    }
    return true;
}

BOOST_IPQ_DECL void queue_wait::wake() noexcept
{
    m_state->watch.wake();
}

} // namespace detail
} // namespace boost_ipq

#endif
