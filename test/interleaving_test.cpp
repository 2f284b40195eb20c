// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A publisher is interrupted after each instruction of one send, and a
// subscriber works there. The processor's trap flag raises SIGTRAP after each
// instruction; its handler is the subscriber. Both give up at once if the other
// holds the lock that they need. Without optimisation there are too many
// instructions: it leaves some out.

#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include <cstddef>

#if defined(__linux__) && defined(__x86_64__)

#include <csignal>
#include <functional>

using namespace test;

namespace {

constexpr auto at_once = [] { return true; };

// Effects: calls `operation`, and `interruption(n)` after its n-th instruction.
class interrupted
{
public:
    template <class Operation, class Interruption>
    interrupted(Operation operation, Interruption interruption)
    {
        s_count = 0;
        s_interruption = interruption;
        struct sigaction action = {};
        action.sa_handler = [](int) {
            if (s_inside)
                s_interruption(++s_count);
        };
        struct sigaction before;
        sigaction(SIGTRAP, &action, &before);
        s_inside = true;
        set_trap_flag();
        operation();
        clear_trap_flag();
        s_inside = false;
        sigaction(SIGTRAP, &before, nullptr);
    }

    // Returns: how many instructions the operation has.
    long instructions() const { return s_count; }

private:
    // The code around may use the 128 bytes below the stack pointer.
    static void set_trap_flag()
    {
        __asm__ __volatile__("lea -128(%%rsp), %%rsp\n"
                             "pushfq\n"
                             "orq $0x100, (%%rsp)\n"
                             "popfq\n"
                             "lea 128(%%rsp), %%rsp\n" ::
                                 : "memory", "cc");
    }

    static void clear_trap_flag()
    {
        __asm__ __volatile__("lea -128(%%rsp), %%rsp\n"
                             "pushfq\n"
                             "andq $~0x100, (%%rsp)\n"
                             "popfq\n"
                             "lea 128(%%rsp), %%rsp\n" ::
                                 : "memory", "cc");
    }

    static inline long s_count;
    static inline volatile bool s_inside;
    static inline std::function<void(long)> s_interruption;
};

// Instructions from one interruption to the next.
long stride(long instructions)
{
    return instructions < 600 ? 1 : instructions / 60;
}

struct two_members
{
    two_members(std::size_t capacity) : ring(capacity) {}

    status send() { return ring.a.out.try_publish("", 0, at_once); }

    status take()
    {
        std::size_t size;
        detail::buffer_target target{nullptr, 0, size};
        return ring.b.in.try_take(target, at_once);
    }

    ring_fixture ring;
};

} // namespace

// A full ring is emptied while the publisher looks for room: no padding may be
// written, and no look of the subscriber finds damage.
BOOST_AUTO_TEST_CASE(full_ring_is_emptied)
{
    for (const std::size_t capacity : {8, 16})
        for (std::size_t turns = 1; turns <= 2; ++turns)
        {
            long instructions = 1;
            for (long at = 1; at <= instructions; at += stride(instructions))
            {
                two_members f(capacity);
                for (std::size_t i = 0; i < turns; ++i)
                {
                    BOOST_REQUIRE(f.send() == status::done);
                    BOOST_REQUIRE(f.take() == status::done);
                }
                std::size_t sent = 0, taken = 0, corrupt = 0;
                while (f.send() == status::done)
                    ++sent;
                const auto take_all = [&] {
                    status result = f.take();
                    for (; result == status::done; result = f.take())
                        ++taken;
                    corrupt += result == status::corrupt;
                };
                const interrupted run(
                    [&] { sent += f.send() == status::done; },
                    [&](long number) {
                        if (number >= at)
                            take_all();
                    });
                instructions = run.instructions();
                take_all();
                BOOST_TEST_INFO(
                    "capacity " << capacity << ", offset " << 8 * turns
                                << ", instruction " << at);
                BOOST_REQUIRE(corrupt == 0u);
                BOOST_REQUIRE(taken == sent);
            }
        }
}

// Where the record fits at the head, the publisher does not skip the rest of
// the buffer.
BOOST_AUTO_TEST_CASE(no_padding_in_front_of_room)
{
    long instructions = 1;
    for (long at = 1; at <= instructions; at += stride(instructions))
    {
        two_members f(16);
        BOOST_REQUIRE(f.send() == status::done);
        BOOST_REQUIRE(f.send() == status::done);
        status result = status::would_block;
        const interrupted run(
            [&] { result = f.send(); },
            [&](long number) {
                if (number == at)
                    while (f.take() == status::done)
                    {
                    }
            });
        instructions = run.instructions();
        if (result == status::done)
            BOOST_TEST(f.ring.head().offset() == 24u, "instruction " << at);
    }
}

#else

BOOST_AUTO_TEST_CASE(interleavings)
{
    BOOST_TEST_MESSAGE("Skipped: it needs Linux on x86-64.");
}

#endif
