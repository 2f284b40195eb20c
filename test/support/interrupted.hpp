// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_INTERRUPTED_HPP
#define BOOST_IPQ_TEST_INTERRUPTED_HPP

// An operation that is interrupted after each of its instructions. The
// processor's trap flag raises SIGTRAP after each instruction; its handler does
// what is to happen there.

#if defined(__linux__) && defined(__x86_64__)
#define BOOST_IPQ_TEST_INTERRUPTED 1

#include <ucontext.h>
#include <csignal>
#include <functional>
#include <limits>

namespace test {

// Effects: calls `operation`, and `interruption(n)` after its n-th instruction,
// up to the one with the number `last`.
class interrupted
{
public:
    template <class Operation, class Interruption>
    interrupted(
        Operation operation, Interruption interruption,
        long last = (std::numeric_limits<long>::max)())
    {
        s_last = last;
        s_fences = 0;
        s_count = 0;
        s_interruption = interruption;
        struct sigaction action = {};
        action.sa_flags = SA_SIGINFO;
        action.sa_sigaction = [](int, siginfo_t*, void* context) {
            if (s_inside)
            {
                s_fences += is_fence(context);
                s_interruption(++s_count);
            }
            if (s_count >= s_last)
                static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &=
                    ~0x100;
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

    // Returns: how many of them were full fences.
    long fences() const { return s_fences; }

    // Returns: how many instructions the operation has.
    long instructions() const { return s_count; }

private:
    // Is the next instruction a full fence, as the compilers write it?
    static bool is_fence(const void* context)
    {
        const auto* const next = reinterpret_cast<const unsigned char*>(
            static_cast<const ucontext_t*>(context)
                ->uc_mcontext.gregs[REG_RIP]);
        return (next[0] == 0x0f && next[1] == 0xae && next[2] == 0xf0) ||
               next[0] == 0xf0; // mfence, or lock or $0, (%rsp)
    }

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

    static inline long s_count, s_last, s_fences;
    static inline volatile bool s_inside;
    static inline std::function<void(long)> s_interruption;
};

} // namespace test

#else
#define BOOST_IPQ_TEST_INTERRUPTED 0
#endif

#endif
