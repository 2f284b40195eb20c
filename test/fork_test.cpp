// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// fork(): a child may use inherited handles as a participant of its own. It
// does not keep a dead parent alive, and takes nothing from a living one.

#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/shared_object.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/core/brief_mutex.hpp>
#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace detail = boost_ipq::detail;

// A child that runs a function and ends without running destructors.
class forked
{
public:
    template <class Function>
    explicit forked(Function function) : m_pid(::fork())
    {
        if (m_pid != 0)
        {
            BOOST_REQUIRE(m_pid > 0);
            test::watchdog::add_child(m_pid);
            return;
        }
        test::watchdog::start(30);
        int code = 2;
        try
        {
            code = function() ? 0 : 1;
        }
        catch (const std::exception& e)
        {
            std::fprintf(stderr, "forked child: %s\n", e.what());
        }
        ::_exit(code);
    }

    forked(const forked&) = delete;
    forked& operator=(const forked&) = delete;
    ~forked()
    {
        if (m_pid != 0)
            kill();
    }

    int wait()
    {
        int status = 0;
        while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR)
            ;
        test::watchdog::remove_child(m_pid);
        m_pid = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    int kill()
    {
        ::kill(m_pid, SIGKILL);
        return wait();
    }

private:
    pid_t m_pid;
};

struct fixture
{
    fixture()
        : out(std::in_place, boost_ipq::create_only, queue.options(1000)),
          in(std::in_place, boost_ipq::open_only, queue)
    {
    }

    std::string take()
    {
        std::string message;
        return in->try_dequeue(message) ? message : "-";
    }

    std::shared_ptr<detail::shared_attachment> attached() const
    {
        return detail::attach_shared(detail::open_mode::open, queue);
    }

    std::size_t participants() const
    {
        std::size_t alive = 0;
        for (const auto& one : boost_ipq::inspect(queue).participants)
            alive += one.alive;
        return alive;
    }

    test::scoped_queue queue;
    std::optional<boost_ipq::publisher> out;
    std::optional<boost_ipq::subscriber> in;
};

bool wait_for(const std::atomic<int>& word, int value)
{
    return test::eventually([&] { return word.load() == value; });
}

} // namespace

BOOST_FIXTURE_TEST_CASE(child_uses_inherited_handles, fixture)
{
    out->enqueue(std::string("to the child"));
    forked child([&] {
        if (take() != "to the child")
            return false;
        out->enqueue(std::string("to the parent"));
        return true;
    });
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(take() == "to the parent");
    BOOST_TEST(take() == "-");
}

// Parent and child are participants at the same time, each with its own
// incarnation.
// What its parent reserved or received stays the parent's, whatever the child
// does with its copies.
BOOST_FIXTURE_TEST_CASE(child_settles_nothing, fixture)
{
    const std::string text(30, 'r');
    out->enqueue("held", 4);
    boost_ipq::delivery held = in->receive();
    std::vector<boost_ipq::reservation> rooms;
    for (int i = 0; i < 3; ++i)
    {
        rooms.push_back(out->reserve(text.size()));
        text.copy(static_cast<char*>(rooms.back().data()), text.size());
    }
    // Before and after the child has joined.
    for (const bool joins : {false, true})
    {
        forked child([&] {
            if (joins)
                in->try_dequeue(*std::make_unique<std::string>());
            rooms[0].commit();
            rooms[1].commit(3);
            rooms[2].abandon();
            held.acknowledge();
            return true;
        });
        BOOST_TEST(child.wait() == 0);
        const auto status = boost_ipq::inspect(queue);
        BOOST_TEST(status.reservations == 3u);
        BOOST_TEST(status.deliveries == 1u);
        for (const auto& room : rooms)
            BOOST_TEST(
                std::string(static_cast<const char*>(room.data()), 30) == text);
    }
    held.give_back();
    BOOST_TEST(take() == "held");
    for (auto& room : rooms)
        room.commit();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(take() == text);
    BOOST_TEST(take() == "-");
}

// The run of messages that its parent consumes ends in the child, which neither
// acknowledges nor gives back anything, and wakes no process.
BOOST_FIXTURE_TEST_CASE(child_forked_while_consuming, fixture)
{
    for (int i = 0; i < 3; ++i)
        out->enqueue("x", 1);
    auto& control = *attached()->ring().control;
    unsigned calls = 0;
    pid_t child = -1;
    in->consume_all([&](const void*, std::size_t) {
        if (calls++ != 0)
            return;
        control.messages.count = control.room.count = 5;
        child = ::fork();
        if (child == 0)
            return;
        int status = -1;
        BOOST_TEST(::waitpid(child, &status, 0) == child);
        BOOST_TEST(status == 0);
        BOOST_TEST(boost_ipq::inspect(queue).deliveries == 3u);
        BOOST_TEST(control.messages.count.exchange(0) == 5u);
        BOOST_TEST(control.room.count.exchange(0) == 5u);
    });
    if (child == 0)
        ::_exit(calls == 1 ? 0 : 1);
    BOOST_TEST(calls == 3u);
    BOOST_TEST(take() == "-");
}

BOOST_FIXTURE_TEST_CASE(child_is_a_separate_participant, fixture)
{
    test::shared_object<std::atomic<int>> stage;
    test::shared_object<std::atomic<std::uint32_t>> its_name;
    const auto queue_here = attached();
    const auto my_name = queue_here->ring().self();
    forked child([&] {
        out->enqueue(std::string("x"));
        *its_name = queue_here->ring().self();
        *stage = 1;
        return wait_for(*stage, 2);
    });
    BOOST_TEST(wait_for(*stage, 1));
    BOOST_TEST(its_name->load() != 0u);
    BOOST_TEST(its_name->load() != my_name);
    BOOST_TEST(queue_here->ring().self() == my_name);
    BOOST_TEST(queue_here->ring().peers->alive(*its_name));
    BOOST_TEST(participants() == 2u);
    *stage = 2;
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(!queue_here->ring().peers->alive(*its_name));
    // The parent is still a participant.
    BOOST_TEST(participants() == 1u);
    BOOST_TEST(take() == "x");
}

// A dead parent looks dead although its child is alive and inherited its open
// files.
BOOST_FIXTURE_TEST_CASE(parent_dies_before_its_child, fixture)
{
    test::shared_object<std::atomic<int>> stage;
    test::shared_object<std::atomic<std::uint32_t>> its_name;
    const auto queue_here = attached();
    forked parent([&] {
        boost_ipq::publisher own(boost_ipq::open_only, queue);
        own.enqueue(std::string("x"));
        const auto here = attached();
        *its_name = here->ring().self();
        // If it dies, it dies with the lock.
        here->ring().control->publishers.owner = its_name->load();
        const pid_t grandchild = ::fork();
        if (grandchild == 0)
        {
            test::watchdog::start(30);
            *stage = 1;
            ::_exit(wait_for(*stage, 2) ? (*stage = 3, 0) : 1);
        }
        ::pause();
        return true;
    });
    BOOST_TEST(wait_for(*stage, 1));
    BOOST_TEST(queue_here->ring().peers->alive(*its_name));
    parent.kill();
    BOOST_TEST(!queue_here->ring().peers->alive(*its_name));
    BOOST_TEST(out->try_enqueue(std::string("y")));
    BOOST_TEST(take() == "x");
    BOOST_TEST(take() == "y");
    *stage = 2;
    BOOST_TEST(wait_for(*stage, 3));
}

// What a child does with inherited handles at its end does not affect the
// parent.
BOOST_FIXTURE_TEST_CASE(child_destroys_inherited_handles, fixture)
{
    const auto name = attached()->ring().self();
    for (const bool used : {false, true})
    {
        forked child([&] {
            if (used)
                out->enqueue(std::string("x"));
            out.reset();
            in.reset();
            return true;
        });
        BOOST_TEST(child.wait() == 0);
        BOOST_TEST(take() == (used ? "x" : "-"));
    }
    boost_ipq::publisher another(boost_ipq::open_only, queue);
    const auto here = attached();
    BOOST_TEST(here->ring().self() == name);
    BOOST_TEST(participants() == 1u);
    forked witness([&] { return here->ring().peers->alive(name); });
    BOOST_TEST(witness.wait() == 0);
}

namespace {

struct while_open_queue
{
    const test::scoped_queue queue;
    const boost_ipq::queue_options options =
        queue.options(1000).lifetime(boost_ipq::lifetime::while_open);
    std::optional<boost_ipq::publisher> out{
        std::in_place, boost_ipq::create_only, options};
    test::shared_object<std::atomic<int>> stage;
};

} // namespace

// Also with lifetime::while_open: the parent has the queue open.
BOOST_FIXTURE_TEST_CASE(child_does_not_end_the_queue, while_open_queue)
{
    for (const bool used : {false, true})
    {
        forked child([&] {
            if (used)
                out->enqueue(std::string("x"));
            out.reset();
            return true;
        });
        BOOST_TEST(child.wait() == 0);
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
    }
    // The child has the queue open though it has not used it.
    forked child([&] { return wait_for(*stage, 1); });
    out.reset();
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    boost_ipq::subscriber(boost_ipq::open_only, queue).close();
    *stage = 1;
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(test::thrown([&] {
                   boost_ipq::subscriber(boost_ipq::open_only, queue);
               }) == test::code(boost_ipq::errc::not_found));
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// The parent closes the queue, or is killed, before its child calls anything.
BOOST_FIXTURE_TEST_CASE(parent_leaves_first, while_open_queue)
{
    for (const bool killed : {false, true})
    {
        *stage = 0;
        forked parent([&] {
            out->enqueue(std::string("x"));
            if (::fork() == 0)
            {
                test::watchdog::start(30);
                boost_ipq::publisher own = std::move(*out);
                *stage = 1;
                const bool used =
                    wait_for(*stage, 2) && own.try_enqueue(std::string("y"));
                *stage = used ? 3 : 4;
                wait_for(*stage, 5);
                own.close();
                *stage = 6;
                ::_exit(0);
            }
            if (!wait_for(*stage, 1))
                return false;
            if (killed)
                ::raise(SIGKILL);
            out.reset();
            return true;
        });
        BOOST_TEST(wait_for(*stage, 1));
        out.reset();
        BOOST_TEST(parent.wait() == (killed ? -SIGKILL : 0));
        *stage = 2;
        BOOST_TEST(wait_for(*stage, 3));
        {
            boost_ipq::subscriber in(boost_ipq::open_only, queue);
            std::string message;
            BOOST_TEST(in.try_dequeue(message));
            BOOST_TEST(message == "x");
            BOOST_TEST(in.try_dequeue(message));
            BOOST_TEST(message == "y");
        }
        BOOST_TEST(!test::leftovers(queue.name()).empty());
        *stage = 5;
        BOOST_TEST(wait_for(*stage, 6));
        BOOST_TEST(test::leftovers(queue.name()).empty());
        out.emplace(boost_ipq::create_only, options);
    }
}

// The child is the last process that has the queue open.
BOOST_FIXTURE_TEST_CASE(child_keeps_the_queue, while_open_queue)
{
    forked child([&] {
        out->enqueue(std::string("x"));
        *stage = 1;
        if (!wait_for(*stage, 2))
            return false;
        boost_ipq::subscriber in(boost_ipq::open_only, queue);
        std::string message;
        const bool result = in.try_dequeue(message) && message == "x";
        in.close();
        out.reset();
        return result;
    });
    BOOST_TEST(wait_for(*stage, 1));
    out.reset();
    BOOST_TEST(!test::leftovers(queue.name()).empty());
    *stage = 2;
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// As before, but the child has opened the queue by its name.
BOOST_FIXTURE_TEST_CASE(child_opens_the_queue, while_open_queue)
{
    forked child([&] {
        boost_ipq::subscriber in(boost_ipq::open_only, options);
        *stage = 1;
        return wait_for(*stage, 2);
    });
    BOOST_TEST(wait_for(*stage, 1));
    out.reset();
    {
        boost_ipq::publisher another(boost_ipq::open_only, queue);
        BOOST_TEST(another.try_enqueue("x", 1));
    }
    *stage = 2;
    BOOST_TEST(child.wait() == 0);
}

// inspect() shows the handles of the child, too.
BOOST_FIXTURE_TEST_CASE(child_shows_its_handles, fixture)
{
    boost_ipq::publisher second(boost_ipq::open_only, queue);
    const auto shown = [&](unsigned publishers, unsigned subscribers) {
        const auto all = boost_ipq::inspect(queue).participants;
        return all.size() == 2 && all[1].publishers == publishers &&
               all[1].subscribers == subscribers;
    };
    forked child([&] {
        out->enqueue(std::string("x"));
        if (!shown(2, 1))
            return false;
        second.close();
        in.reset();
        return shown(1, 0);
    });
    BOOST_TEST(child.wait() == 0);
}

// A child that has not joined does not take the old queue's file for that of
// the new queue.
BOOST_AUTO_TEST_CASE(child_of_a_dead_parent_opens_the_next_queue)
{
    const test::scoped_queue queue;
    auto options = queue.options(1000);
    options.lifetime(boost_ipq::lifetime::while_open);
    test::shared_object<std::atomic<int>> stage;
    forked parent([&] {
        boost_ipq::publisher old(boost_ipq::create_only, options);
        const pid_t grandchild = ::fork();
        if (grandchild == 0)
        {
            test::watchdog::start(30);
            *stage = 1;
            if (!wait_for(*stage, 2))
                ::_exit(1);
            boost_ipq::publisher out(boost_ipq::open_or_create, options);
            *stage = out.try_enqueue("x", 1) ? 3 : 4;
            ::_exit(0);
        }
        ::pause();
        return true;
    });
    BOOST_TEST(wait_for(*stage, 1));
    parent.kill();
    // The grandchild has the old queue open.
    BOOST_TEST(boost_ipq::remove_queue(queue));
    boost_ipq::subscriber in(boost_ipq::create_only, options);
    *stage = 2;
    BOOST_TEST(wait_for(*stage, 3));
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
}

// A child that could not join does not keep the structure lock.
BOOST_FIXTURE_TEST_CASE(child_finds_no_slot, fixture)
{
    test::shared_object<std::atomic<int>> stage;
    // All other slots appear to be taken.
    detail::lock_file others;
    BOOST_TEST(others.open_unlocked(test::queue_objects(queue.name()).lock));
    for (std::uint32_t i = 1; i < detail::slot_count; ++i)
        BOOST_REQUIRE(others.try_lock_slot(i));
    forked child([&] {
        // The child inherits this file without its locks.
        boost_ipq::errc error{};
        for (int i = 0; i < 2; ++i)
            try
            {
                out->try_enqueue(std::string("x"));
            }
            catch (const boost_ipq::error& e)
            {
                error = static_cast<boost_ipq::errc>(e.code().value());
            }
        *stage = 1;
        return wait_for(*stage, 2) &&
               error == boost_ipq::errc::too_many_processes;
    });
    BOOST_TEST(wait_for(*stage, 1));
    others.close();
    boost_ipq::publisher another(boost_ipq::open_only, queue);
    BOOST_TEST(another.try_enqueue(std::string("y")));
    *stage = 2;
    BOOST_TEST(child.wait() == 0);
}

template <class Mutex>
void expect_free_in_a_child()
{
    Mutex mutex;
    mutex.lock();
    forked child([&] { return mutex.try_lock(); });
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(!mutex.try_lock());
    mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_mutex_is_free_in_a_child)
{
    expect_free_in_a_child<detail::fork_mutex>();
    expect_free_in_a_child<detail::brief_mutex>();
}

BOOST_AUTO_TEST_CASE(a_brief_mutex_has_one_owner)
{
    detail::brief_mutex mutex;
    unsigned count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 20'000; ++k)
            {
                const std::lock_guard<detail::brief_mutex> guard(mutex);
                if (k % 5'000 == 0)
                    std::this_thread::yield();
                ++count;
            }
        });
    for (std::thread& each : threads)
        each.join();
    BOOST_TEST(count == 60'000u);
}

// Threads of the parent wait in a handle that the child destroys or uses.
BOOST_FIXTURE_TEST_CASE(parent_waits_in_the_handle, fixture)
{
    std::string message;
    std::thread waiting([&] { in->dequeue(message); });
    BOOST_TEST(test::subscribers_wait(queue.name()));
    for (unsigned i = 0; i < 20; ++i)
    {
        forked destroying([&] {
            in.reset();
            out.reset();
            return true;
        });
        BOOST_TEST(destroying.wait() == 0);
        forked canceling([&] {
            in->cancel();
            std::string own;
            return !in->timed_dequeue(own, std::chrono::milliseconds(1));
        });
        BOOST_TEST(canceling.wait() == 0);
    }
    out->enqueue(std::string("x"));
    waiting.join();
    BOOST_TEST(message == "x");
}

// Children of a program that has threads in all parts of the library.
// ThreadSanitizer cannot see what a child does in the queue, so it would miss
// how that orders the parent's accesses.
#if defined(BOOST_IPQ_DETAIL_TSAN)
constexpr bool children_talk = false;
#else
constexpr bool children_talk = true;
#endif

// The C library locks its list of open semaphores while a thread opens or
// closes one. No child inherits that lock.
BOOST_FIXTURE_TEST_CASE(while_threads_open_and_close, fixture)
{
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            detail::atomic<std::uint32_t> posts{0};
            const detail::object_names names(queue.name(), "");
            while (!stop)
                detail::make_semaphore(names, names.messages, posts);
        });
    for (unsigned i = 0; i < 400; ++i)
    {
        forked child([&] {
            out.reset();
            in.reset();
            boost_ipq::publisher again(boost_ipq::open_only, queue);
            return true;
        });
        BOOST_TEST_REQUIRE(child.wait() == 0);
    }
    stop = true;
    for (auto& thread : threads)
        thread.join();
}

BOOST_FIXTURE_TEST_CASE(from_many_threads, fixture)
{
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    const test::scoped_queue other;
    for (unsigned i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            while (!stop)
                out->timed_enqueue(
                    std::string("x"), std::chrono::milliseconds(1));
        });
    threads.emplace_back([&] {
        std::string message;
        while (!stop)
            in->timed_dequeue(message, std::chrono::milliseconds(1));
    });
    threads.emplace_back([&] {
        while (!stop)
            boost_ipq::publisher(boost_ipq::open_or_create, other.options(100));
    });
    for (unsigned i = 0; i < 100; ++i)
    {
        forked child([&] {
            std::string message;
            for (unsigned j = 0; j < 20 && children_talk; ++j)
            {
                out->timed_enqueue(
                    std::string("y"), std::chrono::milliseconds(1));
                in->timed_dequeue(message, std::chrono::milliseconds(1));
            }
            boost_ipq::publisher own(boost_ipq::open_only, queue);
            out.reset();
            in.reset();
            return true;
        });
        if (i % 3 == 0)
            child.kill();
        else
            BOOST_TEST(child.wait() == 0);
    }
    stop = true;
    for (auto& thread : threads)
        thread.join();
    // The queue works as before.
    while (take() != "-")
        ;
    BOOST_TEST(out->try_enqueue(std::string("z")));
    BOOST_TEST(take() == "z");
}

// Three generations.
BOOST_FIXTURE_TEST_CASE(grandchild, fixture)
{
    forked child([&] {
        out->enqueue(std::string("child"));
        const pid_t pid = ::fork();
        if (pid == 0)
        {
            out->enqueue(std::string("grandchild"));
            ::_exit(0);
        }
        int status = 1;
        ::waitpid(pid, &status, 0);
        out->enqueue(std::string("child again"));
        return status == 0;
    });
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(take() == "child");
    BOOST_TEST(take() == "grandchild");
    BOOST_TEST(take() == "child again");
    BOOST_TEST(take() == "-");
}

namespace {

// A process that has a queue open and then loses its rights, or descriptors.
struct restricted : fixture
{
    // Effects: calls `restrict()` in a process that has the queue open. Then
    // forks children and grandchildren that use inherited handles.
    template <class Restrict>
    bool works(Restrict restrict)
    {
        forked parent([&] {
            boost_ipq::publisher own_out(boost_ipq::open_only, queue);
            boost_ipq::subscriber own_in(boost_ipq::open_only, queue);
            const auto here = attached();
            if (!restrict())
                return false;
            const auto use = [&](const std::string& text) {
                std::string message;
                own_out.enqueue(text);
                return own_in.try_dequeue(message) && message == text;
            };
            for (unsigned i = 0; i < 3; ++i)
                if (!in_child([&] {
                        return use("child") &&
                               in_child([&] { return use("grandchild"); }) &&
                               use("child again");
                    }))
                    return false;
            return use("parent") && deaths_are_seen(own_out, own_in, *here);
        });
        return parent.wait() == 0;
    }

private:
    template <class Function>
    static bool in_child(Function function)
    {
        return forked(function).wait() == 0;
    }

    // A child is alive while it runs. What it held is recovered afterwards,
    // although a sibling lives on.
    static bool deaths_are_seen(
        boost_ipq::publisher& out, boost_ipq::subscriber& in,
        const detail::shared_attachment& here)
    {
        test::shared_object<std::atomic<int>> stage;
        test::shared_object<std::atomic<std::uint32_t>> its_name;
        forked sibling([&] {
            const boost_ipq::reservation joins = out.try_reserve(8);
            *stage = 1;
            ::pause();
            return false;
        });
        if (!wait_for(*stage, 1))
            return false;
        forked child([&] {
            const boost_ipq::reservation held = out.try_reserve(8);
            *its_name = here.ring().self();
            *stage = 2;
            ::pause();
            return false;
        });
        if (!wait_for(*stage, 2))
            return false;
        out.enqueue(std::string("behind them"));
        const bool lived = here.ring().peers->alive(*its_name);
        child.kill();
        const bool lives = here.ring().peers->alive(*its_name);
        sibling.kill();
        std::string message;
        return lived && !lives &&
               in.timed_dequeue(message, std::chrono::seconds(5)) &&
               message == "behind them";
    }
};

bool become_nobody()
{
    return ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 &&
           ::setuid(65534) == 0;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(after_setuid, restricted)
{
    if (::geteuid() != 0)
        return test::skip("only root can become another user");
    BOOST_TEST(works(become_nobody));
}

BOOST_FIXTURE_TEST_CASE(after_chroot, restricted)
{
    if (::geteuid() != 0)
        return test::skip("only root can change its root directory");
    const test::temporary_directory empty;
    const auto enter = [&] {
        return ::chroot(empty.path().c_str()) == 0 && ::chdir("/") == 0 &&
               ::access("/proc/self", F_OK) != 0;
    };
    BOOST_TEST(works(enter));
    BOOST_TEST(works([&] { return enter() && become_nobody(); }));
}

BOOST_FIXTURE_TEST_CASE(without_descriptors, restricted)
{
    BOOST_TEST(works([] {
        while (::dup(0) >= 0)
        {
        }
        return errno == EMFILE;
    }));
}
