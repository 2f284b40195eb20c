// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_KERNEL_FILE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_KERNEL_FILE_HPP

// A file whose bytes are locked through the kernel, which drops the locks of a
// handle when it is closed, however the process ends.
//
// The handle is overlapped: the system lets only one thread at a time use a
// synchronous handle, so a thread that waits for a lock would block all others.

#include <boost_ipq/detail/platform/file_identity.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/permissions.hpp>
#include <boost_ipq/detail/platform/windows/wide_path.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Returns whether the system knows the file's identity.
inline bool identify(HANDLE file, file_identity& identity) noexcept
{
    BY_HANDLE_FILE_INFORMATION status;
    if (!::GetFileInformationByHandle(file, &status))
        return false;
    identity.device = status.dwVolumeSerialNumber;
    identity.number =
        std::uint64_t(status.nFileIndexHigh) << 32 | status.nFileIndexLow;
    return true;
}

// One call that reads, writes or locks at an offset. Calls that cannot wait
// need no event.
class file_operation
{
public:
    explicit file_operation(std::uint64_t offset, bool may_wait = true) noexcept
        : m_event(
              may_wait ? ::CreateEventW(nullptr, TRUE, FALSE, nullptr)
                       : nullptr)
    {
        m_overlapped.Offset = static_cast<DWORD>(offset);
        m_overlapped.OffsetHigh = static_cast<DWORD>(offset >> 32);
        m_overlapped.hEvent = m_event.get();
    }

    // Waits for the end of a call that returned `started`. Returns whether it
    // succeeded.
    bool finish(HANDLE file, BOOL started, DWORD* count = nullptr) noexcept
    {
        DWORD ignored = 0;
        if (!started && ::GetLastError() != ERROR_IO_PENDING)
            return false;
        return ::GetOverlappedResult(
                   file, &m_overlapped, count ? count : &ignored, TRUE) !=
               FALSE;
    }

    OVERLAPPED* get() noexcept { return &m_overlapped; }

private:
    unique_handle m_event;
    OVERLAPPED m_overlapped{};
};

class kernel_file
{
public:
    using error_code = boost::system::error_code;

    kernel_file() noexcept = default;

    // Opens the file. With `create`, a missing file is created with exactly
    // these permissions. Returns whether it was created.
    bool open(
        const std::string& path, bool create, native_permissions permissions,
        error_code& ec)
    {
        close();
        for (int attempt = 0;; ++attempt)
        {
            DWORD error = open_as(path, OPEN_EXISTING, nullptr);
            const bool creating = error == ERROR_FILE_NOT_FOUND && create;
            if (creating)
                error = open_as(
                    path, CREATE_NEW,
                    static_cast<SECURITY_ATTRIBUTES*>(permissions));
            if (error == ERROR_FILE_EXISTS || error == ERROR_ALREADY_EXISTS)
                continue;
            // For example, a virus scanner has it open and does not share it.
            if (error == ERROR_SHARING_VIOLATION && attempt < 200)
            {
                ::Sleep(5);
                continue;
            }
            ec = code_of(error, path);
            return creating && !ec;
        }
    }

    void close() noexcept { m_file.reset(); }

    bool is_open() const noexcept { return static_cast<bool>(m_file); }

    // There are no forked children.
    void expect_children(const std::string&, std::uint64_t) noexcept {}
    void forget_children() noexcept {}
    void clear_in_child(std::atomic<std::uint32_t>&) noexcept {}

    // Waits for an exclusive lock on a byte. Polls: under Wine, a call that
    // waits for a lock may return before it has it.
    void lock(std::uint64_t byte, error_code& ec) noexcept
    {
        constexpr DWORD longest = 16; // milliseconds, about a tick
        for (DWORD pause = 0; !try_lock(byte, ec) && !ec;)
        {
            ::Sleep(pause);
            pause = (std::min)(pause == 0 ? 1 : 2 * pause, longest);
        }
    }

    bool try_lock(std::uint64_t byte) noexcept
    {
        return lock_bytes(
            byte, 1, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY);
    }

    // As try_lock(byte), but sets `ec` if the lock is not just held elsewhere.
    bool try_lock(std::uint64_t byte, error_code& ec) noexcept
    {
        ec.clear();
        if (try_lock(byte))
            return true;
        const DWORD error = ::GetLastError();
        if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING)
            ec.assign(
                static_cast<int>(error), boost::system::system_category());
        return false;
    }

    // Every system locks files.
    static std::string missing_locks(const error_code&) { return {}; }

    void unlock(std::uint64_t byte) noexcept { unlock_bytes(byte, 1); }

    // Does another open file hold a lock on any of these bytes? True also if
    // the kernel does not answer. This file must not have locked any of them.
    //
    // Takes a shared lock for a moment: two processes that ask at once do not
    // take each other for owners. A process that tries to lock one of the bytes
    // at that moment fails. So only a few bytes are locked at once; the other
    // slots stay free.
    bool
    locked_elsewhere(std::uint64_t byte, std::uint64_t count) const noexcept
    {
        constexpr std::uint64_t most = 64;
        for (const std::uint64_t end = byte + count; byte != end;)
        {
            const std::uint64_t some = (std::min)(most, end - byte);
            if (!lock_bytes(byte, some, LOCKFILE_FAIL_IMMEDIATELY))
                return true;
            unlock_bytes(byte, some);
            byte += some;
        }
        return false;
    }

    // Reads up to `size` bytes from the beginning. Returns how many it read.
    std::size_t read(void* to, std::size_t size) const noexcept
    {
        file_operation operation(0);
        DWORD count = 0;
        const BOOL started = ::ReadFile(
            m_file.get(), to, static_cast<DWORD>(size), nullptr,
            operation.get());
        return operation.finish(m_file.get(), started, &count) ? count : 0;
    }

    void write(
        const void* from, std::size_t size, std::uint64_t at,
        error_code& ec) noexcept
    {
        file_operation operation(at);
        const BOOL started = ::WriteFile(
            m_file.get(), from, static_cast<DWORD>(size), nullptr,
            operation.get());
        ec = last_error(operation.finish(m_file.get(), started));
    }

    void truncate(std::uint64_t size, error_code& ec) noexcept
    {
        FILE_END_OF_FILE_INFO info;
        info.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
        ec = last_error(
            ::SetFileInformationByHandle(
                m_file.get(), FileEndOfFileInfo, &info, sizeof info) != FALSE);
    }

    file_identity identity(error_code& ec) const noexcept
    {
        file_identity result;
        ec = last_error(identify(m_file.get(), result));
        return result;
    }

    // Does the path still lead to this file?
    bool is_at(const std::string& path) const noexcept
    {
        const unique_handle found(::CreateFileW(
            wide_path(path).c_str(), FILE_READ_ATTRIBUTES, share_all, nullptr,
            OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
        file_identity here, there;
        return found && identify(m_file.get(), here) &&
               identify(found.get(), there) && here == there;
    }

    object_status status() const noexcept { return {}; }
    // Has the file lost this name? It may be renamed until it can be deleted.
    bool is_deleted(const std::string& path) const noexcept
    {
        return !is_at(path);
    }

    // The permissions that the system gives to new objects in a directory.
    native_permissions permissions() const noexcept { return nullptr; }

    HANDLE descriptor() const noexcept { return m_file.get(); }

private:
    // What is no queue's file is told apart from a file that this user may not
    // open.
    static error_code code_of(DWORD error, const std::string& path) noexcept
    {
        namespace generic = boost::system::errc;
        if (error == ERROR_TOO_MANY_LINKS)
            return generic::make_error_code(generic::too_many_links);
        if (error == ERROR_ACCESS_DENIED)
        {
            const DWORD found = ::GetFileAttributesW(wide_path(path).c_str());
            if (found != INVALID_FILE_ATTRIBUTES &&
                (found & FILE_ATTRIBUTE_DIRECTORY) != 0)
                return generic::make_error_code(generic::is_a_directory);
        }
        return {static_cast<int>(error), boost::system::system_category()};
    }

    DWORD
    open_as(
        const std::string& path, DWORD how,
        SECURITY_ATTRIBUTES* security) noexcept
    {
        m_file.reset(::CreateFileW(
            wide_path(path).c_str(), GENERIC_READ | GENERIC_WRITE, share_all,
            security, how,
            FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED |
                FILE_FLAG_OPEN_REPARSE_POINT,
            nullptr));
        if (!m_file)
            return ::GetLastError();
        // A file that has a second name is not the queue's own.
        BY_HANDLE_FILE_INFORMATION found;
        if (::GetFileInformationByHandle(m_file.get(), &found) &&
            found.nNumberOfLinks > 1)
        {
            m_file.reset();
            return ERROR_TOO_MANY_LINKS;
        }
        // Even if the user's SECURITY_ATTRIBUTES ask for inheritance.
        ::SetHandleInformation(m_file.get(), HANDLE_FLAG_INHERIT, 0);
        return ERROR_SUCCESS;
    }

    bool lock_bytes(
        std::uint64_t byte, std::uint64_t count, DWORD flags) const noexcept
    {
        file_operation operation(byte, false);
        const BOOL started = ::LockFileEx(
            m_file.get(), flags, 0, static_cast<DWORD>(count), 0,
            operation.get());
        return operation.finish(m_file.get(), started);
    }

    void unlock_bytes(std::uint64_t byte, std::uint64_t count) const noexcept
    {
        file_operation operation(byte, false);
        const BOOL started = ::UnlockFileEx(
            m_file.get(), 0, static_cast<DWORD>(count), 0, operation.get());
        operation.finish(m_file.get(), started);
    }

    unique_handle m_file;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
