// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_MEMORY_FILE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_MEMORY_FILE_HPP

// The file that holds a segment. It is opened once: the handle that is checked
// is the one that is mapped. Boost creates files by narrow paths only, so this
// creates them, too.

#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/wide_path.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// An object has its access control list from the beginning.
inline boost::interprocess::permissions
while_created(const boost::interprocess::permissions& wanted)
{
    return wanted;
}

// Has a limit of the user's disk space been reached?
inline bool is_quota(const boost::system::error_code& ec) noexcept
{
    constexpr int disk_quota_exceeded = 1295;
    return ec.category() == boost::system::system_category() &&
           ec.value() == disk_quota_exceeded;
}

// There is no limit for one file.
inline void
check_file_size(std::uint64_t, boost::system::error_code& ec) noexcept
{
    ec.clear();
}

class memory_file
{
public:
    using error_code = boost::system::error_code;

    static constexpr bool creates = true;

    // Creates a file of zeros, which must not exist.
    void create(
        const std::string& path, std::uint64_t size,
        const boost::interprocess::permissions& permissions,
        error_code& ec) noexcept
    {
        m_file.reset(::CreateFileW(
            wide_path(path).c_str(), GENERIC_READ | GENERIC_WRITE, share_all,
            static_cast<SECURITY_ATTRIBUTES*>(permissions.get_permissions()),
            CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
        ec = last_error(bool(m_file));
        if (ec)
            return;
        // Even if the user's SECURITY_ATTRIBUTES ask for inheritance.
        ::SetHandleInformation(m_file.get(), HANDLE_FLAG_INHERIT, 0);
        FILE_END_OF_FILE_INFO info;
        info.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
        ec = last_error(
            ::SetFileInformationByHandle(
                m_file.get(), FileEndOfFileInfo, &info, sizeof info) != FALSE);
        m_size = size;
        m_links = 1;
    }

    // Opens an existing regular file. A link is not followed.
    void open(const std::string& path, bool writable, error_code& ec) noexcept
    {
        m_file.reset(::CreateFileW(
            wide_path(path).c_str(),
            GENERIC_READ | (writable ? GENERIC_WRITE : 0), share_all, nullptr,
            OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
        BY_HANDLE_FILE_INFORMATION status;
        constexpr DWORD other =
            FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
        if (!m_file || (::GetFileType(m_file.get()) == FILE_TYPE_DISK &&
                        !::GetFileInformationByHandle(m_file.get(), &status)))
            ec = last_error(false);
        else if (
            ::GetFileType(m_file.get()) != FILE_TYPE_DISK ||
            (status.dwFileAttributes & other) != 0)
            ec = boost::system::errc::make_error_code(
                boost::system::errc::no_such_device_or_address);
        else
        {
            ec.clear();
            m_size =
                std::uint64_t(status.nFileSizeHigh) << 32 | status.nFileSizeLow;
            m_links = status.nNumberOfLinks;
        }
    }

    // In bytes, when it was opened or resized.
    std::uint64_t size() const noexcept { return m_size; }

    // Has it no second name? This process has created it, and its access
    // control list is that of the queue.
    bool is_own() const noexcept { return m_links == 1; }

    // Others may have opened it, see while_created().
    bool is_private(const std::string&) const noexcept { return false; }

    // For messages.
    std::string owner() const { return "a different user"; }

    // reserve_pages() has done it.
    void resize(std::uint64_t size, error_code& ec) noexcept
    {
        m_size = size;
        ec.clear();
    }

    HANDLE descriptor() const noexcept { return m_file.get(); }

    // For boost::interprocess::mapped_region.
    auto get_mapping_handle() const noexcept
    {
        auto result = boost::interprocess::file_mapping().get_mapping_handle();
        result.handle = m_file.get();
        return result;
    }

private:
    unique_handle m_file;
    std::uint64_t m_size = 0;
    DWORD m_links = 0;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
