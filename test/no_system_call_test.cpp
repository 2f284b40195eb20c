// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// While no thread sleeps, sending and receiving make no system call. A child
// sends and receives; the kernel kills it at its first system call.

#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include "support/sanitizer.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/wait_set.hpp>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <vector>

namespace {

// From now on, only read, write and exit are allowed.
void forbid_system_calls()
{
    test::require(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0, "seccomp");
}

// As forbid_system_calls(), but permits to read the clock, which the kernel's
// code in the process does without a system call: the processor's counter is
// forbidden above.
void forbid_all_but_the_clock()
{
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const sock_fprog program = {sizeof code / sizeof code[0], code};
    test::require(
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
            ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
        "seccomp");
}

[[noreturn]] void leave(int code)
{
    // _exit() calls exit_group(), which is not allowed.
    ::syscall(SYS_exit, code);
    for (;;)
        ;
}

struct handles
{
    explicit handles(const std::string& queue)
        : out(boost_ipq::open_only, queue),
          in(boost_ipq::open_only, queue)
    {
        message.reserve(2000);
    }

    // Returns: whether all calls succeeded.
    bool lap(std::size_t size)
    {
        if (!out.try_enqueue(body, size) || !in.try_dequeue(message) ||
            message.size() != size)
            return false;
        out.enqueue(body, size);
        in.dequeue(buffer, sizeof buffer, received);
        return received == size;
    }

    // Fills the queue, then empties it.
    bool to_the_limits()
    {
        unsigned sent = 0, taken = 0;
        while (out.try_enqueue(body, 100))
            ++sent;
        while (in.try_dequeue(buffer, sizeof buffer, received))
            ++taken;
        return sent == taken && sent > 10;
    }

    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    std::vector<std::byte> message;
    char body[2000] = {}, buffer[2000] = {};
    std::size_t received = 0;
};

} // namespace

CHILD_ROLE(without_system_calls)
{
    handles h(self.argument(0));
    h.lap(10); // so that one-time initialization is done
    h.to_the_limits();
    // Wait sets that have slept, and do not sleep now.
    using boost_ipq::detail::set_mode;
    boost_ipq::wait_set by_word(set_mode::words), by_file(set_mode::files);
    for (boost_ipq::wait_set* const set : {&by_word, &by_file})
    {
        set->add(h.in, 1);
        set->timed_wait(std::chrono::milliseconds(1));
    }
    bool good = true;
    forbid_system_calls();
    for (unsigned i = 0; i < 100'000 && good; ++i)
        good = h.lap(i % 1500);
    for (unsigned i = 0; i < 100 && good; ++i)
        good = h.to_the_limits();
    leave(good ? 0 : 1);
}

// A broadcast with two subscribers, of which one reads in place.
CHILD_ROLE(broadcast_without_system_calls)
{
    using namespace boost_ipq;
    broadcast_publisher out(open_only, self.argument(0));
    broadcast_subscriber in(open_only, self.argument(0)),
        other(open_only, self.argument(0));
    char body[2000] = {}, buffer[2000] = {};
    std::size_t received = 0, count = 0;
    const auto lap = [&](std::size_t size) {
        out.enqueue(body, size);
        in.dequeue(buffer, sizeof buffer, received);
        count += other.consume_all([](const void*, std::size_t) {});
        return received == size;
    };
    const auto to_the_limits = [&] {
        std::size_t sent = 0, taken = 0;
        while (sent < 1000 && out.try_enqueue(body, 100))
            ++sent;
        while (in.try_dequeue(buffer, sizeof buffer, received))
            ++taken;
        count += other.purge();
        return taken + in.missed() >= sent && sent > 10;
    };
    bool good = lap(10) && to_the_limits();
    forbid_all_but_the_clock();
    for (unsigned i = 0; i < 50'000 && good; ++i)
        good = lap(i % 1500);
    for (unsigned i = 0; i < 100 && good; ++i)
        good = to_the_limits();
    leave(good && count > 50'000 ? 0 : 1);
}

// Shows that the kernel does kill the child.
CHILD_ROLE(with_a_system_call)
{
    handles h(self.argument(0));
    forbid_system_calls();
    ::syscall(SYS_getppid);
    leave(0);
}

BOOST_AUTO_TEST_CASE(none)
{
    if (test::with_sanitizer)
        return test::skip("a sanitizer makes system calls of its own");
    if (boost_ipq::detail::platform::is_generic)
        return test::skip("a thread polls, and strict seccomp cannot end it");
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(4000));
    test::child wrong("with_a_system_call", {queue.name()});
    BOOST_TEST(wrong.wait() == -SIGKILL);
    test::child child("without_system_calls", {queue.name()});
    BOOST_TEST(child.wait() == 0);
    using boost_ipq::overflow;
    for (const auto policy : {overflow::block, overflow::drop_oldest})
    {
        const test::scoped_queue ticks;
        boost_ipq::broadcast_publisher all(
            boost_ipq::create_only, ticks.options(4000).overflow(policy));
        test::child listening("broadcast_without_system_calls", {ticks.name()});
        BOOST_TEST(listening.wait() == 0);
    }
}
