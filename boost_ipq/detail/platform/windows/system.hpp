// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP

// Windows: object names, memory, barriers, semaphores.

#include <boost_ipq/detail/platform/fallback.hpp>
#include <boost_ipq/detail/platform/semaphore_loop.hpp>
#include <boost_ipq/detail/platform/shared_directory.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/fork.hpp>
#include <boost_ipq/detail/platform/windows/kernel_file.hpp>
#include <boost_ipq/detail/platform/windows/memory_file.hpp>
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
#include <string>
#include <system_error>
#include <vector>

#if defined(_MSC_VER)
#pragma comment(lib, "advapi32.lib") // security descriptors
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// The directory of the lock files of queues in shared memory: the one in which
// Boost keeps the segments and semaphores, which are files here.
inline std::string object_directory()
{
    return shared_directory();
}

// Characters of the longest name of a segment or semaphore: both are files,
// whose path may have 260 characters.
constexpr std::size_t max_object_name = 120;

// See kernel_file::locked_elsewhere().
constexpr bool looking_locks = true;

// Is a segment created by its path? Else by its name, as Boost's shared memory,
// and object_directory() is where Boost keeps that.
constexpr bool segments_are_files = false;

// The file systems do not distinguish "a" from "A".
constexpr bool case_sensitive_names = false;

inline int process_id() noexcept
{
    return static_cast<int>(::GetCurrentProcessId());
}

// Removes a file, which other processes may have open or mapped. Its name is
// free at once. A file that another process has removed already is no error.
// Returns whether there was such a file and it is removed.
inline bool remove_file(const std::string& path, boost::system::error_code& ec)
{
    ec.clear();
    unique_handle file(::CreateFileA(
        path.c_str(), DELETE, share_all, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!file)
    {
        if (::GetLastError() != ERROR_FILE_NOT_FOUND)
            ec = last_error(false);
        return false;
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
        return true;
    // On older systems, on other file systems, and for mapped files, the file
    // is renamed. It is deleted when all processes have closed it, or at the
    // latest when Boost removes its directory of this boot.
    file_identity identity;
    identify(file.get(), identity);
    const std::string aside = path + ".removed." +
                              std::to_string(identity.number) + "." +
                              std::to_string(::GetCurrentProcessId()) + "." +
                              std::to_string(::GetTickCount64());
    if (!::MoveFileExA(path.c_str(), aside.c_str(), MOVEFILE_REPLACE_EXISTING))
    {
        ec = last_error(false);
        return false;
    }
    // A mapped file cannot be deleted, but it can be opened so that it is
    // deleted on close.
    file.reset(::CreateFileA(
        aside.c_str(), DELETE, share_all, nullptr, OPEN_EXISTING,
        FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    return true;
}

// Is there nothing at that path? False if that is unknown.
inline bool is_missing(const std::string& path) noexcept
{
    if (::GetFileAttributesA(path.c_str()) != INVALID_FILE_ATTRIBUTES)
        return false;
    const DWORD error = ::GetLastError();
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

inline bool is_regular_file(const std::string& path) noexcept
{
    const DWORD attributes = ::GetFileAttributesA(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES &&
           (attributes &
            (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == 0;
}

// The names in a directory.
inline std::vector<std::string>
names_in(const std::string& directory, boost::system::error_code& ec)
{
    std::vector<std::string> result;
    WIN32_FIND_DATAA found;
    const HANDLE search = ::FindFirstFileA((directory + "/*").c_str(), &found);
    ec = last_error(search != INVALID_HANDLE_VALUE);
    if (ec)
        return result;
    do
        result.emplace_back(found.cFileName);
    while (::FindNextFileA(search, &found));
    ec = last_error(::GetLastError() == ERROR_NO_MORE_FILES);
    ::FindClose(search);
    return result;
}

inline std::string absolute_path(const std::string& path)
{
    char buffer[MAX_PATH];
    const DWORD length =
        ::GetFullPathNameA(path.c_str(), sizeof buffer, buffer, nullptr);
    if (length == 0 || length >= sizeof buffer)
        throw std::system_error(
            static_cast<int>(
                length == 0 ? ::GetLastError() : ERROR_FILENAME_EXCED_RANGE),
            std::system_category(), path);
    return std::string(buffer, length);
}

// Boost's own removal fails silently when GCC has optimized it (1.74).
inline bool remove_semaphore(const std::string& name)
{
    boost::system::error_code ignored;
    return remove_file(shared_directory() + "/" + name, ignored);
}

// Reserves space on the disk, so that a full disk is an error now. The bytes
// before the end of the file have space already: Boost writes the whole
// segment.
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

// A file that Boost has created has no holes.
inline void
reserve_holes(HANDLE, std::uint64_t, boost::system::error_code& ec) noexcept
{
    ec.clear();
}

// Dumps of a process are configured by the program that writes them.
inline void set_dumped(void*, std::size_t, bool) noexcept {}

// Maps pages that will be used, which saves a page fault each in the first lap.
inline void populate(void* address, std::size_t size) noexcept
{
    constexpr std::size_t page = 4096;
    touch_pages(address, size, page);
}

// remove_semaphore() fails if the system does not permit it.
inline bool is_immutable_semaphore(const std::string&) noexcept
{
    return false;
}

// What the library needs and this system lacks: nothing.
inline std::string missing_kernel_feature()
{
    return {};
}

// Its file is Boost's own affair.
inline std::string semaphore_path(const std::string&)
{
    return {};
}

// It does not depend on the C library.
inline std::string foreign_semaphore_path(const std::string&)
{
    return {};
}

// For the text of an error: what removes objects of a queue on this system.
constexpr char who_removes_objects[] = " (by a program that cleans up?)";

constexpr std::size_t semaphore_size = 0; // unknown

// Creates a semaphore, which must not exist, with these permissions.
inline void create_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions)
{
    boost::interprocess::named_semaphore(
        boost::interprocess::create_only, name.c_str(), 0, permissions);
}

// Waits for a named semaphore.
//
// Boost keeps the count in a shared file, and its timed_wait() polls it by the
// wall clock. Here a second semaphore, a kernel object called the bell, wakes
// sleepers to try again, and the wait has a duration. The bell is named after
// the identity of Boost's file, so a queue that was removed and created again
// has a new one. Users who may open the file may open the bell. If it is not
// available, Sleep(1) replaces it: a wait then takes up to a tick of 15.6 ms
// longer.
class semaphore_wait
{
public:
    semaphore_wait(
        boost::interprocess::named_semaphore& semaphore,
        const std::string& name, std::atomic<std::uint32_t>& posts)
        : m_semaphore(semaphore),
          m_posts(posts),
          m_bell(open_bell(shared_directory() + "/" + name))
    {
    }

    semaphore_wait(const semaphore_wait&) = delete;
    semaphore_wait& operator=(const semaphore_wait&) = delete;

    // Decrements the semaphore, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        return wait_in_loop(
            m_semaphore, m_posts, duration,
            [this](std::uint32_t, std::chrono::nanoseconds rest) {
                using std::chrono::milliseconds;
                const auto time =
                    std::chrono::duration_cast<milliseconds>(rest) +
                    milliseconds(1);
                if (!m_bell ||
                    ::WaitForSingleObject(
                        m_bell.get(),
                        static_cast<DWORD>(
                            (std::min<long long>)(time.count(), 1000))) ==
                        WAIT_FAILED)
                    ::Sleep(1);
            });
    }

    void post()
    {
        m_semaphore.post();
        // Fails if the bell has most_rings already, more than there are
        // sleepers.
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
        // The rights to read and to write a file have the numbers of the
        // rights to query and to change a semaphore, so the file's access
        // control list is valid here.
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
    std::atomic<std::uint32_t>& m_posts;
    unique_handle m_bell;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
