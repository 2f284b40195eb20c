// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Each step of a sleep and of a wake-up, in one thread: a semaphore and a task
// that follow a script note in which order they are called. Sleeps are short
// and bounded, so a step that is missing would cost only time elsewhere.

#include "support/interrupted.hpp"
#include "support/main.hpp"
#include "support/sanitizer.hpp"
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#if defined(__linux__)
#include <dlfcn.h>
#include <sys/syscall.h>
#endif

namespace detail = boost_ipq::detail;
using detail::status;
using namespace std::chrono_literals;

namespace {

std::string trace; // what was called, in order
bool barrier_allowed = true;
std::function<void()> on_barrier;

} // namespace

#if defined(__linux__) && defined(__GLIBC__)

// Stands in front of the C library's function: shows when the heavy side of the
// asymmetric fence is executed.
extern "C" long syscall(long number, ...) noexcept
{
    va_list list;
    va_start(list, number);
    long arguments[6];
    for (long& argument : arguments)
        argument = va_arg(list, long);
    va_end(list);
    if (number == SYS_membarrier)
    {
        const bool registers =
            arguments[0] ==
            detail::platform::membarrier_register_global_expedited;
        trace += registers ? "registered " : "barrier ";
        if (!registers && on_barrier)
            on_barrier();
        errno = barrier_allowed ? 0 : ENOSYS;
        return barrier_allowed ? 0 : -1;
    }
    using function = long (*)(long, ...);
    static const auto real =
        reinterpret_cast<function>(::dlsym(RTLD_NEXT, "syscall"));
    return real(
        number, arguments[0], arguments[1], arguments[2], arguments[3],
        arguments[4], arguments[5]);
}

constexpr bool shows_barriers = !boost_ipq::detail::platform::is_generic;

#else

constexpr bool shows_barriers = false;

#endif

namespace {

struct scripted_semaphore final : detail::semaphore
{
    bool wait_for(std::chrono::nanoseconds duration) override
    {
        trace += "sleep ";
        last_sleep = duration;
        if (on_sleep)
            on_sleep();
        if (posts == 0)
            return false;
        --posts;
        return true;
    }

    void post() override { ++posts; }

    std::atomic<std::uint32_t> posts{0};
    std::chrono::nanoseconds last_sleep{0};
    std::function<void()> on_sleep;
};

struct fixture
{
    fixture()
    {
        auto made = std::make_unique<scripted_semaphore>();
        semaphore = made.get();
        barrier_allowed = true;
        on_barrier = nullptr;
        events.emplace(control.messages, control.attention, std::move(made));
        events->join(asleep, sets_asleep);
        trace.clear();
    }

    std::uint32_t count() const { return control.messages.count.load(); }
    bool fences() const
    {
        return (control.attention.load() & detail::fence_needed) != 0;
    }

    detail::ring_control control{};
    std::atomic<std::uint32_t> asleep{0}, sets_asleep{0};
    scripted_semaphore* semaphore = nullptr;
    std::optional<detail::event_count> events;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_counts, fixture)

BOOST_AUTO_TEST_CASE(a_sleeper_that_is_woken)
{
    {
        detail::event_count::prepared_wait wait(*events);
        BOOST_TEST(count() == 1u);
        BOOST_TEST(asleep.load() == 1u);
        events->notify_one();
        BOOST_TEST(count() == 0u);
        BOOST_TEST(semaphore->posts.load() == 1u);
        BOOST_TEST(wait.commit(7ms));
        BOOST_TEST((semaphore->last_sleep == 7ms));
    }
    BOOST_TEST(count() == 0u);
    BOOST_TEST(asleep.load() == 0u);
    BOOST_TEST(semaphore->posts.load() == 0u);
}

BOOST_AUTO_TEST_CASE(a_sleeper_that_is_not_woken)
{
    for (const bool commits : {false, true})
    {
        {
            detail::event_count::prepared_wait wait(*events);
            if (commits)
                BOOST_TEST(!wait.commit(1ms));
            BOOST_TEST(count() == 1u);
            BOOST_TEST(asleep.load() == 1u);
        }
        BOOST_TEST(count() == 0u);
        BOOST_TEST(asleep.load() == 0u);
    }
}

// The waker has taken it off the count, but its post comes late: the sleeper
// that leaves waits for it, or the post would wake another for nothing.
BOOST_AUTO_TEST_CASE(a_post_that_comes_late)
{
    {
        const detail::event_count::prepared_wait wait(*events);
        control.messages.count = 0;
        semaphore->on_sleep = [this] { semaphore->posts = 1; };
    }
    BOOST_TEST(trace.substr(trace.size() - 6) == "sleep ");
    BOOST_TEST(semaphore->posts.load() == 0u);
    BOOST_TEST(count() == 0u);
}

// The sleeper is counted before the barrier, and looks at the ring after it.
BOOST_AUTO_TEST_CASE(the_barrier_lies_between)
{
    if (!shows_barriers)
        return test::skip("the barrier cannot be observed here");
    std::uint32_t counted = 0;
    on_barrier = [&] { counted = count(); };
    const detail::event_count::prepared_wait wait(*events);
    BOOST_TEST(trace == "barrier ");
    BOOST_TEST(counted == 1u);
    BOOST_TEST(!fences());
}

// The process entered a sandbox after it had joined, or before.
BOOST_AUTO_TEST_CASE(a_barrier_that_is_refused)
{
    if (!shows_barriers)
        return test::skip("the barrier cannot be refused here");
    barrier_allowed = false;
    for (int i = 0; i < 2; ++i)
    {
        const detail::event_count::prepared_wait wait(*events);
        BOOST_TEST(fences());
    }
    BOOST_TEST(trace == "barrier "); // it is not asked for again
    control.attention = 0;
    events->join(asleep, sets_asleep);
    BOOST_TEST(fences());
}

#if BOOST_IPQ_TEST_INTERRUPTED

// Between the change of the ring and the look at the count, a waker executes a
// full fence if a process asks for it, and else none.
BOOST_AUTO_TEST_CASE(fences_of_wakers)
{
    if (test::with_thread_sanitizer)
        return test::skip("ThreadSanitizer executes fences of its own");
    for (const bool needed : {false, true})
    {
        control.attention = needed ? detail::fence_needed : 0;
        const test::interrupted one([&] { events->notify_one(); }, [](long) {});
        BOOST_TEST(one.fences() == (needed ? 1 : 0));
        const test::interrupted all([&] { events->notify_all(); }, [](long) {});
        BOOST_TEST(all.fences() == (needed ? 1 : 0));
    }
}

#endif

BOOST_AUTO_TEST_CASE(as_many_as_changes)
{
    for (const std::uint32_t sleeping : {0u, 1u, 5u})
        for (const std::uint32_t changes : {0u, 1u, 3u, 9u})
        {
            semaphore->posts = 0;
            control.messages.count = sleeping;
            events->notify(changes);
            const std::uint32_t woken = (std::min)(sleeping, changes);
            BOOST_TEST(semaphore->posts.load() == woken);
            BOOST_TEST(count() == sleeping - woken);
        }
}

BOOST_AUTO_TEST_CASE(all)
{
    for (const std::uint32_t sleeping : {0u, 1u, 5u, 0xffffffffu})
    {
        semaphore->posts = 0;
        control.messages.count = sleeping;
        events->notify_all();
        BOOST_TEST(
            semaphore->posts.load() ==
            (std::min)(sleeping, detail::max_sleepers));
        BOOST_TEST(count() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(the_dead_are_forgotten)
{
    control.messages.count = 5;
    events->forget(2);
    BOOST_TEST(count() == 3u);
    events->forget(9);
    BOOST_TEST(count() == 0u);
    BOOST_TEST(semaphore->posts.load() == 0u);
}

BOOST_AUTO_TEST_CASE(notify_is_needed)
{
    if (boost_ipq::detail::platform::is_generic)
        return test::skip("without a barrier it is always needed");
    const auto needed = [&] {
        return detail::event_count::notify_needed(control, control.messages);
    };
    BOOST_TEST(!needed());
    control.messages.count = 1;
    BOOST_TEST(needed());
    control.messages.count = 0;
    for (const std::uint32_t word :
         {detail::fence_needed, detail::queue_is_removed})
    {
        control.attention = word;
        BOOST_TEST(needed());
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// The results of attempts, in order; at the end of the script, `last`.
struct scripted_task final : detail::wait_task
{
    status attempt(detail::give_up_condition) override
    {
        trace += "try ";
        if (script.empty())
            return last;
        const status result = script.front();
        script.pop_front();
        return result;
    }

    bool may_succeed() const noexcept override { return spins; }
    bool more() const noexcept override { return another; }
    bool held_up() const noexcept override { return held; }
    void woken_for_nothing() override { trace += "for nothing "; }
    void idle() noexcept override { trace += "idle "; }

    std::deque<status> script;
    status last = status::would_block;
    bool spins = false; // attempts while it spins
    bool another = false, held = false;
};

struct scripted_limit final : detail::wait_limit
{
    bool reached() const override { return over && over(); }
    detail::nanoseconds remaining() const override { return rest; }

    std::function<bool()> over;
    detail::nanoseconds rest = 1h;
};

struct loop_fixture : fixture
{
    loop_fixture()
    {
        // Few attempts before each sleep.
        for (int i = 0; i < 20; ++i)
            all.spinning_paid(false);
        on_barrier = [] {};
    }

    status run()
    {
        trace.clear();
        return detail::wait_loop(all, *events, task, limit).run();
    }

    // Without the barriers, which only Linux shows.
    std::string steps() const
    {
        std::string result = trace;
        for (std::size_t at; (at = result.find("barrier ")) != result.npos;)
            result.erase(at, 8);
        return result;
    }

    detail::waiters all;
    scripted_task task;
    scripted_limit limit;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(loops, loop_fixture)

BOOST_AUTO_TEST_CASE(done_while_spinning)
{
    task.spins = true;
    task.script = {status::would_block, status::done};
    BOOST_TEST((run() == status::done));
    BOOST_TEST(trace == "try try ");
    BOOST_TEST(all.spins() == 2 * detail::min_spins);
}

// What it waits for comes between its last look and the moment at which others
// see that it is about to sleep: it looks once more.
BOOST_AUTO_TEST_CASE(done_before_the_sleep)
{
    task.script = {status::done};
    BOOST_TEST((run() == status::done));
    BOOST_TEST(steps() == "try ");
    BOOST_TEST(count() == 0u);
}

BOOST_AUTO_TEST_CASE(done_after_the_sleep)
{
    semaphore->posts = 1; // its waker is quick
    semaphore->on_sleep = [this] { control.messages.count = 0; };
    task.script = {status::would_block, status::done};
    BOOST_TEST((run() == status::done));
    BOOST_TEST(steps() == "try sleep for nothing try ");
    BOOST_TEST(asleep.load() == 0u);
    BOOST_TEST(count() == 0u);
}

// It wakes by itself: nothing was for it, and a search for dead processes may
// be due.
BOOST_AUTO_TEST_CASE(not_woken)
{
    task.script = {status::would_block, status::would_block, status::done};
    BOOST_TEST((run() == status::done));
    BOOST_TEST(steps() == "try sleep idle try sleep idle try ");
    BOOST_TEST((semaphore->last_sleep == detail::max_sleep));
}

BOOST_AUTO_TEST_CASE(failed)
{
    task.script = {status::would_block, status::corrupt};
    BOOST_TEST((run() == status::corrupt));
    BOOST_TEST(asleep.load() == 0u);
}

// When its time is over, it tries once more, and does not sleep.
BOOST_AUTO_TEST_CASE(over)
{
    limit.over = [] { return true; };
    BOOST_TEST((run() == status::would_block));
    BOOST_TEST(steps() == "try ");
    task.last = status::done;
    BOOST_TEST((run() == status::done));
}

BOOST_AUTO_TEST_CASE(sleeps_up_to_the_limit)
{
    limit.rest = 3ms;
    semaphore->on_sleep = [this] { limit.over = [] { return true; }; };
    BOOST_TEST((run() == status::would_block));
    BOOST_TEST((semaphore->last_sleep == 3ms));
}

// The process that holds it up may die: it asks again soon, then more rarely.
BOOST_AUTO_TEST_CASE(held_up)
{
    task.held = true;
    std::deque<std::chrono::nanoseconds> expected = {
        detail::min_held_up_sleep, 2 * detail::min_held_up_sleep,
        4 * detail::min_held_up_sleep, 8 * detail::min_held_up_sleep,
        detail::max_sleep};
    semaphore->on_sleep = [&] {
        BOOST_TEST((semaphore->last_sleep == expected.front()));
        expected.pop_front();
        if (expected.empty())
            limit.over = [] { return true; };
    };
    BOOST_TEST((run() == status::would_block));
    BOOST_TEST(expected.empty());
}

// Once the handle is stopped, a call tries once more and does not sleep.
BOOST_AUTO_TEST_CASE(stopped)
{
    all.stop(*events);
    BOOST_TEST((run() == status::stopped));
    BOOST_TEST(steps() == "try ");
    task.last = status::done;
    BOOST_TEST((run() == status::done));
}

// The signal comes before the sleep, or in it: that thread is woken.
BOOST_AUTO_TEST_CASE(stopped_while_it_waits)
{
    if (shows_barriers)
    {
        on_barrier = [this] { all.stop(*events); };
        BOOST_TEST((run() == status::stopped));
        // It only waits for its post.
        BOOST_TEST((semaphore->last_sleep == detail::cancel_wait_pause));
        on_barrier = nullptr;
    }
    detail::waiters others;
    semaphore->posts = 0;
    semaphore->on_sleep = [&] {
        others.stop(*events);
        BOOST_TEST(count() == 0u);
        BOOST_TEST(semaphore->posts.load() == 1u);
    };
    trace.clear();
    BOOST_TEST(
        (detail::wait_loop(others, *events, task, limit).run() ==
         status::stopped));
    BOOST_TEST(asleep.load() == 0u);
}

// The waker died before its post. On a busy machine, a short pause takes long:
// the sleeper goes on when the time for all of them has passed.
BOOST_AUTO_TEST_CASE(waker_that_died_on_a_busy_machine)
{
    unsigned pauses = 0;
    semaphore->on_sleep = [&] {
        if (semaphore->last_sleep != detail::cancel_wait_pause)
            return;
        ++pauses;
        std::this_thread::sleep_for(detail::cancel_wait / 2);
    };
    {
        detail::event_count::prepared_wait wait(*events);
        BOOST_TEST(count() == 1u);
        control.messages.count = 0; // by the waker
        BOOST_TEST(!wait.commit(detail::max_sleep));
    }
    BOOST_TEST(pauses != 0u);
    BOOST_TEST(pauses <= 2u);
    BOOST_TEST(asleep.load() == 0u);
}

// A wake-up that it took may be for another: only if there is more to do.
BOOST_AUTO_TEST_CASE(passes_a_wake_up_on)
{
    for (const bool more : {false, true})
    {
        task.another = more;
        task.script = {status::would_block, status::done};
        semaphore->posts = 1;
        // Its waker took it off the count, and another sleeps.
        semaphore->on_sleep = [this] { control.messages.count = 1; };
        BOOST_TEST((run() == status::done));
        BOOST_TEST(semaphore->posts.load() == (more ? 1u : 0u));
        semaphore->posts = 0;
        control.messages.count = 0;
    }
}

// A second thread cancels while the first is asleep: the sleeper is woken,
// cancel() waits for it, and a later wait is not canceled.
BOOST_AUTO_TEST_CASE(canceled)
{
    std::thread other;
    std::atomic<bool> returned{false}, early{false};
    semaphore->on_sleep = [&] {
        if (other.joinable())
            return;
        other = std::thread([&] {
            all.cancel(*events);
            returned = true;
        });
        // The waker takes the sleeper off the count.
        while (count() != 0)
            std::this_thread::yield();
        early = returned.load();
    };
    BOOST_TEST((run() == status::canceled));
    other.join();
    BOOST_TEST(!early.load());
    BOOST_TEST(returned.load());
    BOOST_TEST(asleep.load() == 0u);
    semaphore->on_sleep = nullptr;
    task.script = {status::would_block, status::done};
    BOOST_TEST((run() == status::done));
    all.cancel(*events); // no thread waits: it returns at once
}

BOOST_AUTO_TEST_SUITE_END()
