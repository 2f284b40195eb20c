// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP

// Windows: where objects are, barriers, memory, semaphores.

#include <boost_ipq/detail/platform/shared_directory.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/fork.hpp>
#include <boost_ipq/detail/platform/windows/kernel_file.hpp>
#include <boost_ipq/detail/platform/windows/permissions.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#if defined(_MSC_VER)
#pragma comment(lib, "advapi32.lib") // security descriptors
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// Where the lock files of shared-memory queues are: where Boost keeps the
// segments and semaphores, which are files here.
inline std::string object_directory()
{
    return shared_directory();
}

// Longest name of a segment or semaphore: a file's, whose path may have 260
// characters.
constexpr std::size_t max_object_name = 120;

// The file systems do not tell "a" from "A".
constexpr bool case_sensitive_names = false;

inline int process_id() noexcept
{
    return static_cast<int>(::GetCurrentProcessId());
}

// The system tells when it is tried.
inline bool may_remove(const std::string&) noexcept
{
    return true;
}

// Removes a file, which others may have open or mapped: its name is free at
// once. What may be removed by anybody else, and is, is no error.
inline void remove_file(const std::string& path, boost::system::error_code& ec)
{
    ec.clear();
    unique_handle file(::CreateFileA(
        path.c_str(), DELETE, share_all, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!file)
    {
        if (::GetLastError() != ERROR_FILE_NOT_FOUND)
            ec = last_error(false);
        return;
    }
    // FileDispositionInfoEx with POSIX semantics: Windows 10 1607, NTFS.
    struct
    {
        DWORD flags;
    } posix = {0x1 | 0x2}; // FILE_DISPOSITION_FLAG_DELETE, ..._POSIX_SEMANTICS
    constexpr auto disposition_info_ex =
        static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
    if (::SetFileInformationByHandle(
            file.get(), disposition_info_ex, &posix, sizeof posix))
        return;
    // Elsewhere, and for mapped files, the name goes first, the file when all
    // have closed it, or at the latest with Boost's directory of this boot.
    file_identity identity;
    identify(file.get(), identity);
    const std::string aside = path + ".removed." +
                              std::to_string(identity.number) + "." +
                              std::to_string(::GetCurrentProcessId()) + "." +
                              std::to_string(::GetTickCount64());
    if (::MoveFileExA(path.c_str(), aside.c_str(), MOVEFILE_REPLACE_EXISTING))
        // A mapped file cannot be deleted, but marked so while it is opened.
        file.reset(::CreateFileA(
            aside.c_str(), DELETE, share_all, nullptr, OPEN_EXISTING,
            FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    else
        ec = last_error(false);
}

// Boost's own removal gives up, silently, when GCC has optimized it (1.74).
inline void remove_segment(const std::string& name)
{
    boost::system::error_code ignored;
    remove_file(shared_directory() + "/" + name, ignored);
}

inline void remove_semaphore(const std::string& name)
{
    remove_segment(name);
}

// Reserves room on the disk, so that a full one is an error now. What lies
// before a file's end has its room: Boost writes the whole segment.
inline void reserve_pages(
    HANDLE file, std::uint64_t at, std::uint64_t size,
    boost::system::error_code& ec) noexcept
{
    ec.clear();
    LARGE_INTEGER end;
    if (!::GetFileSizeEx(file, &end))
        ec = last_error(false);
    else if (at + size > static_cast<std::uint64_t>(end.QuadPart))
    {
        FILE_END_OF_FILE_INFO info;
        info.EndOfFile.QuadPart = static_cast<LONGLONG>(at + size);
        ec = last_error(
            ::SetFileInformationByHandle(
                file, FileEndOfFileInfo, &info, sizeof info) != FALSE);
    }
}

// Maps pages that will be used, to save a fault each in the first lap.
inline void populate(void* address, std::size_t size) noexcept
{
    constexpr std::size_t page = 4096;
    const volatile char* const bytes = static_cast<const char*>(address);
    for (std::size_t i = 0; i < size; i += page)
        (void)bytes[i];
}

// FlushProcessWriteBuffers() reaches this process only: wakers fence.
inline bool register_for_asymmetric_fence() noexcept
{
    return false;
}

inline bool asymmetric_fence_heavy() noexcept
{
    return false;
}

// Takes the tokens from a semaphore, or makes it with these permissions.
inline void provide_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions,
    boost::system::error_code& ec)
{
    boost::interprocess::named_semaphore semaphore(
        boost::interprocess::open_or_create, name.c_str(), 0, permissions);
    while (semaphore.try_wait())
    {
    }
    ec.clear();
}

// Waiting for a token of a named semaphore.
//
// Boost keeps the count in a shared file, and its timed_wait() asks again and
// again, by the wall clock. Here a kernel semaphore stands beside it, which
// only says "look again"; the wait is a relative one. It is named after the
// identity of Boost's file, so a queue that was removed and made anew does not
// meet the old one, and may be opened by whom that file lets in. Where there
// is none to be had, Sleep(1) stands in: up to a tick of 15.6 ms longer.
class semaphore_wait
{
public:
    semaphore_wait(
        boost::interprocess::named_semaphore& semaphore,
        const std::string& name, std::atomic<std::uint32_t>&)
        : m_semaphore(semaphore),
          m_bell(open_bell(shared_directory() + "/" + name))
    {
    }

    semaphore_wait(const semaphore_wait&) = delete;
    semaphore_wait& operator=(const semaphore_wait&) = delete;

    // Waits for a token; false: none came in that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + duration;
        for (;;)
        {
            if (m_semaphore.try_wait())
                return true;
            const auto now = clock::now();
            if (now >= until)
                return false;
            const auto rest =
                std::chrono::duration_cast<std::chrono::milliseconds>(
                    until - now) +
                std::chrono::milliseconds(1);
            if (!m_bell)
                ::Sleep(1);
            else if (
                ::WaitForSingleObject(
                    m_bell.get(),
                    static_cast<DWORD>(
                        (std::min<long long>)(rest.count(), 1000))) ==
                WAIT_FAILED)
                ::Sleep(1);
        }
    }

    void post()
    {
        m_semaphore.post();
        // It may be full: then there are more rings than sleepers.
        if (m_bell)
            ::ReleaseSemaphore(m_bell.get(), 1, nullptr);
    }

private:
    static constexpr LONG most_rings = 1 << 16;

    static HANDLE open_bell(const std::string& path)
    {
        const unique_handle file(::CreateFileA(
            path.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES, share_all,
            nullptr, OPEN_EXISTING, 0, nullptr));
        file_identity identity;
        if (!file || !identify(file.get(), identity))
            return nullptr;
        // A file's rights to read and to write are, as numbers, a semaphore's
        // to ask and to change, so its list of who may what serves here.
        DWORD size = 0;
        ::GetKernelObjectSecurity(
            file.get(), DACL_SECURITY_INFORMATION, nullptr, 0, &size);
        std::vector<void*> descriptor(size / sizeof(void*) + 1);
        SECURITY_ATTRIBUTES security = {};
        security.nLength = sizeof security;
        security.lpSecurityDescriptor = descriptor.data();
        const bool known = ::GetKernelObjectSecurity(
                               file.get(), DACL_SECURITY_INFORMATION,
                               descriptor.data(), size, &size) != FALSE;
        // Global: services and users may share a queue.
        const std::string name = "Global\\boost_ipq." +
                                 std::to_string(identity.device) + "." +
                                 std::to_string(identity.number);
        return ::CreateSemaphoreExA(
            known ? &security : nullptr, 0, most_rings, name.c_str(), 0,
            SEMAPHORE_MODIFY_STATE | SYNCHRONIZE);
    }

    boost::interprocess::named_semaphore& m_semaphore;
    unique_handle m_bell;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
