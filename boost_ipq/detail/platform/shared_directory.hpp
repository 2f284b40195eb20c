// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_SHARED_DIRECTORY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_SHARED_DIRECTORY_HPP

// A directory that a program has chosen for shared memory that is files
// (macOS, Windows), by Boost's macros BOOST_INTERPROCESS_SHARED_DIR_PATH or
// BOOST_INTERPROCESS_SHARED_DIR_FUNC.

#include <boost_ipq/error.hpp>
#include <boost/interprocess/detail/shared_dir_helpers.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

inline std::string shared_directory()
{
    std::string result;
    try
    {
        boost::interprocess::ipcdetail::create_shared_dir_and_clean_old(result);
    }
    catch (const boost::interprocess::interprocess_exception&)
    {
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::no_such_file_or_directory),
            "Boost.Interprocess finds no directory for shared memory: define "
            "BOOST_INTERPROCESS_SHARED_DIR_PATH");
    }
    return result;
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
