// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WINDOWS_PROCESS_HPP
#define BOOST_IPQ_TEST_WINDOWS_PROCESS_HPP

// A process that runs a program: the words of its command, and its end of a
// channel.

#include "../channel.hpp"
#include "../watchdog.hpp"
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

// What signals a child can get: its end, a stop as a debugger does it, and its
// continuation.
#define SIGKILL 9
#define SIGSTOP 19
#define SIGCONT 18

namespace test {

using process_id = DWORD;

// Effects: to be called when a test program starts.
inline void prepare_program() noexcept
{
    // A program that crashes ends, and opens no window.
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

// Returns: the words that start this program again.
inline std::vector<std::string> own_command(const char*)
{
    char path[MAX_PATH];
    const DWORD length = ::GetModuleFileNameA(nullptr, path, sizeof path);
    if (length == 0 || length == sizeof path)
        fail("finding this program");
    return {std::string(path, length)};
}

class process
{
public:
    process(const std::vector<std::string>& words, const channel& its_end)
    {
        std::string line;
        for (const std::string& word : words)
            line += (line.empty() ? "" : " ") + quoted(word);
        inherited_handles handles(its_end.descriptor());
        PROCESS_INFORMATION started = {};
        if (!::CreateProcessA(
                nullptr, &line[0], nullptr, nullptr, TRUE,
                CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT, nullptr,
                nullptr, handles.information(), &started))
            fail("starting " + words[0]);
        m_handle = started.hProcess;
        m_id = started.dwProcessId;
        watchdog::add_child(m_handle);
        ::ResumeThread(started.hThread);
        ::CloseHandle(started.hThread);
    }

    process(const process&) = delete;
    process& operator=(const process&) = delete;

    process(process&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr)),
          m_id(std::exchange(other.m_id, 0)),
          m_status(other.m_status)
    {
    }

    // Effects: kills the process if it still runs.
    ~process()
    {
        if (m_handle)
            kill();
    }

    process_id id() const noexcept { return m_id; }

    // Effects: waits for the end of the process.
    // Returns: its exit code; for a killed one, -SIGKILL.
    int wait()
    {
        if (m_handle)
        {
            DWORD status = 0;
            ::WaitForSingleObject(m_handle, INFINITE);
            ::GetExitCodeProcess(m_handle, &status);
            ::CloseHandle(std::exchange(m_handle, nullptr));
            m_status = static_cast<int>(status);
        }
        return m_status;
    }

    // Effects: sends one of these three signals, which has taken effect when
    // this returns, except for the end of the process.
    void signal(int number) const
    {
        if (!m_handle)
            return;
        if (number == SIGKILL)
            ::TerminateProcess(m_handle, static_cast<UINT>(-SIGKILL));
        else if (number == SIGSTOP)
            call("NtSuspendProcess");
        else if (number == SIGCONT)
            call("NtResumeProcess");
        else
            fail("sending a signal");
    }

    // Effects: ends the process; returns when it has ended.
    int kill()
    {
        signal(SIGKILL);
        return wait();
    }

private:
    // Calls a function of the kernel that has no header.
    void call(const char* name) const
    {
        using function = LONG(WINAPI*)(HANDLE);
        const auto found =
            reinterpret_cast<function>(reinterpret_cast<void (*)()>(
                ::GetProcAddress(::GetModuleHandleA("ntdll.dll"), name)));
        if (!found || found(m_handle) < 0)
            fail(name);
    }

    // A child inherits its end of the channel, which is its standard input, and
    // the standard output and error of this process; nothing else, whatever
    // another thread starts meanwhile.
    class inherited_handles
    {
    public:
        explicit inherited_handles(HANDLE channel)
        {
            m_start.StartupInfo.cb = sizeof m_start;
            m_start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
            m_start.StartupInfo.hStdInput = channel;
            m_start.StartupInfo.hStdOutput = ::GetStdHandle(STD_OUTPUT_HANDLE);
            m_start.StartupInfo.hStdError = ::GetStdHandle(STD_ERROR_HANDLE);
            SIZE_T size = 0;
            ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
            m_list.resize(size / sizeof(void*) + 1);
            m_start.lpAttributeList =
                reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(m_list.data());
            add(m_start.StartupInfo.hStdInput);
            add(m_start.StartupInfo.hStdOutput);
            add(m_start.StartupInfo.hStdError);
            if (!::InitializeProcThreadAttributeList(
                    m_start.lpAttributeList, 1, 0, &size) ||
                !::UpdateProcThreadAttribute(
                    m_start.lpAttributeList, 0,
                    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, m_handles.data(),
                    m_handles.size() * sizeof(HANDLE), nullptr, nullptr))
                fail("listing handles");
        }

        inherited_handles(const inherited_handles&) = delete;
        inherited_handles& operator=(const inherited_handles&) = delete;
        ~inherited_handles()
        {
            ::DeleteProcThreadAttributeList(m_start.lpAttributeList);
        }

        STARTUPINFOA* information() noexcept { return &m_start.StartupInfo; }

    private:
        // Each once.
        void add(HANDLE handle)
        {
            for (const HANDLE other : m_handles)
                if (other == handle)
                    return;
            if (handle && ::SetHandleInformation(
                              handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT))
                m_handles.push_back(handle);
        }

        STARTUPINFOEXA m_start{};
        std::vector<void*> m_list{};
        std::vector<HANDLE> m_handles{};
    };

    // As the C library of the child takes a command line apart.
    static std::string quoted(const std::string& word)
    {
        if (!word.empty() &&
            word.find_first_of(" \t\n\v\"") == std::string::npos)
            return word;
        std::string result = "\"";
        std::size_t backslashes = 0;
        for (const char c : word)
        {
            if (c == '"')
                result.append(backslashes + 1, '\\');
            backslashes = c == '\\' ? backslashes + 1 : 0;
            result += c;
        }
        return result.append(backslashes, '\\') + '"';
    }

    HANDLE m_handle = nullptr;
    process_id m_id = 0;
    int m_status = 0;
};

} // namespace test

#endif
