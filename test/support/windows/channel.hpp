// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WINDOWS_CHANNEL_HPP
#define BOOST_IPQ_TEST_WINDOWS_CHANNEL_HPP

#include <boost_ipq/detail/platform/windows/api.hpp>
#include <atomic>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace test {

[[noreturn]] inline void fail(const std::string& doing)
{
    throw std::system_error(
        static_cast<int>(::GetLastError()), std::system_category(), doing);
}

// Lines of text between a process and its child, both ways: a named pipe, which
// is the standard input of the child. The handles are overlapped: the system
// lets only one thread at a time use a synchronous one, so a thread that hears
// would stop another that tells.
class channel
{
public:
    channel() noexcept = default;
    explicit channel(HANDLE handle) noexcept : m_handle(handle) {}

    channel(channel&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr))
    {
    }

    channel& operator=(channel&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }

    ~channel() { close(); }

    // Returns: two connected ends; only the second can be inherited.
    static std::pair<channel, channel> make()
    {
        static std::atomic<unsigned> count{0};
        const std::string name = "\\\\.\\pipe\\boost_ipq." +
                                 std::to_string(::GetCurrentProcessId()) + "." +
                                 std::to_string(++count);
        channel here(::CreateNamedPipeA(
            name.c_str(),
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                FILE_FLAG_FIRST_PIPE_INSTANCE,
            PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536, 65536, 0, nullptr));
        if (here.m_handle == INVALID_HANDLE_VALUE)
            fail("creating a pipe");
        SECURITY_ATTRIBUTES inherited = {sizeof inherited, nullptr, TRUE};
        channel there(::CreateFileA(
            name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, &inherited,
            OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
        if (there.m_handle == INVALID_HANDLE_VALUE)
            fail("opening a pipe");
        return {std::move(here), std::move(there)};
    }

    // The end of a child.
    static channel inherited() noexcept
    {
        const HANDLE handle = ::GetStdHandle(STD_INPUT_HANDLE);
        ::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
        return channel(handle);
    }

    HANDLE descriptor() const noexcept { return m_handle; }

    void close() noexcept
    {
        if (m_handle)
            ::CloseHandle(m_handle);
        m_handle = nullptr;
    }

    // Effects: sends a line. Throws: std::system_error if the other end is
    // closed.
    void tell(const std::string& line)
    {
        const std::string text = line + '\n';
        for (std::size_t sent = 0; sent < text.size();)
        {
            operation call;
            const BOOL started = ::WriteFile(
                m_handle, text.data() + sent,
                static_cast<DWORD>(text.size() - sent), nullptr,
                &call.overlapped);
            const DWORD count = call.finish(m_handle, started);
            if (count == 0)
                fail("telling '" + line + "'");
            sent += count;
        }
    }

    // Returns: the next line; waits for it.
    // Throws: std::runtime_error if the other end is closed.
    std::string hear()
    {
        std::string line;
        for (char c;;)
        {
            operation call;
            const BOOL started =
                ::ReadFile(m_handle, &c, 1, nullptr, &call.overlapped);
            if (call.finish(m_handle, started) == 0)
                throw std::runtime_error(
                    "the other process ended, after saying '" + line + "'");
            if (c == '\n')
                return line;
            line += c;
        }
    }

    // Returns: whether hear() would not wait.
    bool is_readable() const
    {
        DWORD count = 0;
        return !::PeekNamedPipe(
                   m_handle, nullptr, 0, nullptr, &count, nullptr) ||
               count != 0;
    }

private:
    struct operation
    {
        operation() noexcept { overlapped.hEvent = event.get(); }

        // Returns: the number of bytes; 0: the call has failed.
        DWORD finish(HANDLE handle, BOOL started) noexcept
        {
            DWORD count = 0;
            if (!started && ::GetLastError() != ERROR_IO_PENDING)
                return 0;
            return ::GetOverlappedResult(handle, &overlapped, &count, TRUE)
                       ? count
                       : 0;
        }

        const boost_ipq::detail::platform::unique_handle event{
            ::CreateEventW(nullptr, TRUE, FALSE, nullptr)};
        OVERLAPPED overlapped{};
    };

    HANDLE m_handle = nullptr;
};

} // namespace test

#endif
