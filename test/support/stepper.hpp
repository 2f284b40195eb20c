// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STEPPER_HPP
#define BOOST_IPQ_TEST_STEPPER_HPP

// A child process that runs an operation under ptrace: at full speed up to a
// system call, then instruction by instruction, until it is killed.
//
//   child:   warm_up();  mark();  operation();  mark();
//   parent:  start()     ^ ...   run_to_call(), step(), kill()

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace test {

class stepper
{
public:
    // Where a stepped process is.
    enum class place
    {
        inside, // inside the operation
        call,   // before the instruction of a system call
        end     // at the second mark, or ended
    };

    // Effects: in the child, stops it so that the parent can examine it.
    static void mark() noexcept
    {
#if defined(__x86_64__)
        __asm__ __volatile__("int3" ::: "memory");
#else
        __asm__ __volatile__("brk #0" ::: "memory");
#endif
    }

    // Effects: forks a child that warms up, and runs it to its first mark.
    template <class WarmUp, class Operation>
    stepper(WarmUp warm_up, Operation operation) : m_pid(::fork())
    {
        if (m_pid < 0)
            fail("fork");
        if (m_pid == 0)
        {
            try
            {
                ::prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0)
                    ::_exit(3);
                ::raise(SIGSTOP);
                warm_up();
                mark();
                operation();
                mark();
                ::_exit(0);
            }
            catch (...)
            {
                ::_exit(4);
            }
        }
        wait_for_stop(SIGSTOP);
        request(
            PTRACE_SETOPTIONS, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL,
            "PTRACE_SETOPTIONS");
        request(PTRACE_CONT, 0, "PTRACE_CONT");
        wait_for_stop(SIGTRAP);
        if (after_breakpoint == 0)
        {
            registers now = get_registers();
            now.pc() += 4;
            set_registers(now);
        }
    }

    stepper(const stepper&) = delete;
    stepper& operator=(const stepper&) = delete;

    ~stepper()
    {
        kill();
    }

    pid_t pid() const noexcept
    {
        return m_pid;
    }

    // Effects: runs at full speed to the entry of the next system call.
    // Returns: false if the child reached its second mark instead.
    bool run_to_call()
    {
        request(PTRACE_SYSCALL, 0, "PTRACE_SYSCALL");
        return wait_for_stop(syscall_stop, SIGTRAP) == syscall_stop;
    }

    // Effects: runs the system call at whose entry the child is.
    void finish_call()
    {
        request(PTRACE_SYSCALL, 0, "PTRACE_SYSCALL");
        wait_for_stop(syscall_stop);
    }

    // Effects: lets the child run to its end.
    void finish()
    {
        int status = 0;
        do
        {
            request(PTRACE_CONT, 0, "PTRACE_CONT");
            while (::waitpid(m_pid, &status, 0) < 0)
                if (errno != EINTR)
                    fail("waitpid");
        } while (WIFSTOPPED(status));
        m_pid = 0;
    }

    // The system call at whose entry the child is.
    struct call
    {
        long number;
        std::uint64_t arguments[6];
    };

    call current_call() const
    {
        struct __ptrace_syscall_info info = {};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, m_pid, sizeof info, &info) < 0)
            fail("PTRACE_GET_SYSCALL_INFO");
        call result{static_cast<long>(info.entry.nr), {}};
        for (int i = 0; i < 6; ++i)
            result.arguments[i] = info.entry.args[i];
        return result;
    }

    // Returns: the text at an address in the child, up to a zero.
    std::string text_at(std::uintptr_t where) const
    {
        std::string result;
        for (;; where += sizeof(long))
        {
            const long word = peek(where);
            const char* const part = reinterpret_cast<const char*>(&word);
            const std::size_t count = ::strnlen(part, sizeof word);
            result.append(part, count);
            if (count != sizeof word)
                return result;
        }
    }

    // Effects: lets the child begin the system call at whose entry it is;
    // returns when the child sleeps there, or has finished the call.
    void fall_asleep()
    {
        request(PTRACE_SYSCALL, 0, "PTRACE_SYSCALL");
        while (state_of(m_pid) == 'R')
            ::sched_yield();
    }

    // Returns: the state of a process as reported by the kernel: 'R', 'S', 't',
    // ...
    static char state_of(pid_t process)
    {
        std::ifstream file("/proc/" + std::to_string(process) + "/stat");
        std::string text;
        std::getline(file, text);
        const std::size_t end = text.rfind(')');
        return end == std::string::npos ? 'X' : text.at(end + 2);
    }

    // Effects: runs one machine instruction, which may be a system call.
    void step()
    {
        request(PTRACE_SINGLESTEP, 0, "PTRACE_SINGLESTEP");
        wait_for_stop(SIGTRAP);
    }

    // Effects: runs `count` instructions.
    // Returns: false if a system call or the second mark comes before.
    bool step(std::uint64_t count)
    {
        for (; count != 0; --count)
        {
            if (at(address()) != place::inside)
                return false;
            step();
        }
        return true;
    }

    // Effects: runs at full speed until the instruction at that address is the
    // next one for the first time.
    // Returns: false if a system call or the second mark comes before.
    bool run_to(std::uintptr_t where)
    {
        const long original = peek(where);
        poke(where, (original & ~breakpoint_mask) | breakpoint);
        request(PTRACE_SYSCALL, 0, "PTRACE_SYSCALL");
        const bool trapped = wait_for_stop(syscall_stop, SIGTRAP) == SIGTRAP;
        poke(where, original);
        if (!trapped || address() != where + after_breakpoint)
            return false;
        registers now = get_registers();
        now.pc() = where;
        set_registers(now);
        return true;
    }

    // Returns: the address of the next instruction.
    std::uintptr_t address() const
    {
        return get_registers().pc();
    }

    // Returns: the instruction at that address.
    place at(std::uintptr_t where) const
    {
        const long word = peek(where);
#if defined(__x86_64__)
        if ((word & 0xffff) == 0x050f)
            return place::call;
        if ((word & 0xff) == 0xcc)
            return place::end;
#else
        if ((word & 0xffffffff) == 0xd4000001)
            return place::call;
        if ((word & 0xffffffff) == breakpoint)
            return place::end;
#endif
        return place::inside;
    }

    // Effects: sends SIGKILL; returns when the child has ended.
    void kill() noexcept
    {
        if (m_pid == 0)
            return;
        ::kill(m_pid, SIGKILL);
        int status;
        while (::waitpid(m_pid, &status, 0) == m_pid)
            if (WIFEXITED(status) || WIFSIGNALED(status))
                break;
        m_pid = 0;
    }

private:
    static constexpr int syscall_stop = SIGTRAP | 0x80;
#if defined(__x86_64__)
    static constexpr long breakpoint = 0xcc, breakpoint_mask = 0xff;
    static constexpr std::uintptr_t after_breakpoint = 1;
#elif defined(__aarch64__)
    static constexpr long breakpoint = 0xd4200000, breakpoint_mask = 0xffffffff;
    static constexpr std::uintptr_t after_breakpoint = 0;
#endif

    struct registers : user_regs_struct
    {
#if defined(__x86_64__)
        unsigned long long& pc() noexcept
        {
            return rip;
        }
#else
        unsigned long long& pc() noexcept
        {
            return user_regs_struct::pc;
        }
#endif
    };

    registers get_registers() const
    {
        registers result;
        struct iovec buffer = {&result, sizeof result};
        if (::ptrace(PTRACE_GETREGSET, m_pid, NT_PRSTATUS, &buffer) != 0)
            fail("PTRACE_GETREGSET");
        return result;
    }

    void set_registers(registers& value) const
    {
        struct iovec buffer = {&value, sizeof value};
        if (::ptrace(PTRACE_SETREGSET, m_pid, NT_PRSTATUS, &buffer) != 0)
            fail("PTRACE_SETREGSET");
    }

    long peek(std::uintptr_t where) const
    {
        errno = 0;
        const long result = ::ptrace(PTRACE_PEEKTEXT, m_pid, where, nullptr);
        if (errno != 0)
            fail("PTRACE_PEEKTEXT");
        return result;
    }

    void poke(std::uintptr_t where, long word) const
    {
        if (::ptrace(PTRACE_POKETEXT, m_pid, where, word) != 0)
            fail("PTRACE_POKETEXT");
    }

    [[noreturn]] static void fail(const char* what)
    {
        throw std::system_error(errno, std::generic_category(), what);
    }

    // C libraries have different types for what to do.
    template <class Request>
    void request(Request what, std::uintptr_t data, const char* name) const
    {
        if (::ptrace(what, m_pid, nullptr, data) != 0)
            fail(name);
    }

    int wait_for_stop(int wanted, int other = 0)
    {
        int status;
        while (::waitpid(m_pid, &status, 0) < 0)
            if (errno != EINTR)
                fail("waitpid");
        if (WIFSTOPPED(status) &&
            (WSTOPSIG(status) == wanted || WSTOPSIG(status) == other))
            return WSTOPSIG(status);
        const std::string how = WIFSTOPPED(status)  ? "stopped by signal "
                                : WIFEXITED(status) ? "exited with "
                                                    : "died of signal ";
        const int number = WIFSTOPPED(status)  ? WSTOPSIG(status)
                           : WIFEXITED(status) ? WEXITSTATUS(status)
                                               : WTERMSIG(status);
        if (!WIFSTOPPED(status))
            m_pid = 0;
        throw std::runtime_error("the victim " + how + std::to_string(number));
    }

    pid_t m_pid;
};

} // namespace test

#endif
