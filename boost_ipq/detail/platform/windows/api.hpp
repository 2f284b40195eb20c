// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_API_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_API_HPP

// <windows.h> without its min and max macros, handles that close themselves,
// errors.
//
// Windows 8 or newer.

#if !defined(NOMINMAX)
#define NOMINMAX
#define BOOST_IPQ_DETAIL_NOMINMAX
#endif
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN // no <winsock.h>, which conflicts with Asio
#define BOOST_IPQ_DETAIL_LEAN
#endif
#include <windows.h>
#if defined(BOOST_IPQ_DETAIL_NOMINMAX)
#undef NOMINMAX
#undef BOOST_IPQ_DETAIL_NOMINMAX
#endif
#if defined(BOOST_IPQ_DETAIL_LEAN)
#undef WIN32_LEAN_AND_MEAN
#undef BOOST_IPQ_DETAIL_LEAN
#endif

#include <boost/system/error_code.hpp>

namespace boost_ipq {
namespace detail {
namespace platform {

class unique_handle
{
public:
    explicit unique_handle(HANDLE handle = nullptr) noexcept
        : m_handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle)
    {
    }

    unique_handle(const unique_handle&) = delete;
    unique_handle& operator=(const unique_handle&) = delete;

    ~unique_handle() { reset(); }

    void reset(HANDLE handle = nullptr) noexcept
    {
        if (m_handle)
            ::CloseHandle(m_handle);
        m_handle = handle == INVALID_HANDLE_VALUE ? nullptr : handle;
    }

    HANDLE get() const noexcept { return m_handle; }
    explicit operator bool() const noexcept { return m_handle != nullptr; }

private:
    HANDLE m_handle;
};

// Other processes may read, write, rename and remove the file while it is open.
constexpr DWORD share_all =
    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

inline boost::system::error_code last_error(bool succeeded) noexcept
{
    return succeeded ? boost::system::error_code()
                     : boost::system::error_code(
                           static_cast<int>(::GetLastError()),
                           boost::system::system_category());
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
