// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SYSTEM_HPP

// Windows: object names, memory, barriers, semaphores.

#include <boost_ipq/detail/platform/fallback.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/fork.hpp>
#include <boost_ipq/detail/platform/windows/kernel_file.hpp>
#include <boost_ipq/detail/platform/windows/memory_file.hpp>
#include <boost_ipq/detail/platform/windows/object_directory.hpp>
#include <boost_ipq/detail/platform/windows/permissions.hpp>
#include <boost_ipq/detail/platform/windows/semaphore.hpp>
#include <boost_ipq/detail/platform/windows/wide_path.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#if defined(_MSC_VER)
#pragma comment(lib, "advapi32.lib") // security descriptors
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// Characters of the longest name of an object of a queue in shared memory. A
// file's name may have 255.
constexpr std::size_t max_object_name = 120;

// See kernel_file::locked_elsewhere().
constexpr bool looking_locks = true;

// Segments are files here, by their paths.
constexpr bool segments_are_files = true;

// The file systems do not distinguish "a" from "A".
constexpr bool case_sensitive_names = false;

inline int process_id() noexcept
{
    return static_cast<int>(::GetCurrentProcessId());
}

constexpr char set_aside[] = ".removed.";

// Deletes the files that remove_file() has renamed: the one of this call, and
// those of processes that were killed before they had done this.
inline void delete_set_aside(const std::string& path)
{
    WIN32_FIND_DATAW found;
    const HANDLE search =
        ::FindFirstFileW(wide_path(path + set_aside + "*").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE)
        return;
    const std::string directory = path.substr(0, path.find_last_of("/\\") + 1);
    do
        // A mapped file cannot be deleted, but it can be opened so that it is
        // deleted on close.
        unique_handle(::CreateFileW(
            wide_path(directory + narrowed(found.cFileName)).c_str(), DELETE,
            share_all, nullptr, OPEN_EXISTING,
            FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    while (::FindNextFileW(search, &found));
    ::FindClose(search);
}

// Removes a file, which other processes may have open or mapped. Its name is
// free at once. A file that another process has removed already is no error.
// Returns whether there was such a file and it is removed.
inline bool remove_file(const std::string& path, boost::system::error_code& ec)
{
    ec.clear();
    unique_handle file(::CreateFileW(
        wide_path(path).c_str(), DELETE, share_all, nullptr, OPEN_EXISTING,
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
    // is renamed. It is deleted when all processes have closed it.
    file_identity identity;
    identify(file.get(), identity);
    const std::string aside = path + set_aside +
                              std::to_string(identity.number) + "." +
                              std::to_string(::GetCurrentProcessId()) + "." +
                              std::to_string(::GetTickCount64());
    if (!::MoveFileExW(
            wide_path(path).c_str(), wide_path(aside).c_str(),
            MOVEFILE_REPLACE_EXISTING))
    {
        ec = last_error(false);
        return false;
    }
    file.reset();
    delete_set_aside(path);
    return true;
}

// Is there nothing at that path? False if that is unknown.
inline bool is_missing(const std::string& path) noexcept
{
    if (::GetFileAttributesW(wide_path(path).c_str()) !=
        INVALID_FILE_ATTRIBUTES)
        return false;
    const DWORD error = ::GetLastError();
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

inline bool is_regular_file(const std::string& path) noexcept
{
    const DWORD attributes = ::GetFileAttributesW(wide_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES &&
           (attributes &
            (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == 0;
}

// The names in a directory.
inline std::vector<std::string>
names_in(const std::string& directory, boost::system::error_code& ec)
{
    std::vector<std::string> result;
    WIN32_FIND_DATAW found;
    const HANDLE search =
        ::FindFirstFileW(wide_path(directory + "/*").c_str(), &found);
    ec = last_error(search != INVALID_HANDLE_VALUE);
    if (ec)
        return result;
    do
        result.push_back(narrowed(found.cFileName));
    while (::FindNextFileW(search, &found));
    ec = last_error(::GetLastError() == ERROR_NO_MORE_FILES);
    ::FindClose(search);
    return result;
}

// Reserves space on the disk, so that a full disk is an error now. The bytes
// before the end of the file have space already. Nothing is written: the system
// fills a page with zeros when it is first used.
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

// A file that is not sparse has no holes.
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

// What the library needs and this system lacks: nothing.
inline std::string missing_kernel_feature()
{
    return {};
}

// For the text of an error: what removes objects of a queue on this system.
constexpr char who_removes_objects[] = " (by a program that cleans up?)";

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
