// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_WIDE_PATH_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_WIDE_PATH_HPP

// Paths are strings in UTF-8. The system's functions for narrow strings know
// only the characters of one code page, and paths of 260 characters.

#include <boost_ipq/detail/platform/windows/api.hpp>
#include <new>
#include <string>
#include <system_error>

namespace boost_ipq {
namespace detail {
namespace platform {

// A text that is not UTF-8 is one of the ANSI code page, as the arguments of
// main() are.
inline std::wstring widened(const std::string& text)
{
    const int size = static_cast<int>(text.size());
    UINT page = CP_UTF8;
    DWORD flags = MB_ERR_INVALID_CHARS;
    if (::MultiByteToWideChar(page, flags, text.data(), size, nullptr, 0) == 0)
    {
        page = CP_ACP;
        flags = 0;
    }
    std::wstring result(text.size(), L'\0');
    const int length =
        ::MultiByteToWideChar(page, flags, text.data(), size, &result[0], size);
    result.resize(static_cast<std::size_t>(length));
    return result;
}

// In UTF-8.
inline std::string narrowed(const std::wstring& text)
{
    const int size = static_cast<int>(text.size());
    const auto convert = [&](char* to, int room) {
        return ::WideCharToMultiByte(
            CP_UTF8, 0, text.data(), size, to, room, nullptr, nullptr);
    };
    std::string result(static_cast<std::size_t>(convert(nullptr, 0)), '\0');
    convert(&result[0], static_cast<int>(result.size()));
    return result;
}

// Throws: std::system_error.
inline std::wstring full_path(const std::wstring& path)
{
    std::wstring result(MAX_PATH, L'\0');
    for (;;)
    {
        const DWORD length = ::GetFullPathNameW(
            path.c_str(), static_cast<DWORD>(result.size()), &result[0],
            nullptr);
        if (length == 0)
            throw std::system_error(
                static_cast<int>(::GetLastError()), std::system_category(),
                narrowed(path));
        const bool fits = length < result.size();
        result.resize(length);
        if (fits)
            return result;
    }
}

inline std::string absolute_path(const std::string& path)
{
    return narrowed(full_path(widened(path)));
}

// A path for the system's functions. A long one needs a prefix, behind which
// the system takes it as it is: absolute, and with backslashes.
class wide_path
{
public:
    // If there is no memory, the path is one that the system refuses.
    explicit wide_path(const std::string& path) noexcept
    {
        try
        {
            m_text = widened(path);
            if (m_text.size() >= longest_plain)
                m_text = with_prefix(full_path(m_text));
        }
        catch (...)
        {
            m_text = L"?";
        }
    }

    const wchar_t* c_str() const noexcept { return m_text.c_str(); }

private:
    // Room for "\\*" and for a name of 8.3, which a directory must leave.
    static constexpr std::size_t longest_plain = MAX_PATH - 16;

    static std::wstring with_prefix(const std::wstring& path)
    {
        if (path.rfind(L"\\\\?\\", 0) == 0 || path.rfind(L"\\\\.\\", 0) == 0)
            return path;
        if (path.rfind(L"\\\\", 0) == 0)
            return L"\\\\?\\UNC" + path.substr(1);
        return L"\\\\?\\" + path;
    }

    std::wstring m_text{};
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
