// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_OBJECT_DIRECTORY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_OBJECT_DIRECTORY_HPP

// The directory of the segments and lock files of queues in shared memory:
// boost_ipq in the directory that the system keeps for the local data of this
// user's programs.
//
// Boost keeps its own objects in %ProgramData%, in a directory that is named
// after the time or the number of the boot. Processes may see different ones:
// the time changes with the clock, and the number cannot be read everywhere.

#include <boost_ipq/detail/platform/windows/wide_path.hpp>
#include <boost_ipq/error.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <string>
#if defined(BOOST_INTERPROCESS_SHARED_DIR_PATH) ||                             \
    defined(BOOST_INTERPROCESS_SHARED_DIR_FUNC)
#include <boost_ipq/detail/platform/shared_directory.hpp>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

#if defined(BOOST_INTERPROCESS_SHARED_DIR_PATH) ||                             \
    defined(BOOST_INTERPROCESS_SHARED_DIR_FUNC)
inline std::string object_directory()
{
    return shared_directory();
}
#else
// Empty: there is no such variable.
inline std::wstring environment_variable(const wchar_t* name)
{
    std::wstring result;
    for (DWORD size = MAX_PATH;;)
    {
        result.resize(size);
        const DWORD length = ::GetEnvironmentVariableW(name, &result[0], size);
        result.resize((std::min)(length, size));
        if (length < size)
            return result;
        size = length;
    }
}

inline std::string object_directory()
{
    const std::wstring local = environment_variable(L"LOCALAPPDATA");
    if (local.empty())
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::no_such_file_or_directory),
            "the environment has no LOCALAPPDATA, the directory of this user's "
            "data, where queues are kept: set it, or give a directory()");
    const std::string result = narrowed(local) + "/boost_ipq";
    if (!::CreateDirectoryW(wide_path(result).c_str(), nullptr) &&
        ::GetLastError() != ERROR_ALREADY_EXISTS)
        throw_error(last_error(false), "creating " + result);
    return result;
}
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
