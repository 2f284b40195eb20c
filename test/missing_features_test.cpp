// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A kernel or a sandbox lacks what the library needs: an error says what is
// missing, or the library goes on without it.

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <string>

#if defined(__linux__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include "support/forbidden_call.hpp"
#include "support/without_membarrier.hpp"
#include <fcntl.h>
#include <linux/futex.h>

#include <sys/syscall.h>

namespace detail = boost_ipq::detail;

namespace {

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

// Forbids a feature, then says how creating, opening and removing fail.
CHILD_ROLE(without)
{
    const std::string feature = self.argument(0);
    if (feature == "locks")
        test::forbid_call(SYS_fcntl, F_OFD_GETLK, F_OFD_SETLKW, EINVAL);
    else if (feature == "file locks")
        test::forbid_call(SYS_fcntl, F_OFD_GETLK, F_OFD_SETLKW, ENOLCK);
    else if (feature == "futex") // the shared one
        test::forbid_call(SYS_futex, FUTEX_WAIT, FUTEX_WAKE, ENOSYS);
    const boost_ipq::queue_options absent(self.argument(1), 1000);
    const boost_ipq::queue_options existing(self.argument(2));
    const auto report = [&](auto function) {
        try
        {
            function();
            self.tell("succeeded");
        }
        catch (const std::exception& e)
        {
            self.tell(e.what());
        }
    };
    using boost_ipq::publisher;
    report([&] { publisher(boost_ipq::create_only, absent); });
    report([&] { publisher(boost_ipq::open_or_create, absent); });
    report([&] { publisher(boost_ipq::open_only, existing); });
    report([&] {
        publisher(boost_ipq::open_only, existing, std::chrono::seconds(1));
    });
    report([&] { boost_ipq::repair(existing); });
    report([&] { boost_ipq::remove_queue(existing); });
}

BOOST_AUTO_TEST_CASE(without_file_locks)
{
    const test::scoped_queue absent, existing;
    boost_ipq::publisher out(boost_ipq::create_only, existing.options(1000));
    for (const std::string feature : {"locks", "file locks"})
        BOOST_TEST_CONTEXT(feature)
        {
            test::child child(
                "without", {feature, absent.name(), existing.name()});
            for (int i = 0; i < 6; ++i)
            {
                const std::string text = child.hear();
                BOOST_TEST(
                    contains(
                        text, feature == "locks"
                                  ? "no open-file-description locks"
                                  : "this file system has no locks"),
                    text);
                BOOST_TEST(contains(text, "boost_ipq needs"), text);
                BOOST_TEST(!contains(text, "Invalid argument"), text);
            }
            BOOST_TEST(child.wait() == 0);
            BOOST_TEST(test::leftovers(absent.name()).empty());
        }
    // The queue is as it was.
    BOOST_TEST(out.try_enqueue("x", 1));
    std::string message;
    BOOST_TEST(boost_ipq::subscriber(boost_ipq::open_only, existing)
                   .try_dequeue(message));
}

BOOST_AUTO_TEST_CASE(without_futex)
{
    const test::scoped_queue absent, existing;
    boost_ipq::publisher out(boost_ipq::create_only, existing.options(1000));
    test::child child("without", {"futex", absent.name(), existing.name()});
    for (int i = 0; i < 5; ++i)
    {
        const std::string text = child.hear();
        BOOST_TEST(contains(text, "no futex"), text);
    }
    BOOST_TEST(child.hear() == "succeeded"); // removing needs none
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(test::leftovers(absent.name()).empty());
}

// Receives from a queue in a file, without a shared futex, until an empty
// message.
CHILD_ROLE(file_receiver)
{
    test::forbid_call(SYS_futex, FUTEX_WAIT, FUTEX_WAKE, ENOSYS);
    const auto in_directory = [&](int name) {
        return boost_ipq::queue_options(self.argument(name))
            .directory(self.argument(0));
    };
    boost_ipq::subscriber in(boost_ipq::open_only, in_directory(1));
    boost_ipq::publisher out(boost_ipq::open_only, in_directory(2));
    for (std::string message = "x"; !message.empty();)
        if (in.dequeue(message))
            out.enqueue(message);
}

// It sleeps and wakes in a slower way.
BOOST_AUTO_TEST_CASE(without_futex_in_a_file)
{
    if (!boost_ipq::detail::platform::has_shared_futex)
        return test::skip("a queue in a file has named semaphores");
    const test::temporary_directory where;
    boost_ipq::publisher out(
        boost_ipq::create_only, where.options("there", 1000));
    boost_ipq::subscriber in(
        boost_ipq::create_only, where.options("back", 1000));
    test::child receiver("file_receiver", {where.path(), "there", "back"});
    for (int i = 0; i <= 10; ++i)
    {
        BOOST_TEST(test::eventually([&] {
            return boost_ipq::inspect(where.options("there"))
                       .waiting_subscribers == 1;
        }));
        const std::string text(10 - i, 'x');
        out.enqueue(text);
        std::string answer = "none";
        BOOST_TEST(in.dequeue(answer));
        BOOST_TEST(answer == text);
    }
    BOOST_TEST(receiver.wait() == 0);
}

// Receives until an empty message, without membarrier from the given moment on.
CHILD_ROLE(receiver)
{
    boost_ipq::subscriber in(
        boost_ipq::open_only, boost_ipq::queue_options(self.argument(0)));
    boost_ipq::publisher out(
        boost_ipq::open_only, boost_ipq::queue_options(self.argument(1)));
    test::forbid_membarrier(); // after opening
    self.tell("ready");
    self.hear(); // the first sleep asks for fences
    for (std::string message = "x"; !message.empty();)
        if (in.dequeue(message))
            out.enqueue(message);
}

BOOST_AUTO_TEST_CASE(without_membarrier_after_opening)
{
    const test::scoped_queue there, back;
    boost_ipq::publisher out(boost_ipq::create_only, there.options(1000));
    boost_ipq::subscriber in(boost_ipq::create_only, back.options(1000));
    const auto fences = [&] {
        return detail::attach(detail::open_mode::open, there)
                   ->ring()
                   .control->attention.load() &
               detail::fence_needed;
    };
    const auto before = fences();
    test::child receiver("receiver", {there.name(), back.name()});
    receiver.hear();
    if (before == 0) // this process has membarrier
        BOOST_TEST(fences() == 0u);
    receiver.tell("go on");
    BOOST_TEST(test::subscribers_wait(there.name()));
    using clock = std::chrono::steady_clock;
    clock::duration after_sleeps{};
    constexpr int rounds = 1000;
    for (int i = 0; i <= rounds; ++i)
    {
        const std::string text(i < rounds, 'x');
        // Now and then the receiver sleeps.
        const bool asleep = i % 10 == 0;
        if (asleep)
            BOOST_TEST(test::subscribers_wait(there.name()));
        const auto begin = clock::now();
        out.enqueue(text);
        std::string answer = "none";
        BOOST_TEST(in.dequeue(answer));
        if (asleep)
            after_sleeps += clock::now() - begin;
        BOOST_TEST(answer == text);
    }
    BOOST_TEST(fences() != 0u);
    // Without wake-ups, each sleep takes 50 ms: at least 5 seconds.
    BOOST_TEST((after_sleeps < std::chrono::seconds(4)));
    BOOST_TEST(receiver.wait() == 0);
}

#else

BOOST_AUTO_TEST_CASE(missing_features)
{
    test::skip("system calls are filtered on little-endian Linux only");
}

#endif
